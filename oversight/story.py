"""The story of one object in the log: its events and those of what belongs to it, each linked to the one before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q
from django.http import Http404

from audit.differences import Change, changes_of
from audit.models import Event
from audit.selectors import Cursor, page
from audit.telling import Row, Told, tell
from oversight import objects
from oversight.permissions import Sight

SIZE = 40
BEHIND = 120  # events before the page, in which earlier values are looked for


class Follows(StrEnum):
    """What an event's link to its object's event before it leads to."""

    FIRST = "first"
    LINKED = "linked"
    BROKEN = "broken"
    UNSEEN = "unseen"


class Fields(StrEnum):
    """What became of the object's tracked fields, by the digests of an event and the one before it."""

    UNTOLD = ""
    CHANGED = "changed"
    SAME = "same"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Gap:
    """Revisions between two events that aren't there: out of sight, or, where `is_missing`, nowhere in the log."""

    first: int
    last: int
    is_missing: bool


@dataclass(frozen=True, slots=True)
class Chapter:
    """An event of the story. Revision, link and state are told of the object's own events only.

    `gap` lies between it and the object's event before it; `is_twin`: another event has the same revision, because two
    acts at the same moment followed the same one.
    """

    told: Told
    thing: str
    changes: tuple[Change, ...]
    rest: tuple[Row, ...]
    is_own: bool
    rev: int = 0
    follows: Follows = Follows.UNSEEN
    before: int | None = None
    fields: Fields = Fields.UNTOLD
    gap: Gap | None = None
    is_twin: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """A page of the story of an object, the newest event first. `root`: type, id and name of what it is part of."""

    label: str
    key: str
    name: str
    reference: str
    root: tuple[str, str, str] | None
    chapters: list[Chapter]
    newer: str
    older: str


def story(
    sight: Sight, label: str, key: str, *, before: str = "", after: str = "", size: int | None = None
) -> Story:
    """Return a page of the object's story as far as it is in sight; raises Http404 when nothing of it is."""
    about = sight.events().filter(Q(object_type=label, object_id=key) | Q(root_type=label, root_id=key))
    part = page(about, before=Cursor.parse(before), after=Cursor.parse(after), size=size or SIZE)
    if not part.events:
        raise Http404
    last = part.events[-1]
    earlier = Q(occurred_at__lt=last.occurred_at) | Q(occurred_at=last.occurred_at, pk__lt=last.pk)
    behind = about.filter(earlier).order_by("-occurred_at", "-id")[:BEHIND] if part.older else []
    told = tell([*part.events, *behind])
    shown, older = told[: len(part.events)], told[len(part.events) :]
    return Story(
        label=label, key=key, name=objects.kind_of(label), reference=_reference(shown, label, key),
        root=_root(shown, label, key), chapters=_chapters(shown, older, (label, key)),
        newer=f"?after={part.newer}" if part.newer else "", older=f"?before={part.older}" if part.older else "",
    )  # fmt: skip


def unfold(event: Told, changed: Iterable[Change]) -> tuple[Row, ...]:
    """Return what an event says besides what it changed."""
    paths = {change.path for change in changed}
    return tuple(row for row in event.rows if row.path not in paths)


def _chapters(shown: Sequence[Told], older: Sequence[Told], about: tuple[str, str]) -> list[Chapter]:
    changes = changes_of(shown, older)
    own = sorted(
        (event for event in [*shown, *older] if _is(event, *about)),
        key=lambda event: (event.leaf["rev"], event.id),
    )
    links = _links(own, about)
    chapters = []
    for event in shown:
        rest, thing = unfold(event, changes[event.id]), objects.name_of(event)
        if _is(event, *about):
            chapters.append(links[event.id].chapter(event, thing, changes[event.id], rest))
        else:
            chapters.append(Chapter(event, thing, changes[event.id], rest, is_own=False))
    return chapters


@dataclass(slots=True)
class _Link:
    follows: Follows
    before: int | None
    fields: Fields
    gap: Gap | None
    is_twin: bool

    def chapter(self, event: Told, thing: str, changes: tuple[Change, ...], rest: tuple[Row, ...]) -> Chapter:
        return Chapter(
            event, thing, changes, rest, is_own=True, rev=event.leaf["rev"], follows=self.follows, before=self.before,
            fields=self.fields, gap=self.gap, is_twin=self.is_twin,
        )  # fmt: skip


def _links(own: Sequence[Told], about: tuple[str, str]) -> dict[int, _Link]:
    """Return how each of the object's own events follows the one before; given by revision, the lowest first."""
    revisions = [event.leaf["rev"] for event in own]
    by_hash = {event.hash: event for event in own}
    gaps = _gaps(own, about)
    links = {}
    for at, event in enumerate(own):
        before = by_hash.get(event.leaf["prev"] or "")
        previous = next(
            (other for other in reversed(own[:at]) if other.leaf["rev"] < event.leaf["rev"]), None
        )
        links[event.id] = _Link(
            _follows(event, before, revisions), before.id if before else None,
            _fields(event, before or previous, about), gaps.get(event.id),
            revisions.count(event.leaf["rev"]) > 1,
        )  # fmt: skip
    return links


def _follows(event: Told, before: Told | None, revisions: Sequence[int]) -> Follows:
    rev = event.leaf["rev"]
    if event.leaf["prev"] is None:
        return Follows.FIRST if rev == 1 else Follows.BROKEN
    if before is not None:
        return Follows.LINKED if before.leaf["rev"] == rev - 1 else Follows.BROKEN
    return Follows.BROKEN if rev - 1 in revisions else Follows.UNSEEN


def _fields(event: Told, before: Told | None, about: tuple[str, str]) -> Fields:
    if event.leaf.get("states", {}).get(about[0], {}).get(about[1], "") is None:
        return Fields.GONE
    if not event.leaf["state"]:
        return Fields.UNTOLD
    if before is None or not before.leaf["state"]:
        return Fields.CHANGED
    mine, its = event.disclosed.get("state"), before.disclosed.get("state")
    same = mine == its if mine and its else event.leaf["state"] == before.leaf["state"]
    return Fields.SAME if same else Fields.CHANGED


def _gaps(own: Sequence[Told], about: tuple[str, str]) -> dict[int, Gap]:
    """Return the gaps in the revisions, each by the event after it; one query when there is one."""
    found: list[tuple[Told, int, int, int]] = []
    for at, event in enumerate(own):
        before, rev = own[at - 1] if at else None, event.leaf["rev"]
        last = before.leaf["rev"] if before else 0
        if rev - last > 1:
            found.append((event, last + 1, rev - 1, before.id if before else 0))
    if not found:
        return {}
    every = Event.objects.filter(
        object_type=about[0], object_id=about[1], pk__lt=max(gap[0].id for gap in found)
    )
    numbers = list(every.filter(pk__gt=min(gap[3] for gap in found)).values_list("pk", flat=True))
    seen = {event.id for event in own}
    gaps = {}
    for event, first, last, after in found:
        hidden = sum(after < number < event.id and number not in seen for number in numbers)
        gaps[event.id] = Gap(first, last, is_missing=hidden < last - first + 1)
    return gaps


def _is(event: Told, label: str, key: str) -> bool:
    return (event.object_type, event.object_id) == (label, key)


def _reference(shown: Sequence[Told], label: str, key: str) -> str:
    return objects.references(shown).get(key, "") if label == objects.REQUEST else ""


def _root(shown: Sequence[Told], label: str, key: str) -> tuple[str, str, str] | None:
    """Return type, id and name of what the object is part of."""
    for event in shown:
        root: Mapping[str, str] = event.leaf["place"]["root"]
        if _is(event, label, key) and (root["type"], root["id"]) != (label, key):
            reference = (
                objects.references([event]).get(root["id"], "") if root["type"] == objects.REQUEST else ""
            )
            return root["type"], root["id"], reference or objects.thing(root["type"], root["id"])
    return None
