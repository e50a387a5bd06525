"""Reads of the inbox: a part of it, and how much is new."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import BigIntegerField, CharField, Count, Q, Value

from accounts.models import User
from accounts.roles import keep_roles, roles_are_known
from reminders.models import Message
from reminders.permissions import visible_to

PART = 25
CAP = 99


@dataclass(frozen=True, slots=True)
class Part:
    """Some messages, newest first, and the key from which older ones follow ("" when there are none)."""

    messages: list[Message]
    older: str


def inbox_part(user: User, *, only_new: bool, before: str = "") -> Part:
    """Return the part of the inbox that begins after the key `before`; an unreadable key begins at the top."""
    rows = visible_to(user).order_by("-created_at", "-id")
    if only_new:
        rows = rows.filter(read_at__isnull=True)
    key = _parse(before)
    if key is not None:
        created_at, pk = key
        rows = rows.filter(Q(created_at__lt=created_at) | Q(created_at=created_at, pk__lt=pk))
    found = list(rows[: PART + 1])
    shown = found[:PART]
    return Part(shown, _key(shown[-1]) if len(found) > PART else "")


def _key(message: Message) -> str:
    return f"{message.created_at.isoformat()}~{message.pk}"


def _parse(key: str) -> tuple[datetime, int] | None:
    moment, _, pk = key.partition("~")
    try:
        created_at = datetime.fromisoformat(moment)
        return (created_at, int(pk)) if created_at.tzinfo is not None else None
    except ValueError:
        return None


def unread_count(user: User) -> str:
    """Return how many messages are new, as the header shows it: "", "7", or "99+"; one query, capped.

    It reads the person's roles along, where nothing on the page has asked for them yet.
    """
    if roles_are_known(user):
        return _shown(visible_to(user).filter(read_at__isnull=True).order_by()[: CAP + 1].count())
    new = Message.objects.filter(
        pk__in=visible_to(user).filter(read_at__isnull=True).order_by()[: CAP + 1].values("pk")
    )
    counted = new.order_by().values(role=Value("", CharField())).annotate(count=Count("pk"))
    names = user.groups.order_by().annotate(count=Value(0, BigIntegerField()))
    rows = list(names.values_list("name", "count").union(counted.values_list("role", "count"), all=True))
    keep_roles(user, (name for name, _count in rows if name))
    return _shown(sum(count for _name, count in rows))


def _shown(count: int) -> str:
    return "" if not count else f"{CAP}+" if count > CAP else str(count)
