"""The inbox of the person for whom the token acts."""

from datetime import datetime
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Field, Query

from accounts.api.fields import Address, Id, Out
from accounts.api.pages import PageOut, PageQuery, list_page
from accounts.api.rooms import Room
from accounts.api.visit import who
from accounts.rules.scopes import Scope
from reminders.models import Message
from reminders.permissions import visible_to
from reminders.services import mark_all_read, mark_read

room = Room("My work")


class MessageLineOut(Out):
    """A line of the inbox."""

    id: int = Field(examples=[51])
    kind: str = Field(examples=["question.asked"])
    subject: str = Field(examples=["The ethics board asks about your dossier"])
    created_at: datetime
    read_at: datetime | None
    address: Address


class AllReadOut(Out):
    """How many messages were new."""

    count: int = Field(examples=[3])


class InboxQuery(PageQuery):
    """What of the inbox is asked for."""

    new: Annotated[bool, Field(description="Only what wasn't read yet.")] = False


def _message(message: Message) -> MessageLineOut:
    return MessageLineOut(
        id=message.pk, kind=message.kind, subject=message.subject, created_at=message.created_at,
        read_at=message.read_at, address=f"{settings.BASE_URL}{message.url}",
    )  # fmt: skip


@room.get("/inbox", PageOut[MessageLineOut], Scope.REQUESTS_READ)
def list_messages(request: HttpRequest, asked: Query[InboxQuery]) -> dict[str, Any]:
    """List the messages of the person's inbox, newest first."""
    user, _now = who(request)
    rows = visible_to(user)
    if asked.new:
        rows = rows.filter(read_at__isnull=True)
    return list_page(request, rows, asked, _message, by="-created_at")


@room.post("/inbox/{message_id}/reading", MessageLineOut, Scope.REQUESTS_WRITE, takes=None)
def read_message(request: HttpRequest, message_id: Id) -> MessageLineOut:
    """Mark a message as read."""
    user, now = who(request)
    return _message(mark_read(actor=user, message_id=message_id, now=now))


@room.post("/inbox/reading", AllReadOut, Scope.REQUESTS_WRITE, takes=None)
def read_all_messages(request: HttpRequest) -> AllReadOut:
    """Mark every new message as read."""
    user, now = who(request)
    return AllReadOut(count=mark_all_read(actor=user, now=now))
