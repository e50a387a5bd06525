"""Whose inbox it is: everybody reads their own, and nobody another's."""

from django.db.models import QuerySet
from django.http import Http404

from accounts.models import User
from reminders.models import Message


def visible_to(user: User) -> QuerySet[Message]:
    """Return the person's own messages."""
    return Message.objects.filter(person=user)


def own_message(user: User, message_id: int) -> Message:
    """Return the message, locked for a change; raises Http404 when it isn't the person's own."""
    message = visible_to(user).select_for_update().filter(pk=message_id).first()
    if message is None:
        raise Http404
    return message
