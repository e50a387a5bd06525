"""Reading the trail: the story of an object, and pages of the log under filters."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import CharField, F, Model, Q, QuerySet
from django.db.models.functions import Cast

from audit import scope, verbs
from audit.models import Event
from audit.telling import Told, tell

NEWEST_FIRST = ("-occurred_at", "-id")
_MOMENT = "%Y%m%dT%H%M%S%fZ"


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the log is asked for; empty fields ask for nothing. `until` is the first moment that is left out.

    `verb` ending with a full stop asks for its whole family: "ballot." for everything that happens to ballots.
    """

    object_type: str = ""
    object_id: str = ""
    root: tuple[str, str] | None = None
    actors: tuple[str, ...] | None = None
    verb: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the log, newest first: the event that a page begins after."""

    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{self.at.astimezone(UTC).strftime(_MOMENT)}-{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """Return the cursor of an address, or None when it is none."""
        moment, _dash, number = text.partition("-")
        key = whole_number(number)
        try:
            return None if key is None else cls(datetime.strptime(moment, _MOMENT).replace(tzinfo=UTC), key)
        except ValueError:
            return None


def whole_number(text: str, *, digits: int = 18) -> int | None:
    """Return the whole number that somebody sent, None when it is none or has more digits than a number here has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


@dataclass(frozen=True, slots=True)
class Page:
    """Events newest first; the cursors lead to the neighbours, None where there is nothing more."""

    events: list[Event]
    newer: Cursor | None
    older: Cursor | None


def timeline(obj: Model, *, limit: int = 200) -> list[Told]:
    """Return the newest events of the object and of everything whose root it is, newest first."""
    label, key = obj._meta.label_lower, str(obj.pk)
    own = Q(root_type=label, root_id=key)
    if _has_other_root(obj):
        own = Q(object_type=label, object_id=key)
    return tell(Event.objects.filter(own).order_by(*NEWEST_FIRST)[:limit])


def events(asked: Filter) -> QuerySet[Event]:
    """Return the events that fit the filter, in no order."""
    found = Event.objects.all()
    if asked.object_type:
        found = found.filter(object_type=asked.object_type)
    if asked.object_id:
        found = found.filter(object_id=asked.object_id)
    if asked.root:
        found = found.filter(root_type=asked.root[0], root_id=asked.root[1])
    if asked.actors is not None:
        found = found.filter(actor__in=asked.actors)
    if asked.verb:
        found = found.filter(verb__in=_verbs(asked.verb))
    if asked.since:
        found = found.filter(occurred_at__gte=asked.since)
    if asked.until:
        found = found.filter(occurred_at__lt=asked.until)
    return found


def _verbs(asked: str) -> list[str]:
    if not asked.endswith("."):
        return [asked]
    return [verb.name for verb in verbs.known() if verb.name.startswith(asked)]


def page(
    found: QuerySet[Event], *, before: Cursor | None = None, after: Cursor | None = None, size: int = 50
) -> Page:
    """Return a page of events older than `before`, or newer than `after`, or the newest; one query."""
    if after is not None:
        newer = Q(occurred_at__gt=after.at) | Q(occurred_at=after.at, id__gt=after.id)
        some = list(found.filter(newer).order_by("occurred_at", "id")[: size + 1])
        listed = some[:size][::-1]
        return _page(listed, has_newer=len(some) > size, has_older=bool(listed))
    if before is not None:
        found = found.filter(Q(occurred_at__lt=before.at) | Q(occurred_at=before.at, id__lt=before.id))
    some = list(found.order_by(*NEWEST_FIRST)[: size + 1])
    return _page(some[:size], has_newer=before is not None, has_older=len(some) > size)


def within(*, projects: Collection[int], boards: Collection[int]) -> Q:
    """Return the condition for events that belong to one of the projects or boards, or to a root they share."""
    inside = Q(project__in=[str(key) for key in projects]) if projects else Q(pk__in=[])
    if boards:
        inside |= Q(board__in=[str(key) for key in boards])
        for label, roots in scope.shared().items():
            inside |= Q(board="", root_type=label, root_id__in=_as_text(roots(boards)))
    return inside


def _has_other_root(obj: Model) -> bool:
    root = scope.place_of(obj).root
    return root is not None and root != (obj._meta.label_lower, obj.pk)


def _page(listed: list[Event], *, has_newer: bool, has_older: bool) -> Page:
    ends = [Cursor(event.occurred_at, event.pk) for event in (listed[:1] + listed[-1:])]
    return Page(
        listed,
        newer=ends[0] if ends and has_newer else None,
        older=ends[-1] if ends and has_older else None,
    )


def _as_text(roots: "QuerySet[Any, Any] | Iterable[int]") -> "QuerySet[Any, Any] | list[str]":
    """Return ids as the log has them; of a queryset its first value, or its primary key."""
    if not isinstance(roots, QuerySet):
        return [str(key) for key in roots]
    name = (roots.query.values_select or ("pk",))[0]
    texts: QuerySet[Any, Any] = roots.order_by().annotate(as_text=Cast(F(name), CharField(max_length=64)))
    return texts.values("as_text")
