"""One event: what it says and changed, where it stands in the log, and which of its personal values are still there."""

from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404

from audit import words
from audit.differences import Change, changes
from audit.models import Event
from audit.telling import Row, Told, erased_text, tell
from oversight import objects
from oversight.permissions import Sight
from oversight.proofs import Proof, proof_of
from oversight.story import unfold

BEHIND = 60  # earlier events of the object, in which its former values are looked for


@dataclass(frozen=True, slots=True)
class Personal:
    """A personal value behind a commitment: its path in words, the value or when it was erased, the commitment."""

    label: str
    text: str
    commitment: str
    is_erased: bool


@dataclass(frozen=True, slots=True)
class EventPage:
    """What the page of an event shows. `before` and `after`: the object's events beside it, as far as in sight."""

    told: Told
    thing: str
    reference: str
    changes: tuple[Change, ...]
    rest: tuple[Row, ...]
    personal: tuple[Personal, ...]
    proof: Proof
    before: int | None
    after: int | None


def event_page(sight: Sight, event_id: int) -> EventPage:
    """Return the event, or raise Http404 when it isn't in sight."""
    later = sight.events().filter(object_type=OuterRef("object_type"), object_id=OuterRef("object_id"))
    after = later.filter(pk__gt=OuterRef("pk")).order_by("pk").values("pk")[:1]
    found = sight.events().filter(pk=event_id).select_related("entry")
    event = found.annotate(after=Subquery(after)).first()
    if event is None:
        raise Http404
    told, *earlier = tell([event, *earlier_events(sight, event)])
    changed = changes(told, earlier)
    root = told.leaf["place"]["root"]
    return EventPage(
        told=told, thing=objects.name_of(told), changes=changed, rest=unfold(told, changed),
        reference=objects.references([told]).get(root["id"], "") if root["type"] == objects.REQUEST else "",
        personal=tuple(_personal(told)), proof=proof_of(place_of(event), told.hash, event.occurred_at),
        before=earlier[0].id if earlier else None, after=event.after,
    )  # fmt: skip


def place_of(event: Event) -> int | None:
    """Return the event's place in the log, None while it waits; asks nothing where its entry was loaded with it."""
    entry = getattr(event, "entry", None)
    return entry.leaf_index if entry else None


def earlier_events(sight: Sight, event: Event) -> list[Event]:
    """Return the object's events before this one, the newest first; not all of a long story."""
    return list(_beside(sight, event).filter(pk__lt=event.pk).order_by("-pk")[:BEHIND])


def _beside(sight: Sight, event: Event) -> QuerySet[Event]:
    return sight.events().filter(object_type=event.object_type, object_id=event.object_id)


def _personal(told: Told) -> list[Personal]:
    """Return every commitment of the leaf, also those to the tracked fields of people."""
    promised = dict(told.leaf["personal"])
    if "state" in told.disclosed:
        promised["state"] = told.leaf["state"]
    return [
        Personal(
            words.word(path), told.disclosed.get(path, "") or erased_text(told.erased.get(path)), commitment,
            is_erased=path not in told.disclosed,
        )
        for path, commitment in promised.items()
    ]  # fmt: skip
