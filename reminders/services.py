"""What a person does with their inbox: open a message, mark it, mark all."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit.trail import record
from reminders.models import Message
from reminders.permissions import own_message, visible_to


def mark_read(*, actor: User, message_id: int, now: datetime) -> Message:
    """Mark the message as read; a second time changes nothing. Raises Http404 for a message of somebody else."""
    with transaction.atomic():
        message = own_message(actor, message_id)
        if message.read_at is None:
            message.read_at = now
            message.save(update_fields=["read_at"])
            record("message.read", obj=message, actor=actor, now=now, data={"kind": message.kind})
        return message


def mark_all_read(*, actor: User, now: datetime) -> int:
    """Mark every new message of the person as read; return how many there were."""
    with transaction.atomic():
        count = visible_to(actor).filter(read_at__isnull=True).update(read_at=now)
        if count:
            record("inbox.read", obj=actor, actor=actor, now=now, data={"count": count})
        return count
