"""Writing the agenda: from what is ready, with items of the secretary's own, in their order, until the meeting begins.

What was sent keeps its own copy (`calling`), so that a change afterwards is seen, and sent again.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reviews.models import AgendaItem
from reviews.permissions.meetings import why_not_prepare, why_not_run
from reviews.permissions.reasons import WrongState, require
from reviews.rules.agenda import ItemKind, ItemState, reordered
from reviews.rules.meeting_lifecycle import MeetingState
from reviews.selectors.meetings.ready import ready_for
from reviews.services.meetings.locking import Held, hold_item, hold_meeting

LONGEST = 1440


@transaction.atomic
def put_on_agenda(
    *, actor: User, meeting_id: int, now: datetime, keys: Collection[str] | None = None
) -> list[AgendaItem]:
    """Put what is ready on the agenda: all of it, or what has these keys; nothing stands there twice."""
    held = hold_meeting(actor, meeting_id, now)
    require(_why_not_write(held))
    new = [ready.item for ready in ready_for(held.meeting) if keys is None or ready.key in keys]
    if not new:
        raise Refused(_("Nothing of this is ready any more, or it stands on an agenda already."))
    place = _next_place(held)
    for offset, item in enumerate(new):
        item.place, item.added_at = place + offset, now
        item.save()
    trail.record(
        "agenda.filled", obj=held.meeting, actor=actor, now=now, also=new,
        data={"items": [{"kind": item.kind, "review": item.review_id} for item in new]},
    )  # fmt: skip
    return new


def _why_not_write(held: Held) -> str | None:
    """Items are added while the meeting runs, too; everything else of the agenda stands from its beginning."""
    if held.meeting.state == MeetingState.RUNNING:
        return why_not_run(held.standing, held.meeting)
    return why_not_prepare(held.standing, held.meeting)


def _next_place(held: Held) -> int:
    return max((item.place for item in held.items), default=0) + 1


@transaction.atomic
def add_item(*, actor: User, meeting_id: int, title: str, note: str, takes: int, now: datetime) -> AgendaItem:
    """Add an item of one's own, with its planned minutes."""
    held = hold_meeting(actor, meeting_id, now)
    require(_why_not_write(held))
    _check(title, takes)
    item = AgendaItem.objects.create(
        meeting=held.meeting, place=_next_place(held), kind=ItemKind.OTHER, title=title.strip(), note=note.strip(),
        takes=takes, added_by=actor, added_at=now,
    )  # fmt: skip
    trail.record("agenda.item_added", obj=item, actor=actor, now=now, data={"takes": takes})
    return item


def _check(title: str, takes: int) -> None:
    if not title.strip():
        raise Refused(_("Give the item a title."))
    if not 0 <= takes <= LONGEST:
        raise Refused(_("Planned minutes lie between 0 and {most}.").format(most=LONGEST))


@transaction.atomic
def change_item(
    *, actor: User, item_id: int, note: str, takes: int, now: datetime, title: str = ""
) -> AgendaItem:
    """Change planned minutes and note of an item; of one's own items the title, too."""
    _held, item = _item_to_prepare(actor, item_id, now)
    own = item.kind == ItemKind.OTHER
    _check(title if own else "-", takes)
    before = {"takes": item.takes, "note": item.note, "title": item.title}
    item.takes, item.note = takes, note.strip()
    if own:
        item.title = title.strip()
    changes = {
        name: {"old": old, "new": getattr(item, name)}
        for name, old in before.items()
        if old != getattr(item, name)
    }
    if not changes:
        return item
    item.save(update_fields=["takes", "note", "title"])
    trail.record("agenda.item_changed", obj=item, actor=actor, now=now, data=changes)
    return item


def _item_to_prepare(actor: User, item_id: int, now: datetime) -> tuple[Held, AgendaItem]:
    held, item = hold_item(actor, item_id, now)
    require(_why_not_write(held))
    if item.state != ItemState.WAITING:
        require(WrongState(_("This item was dealt with already.")))
    return held, item


@transaction.atomic
def move_item(*, actor: User, item_id: int, by: int, now: datetime) -> list[AgendaItem]:
    """Move an item so many places later, or earlier if negative; only items that are still to come change places."""
    held, item = _item_to_prepare(actor, item_id, now)
    waiting = [each for each in held.items if each.state == ItemState.WAITING]
    places = [each.place for each in waiting]
    by_key = {each.pk: each for each in waiting}
    moved = []
    for place, key in zip(
        _rising(places), reordered([each.pk for each in waiting], item.pk, by), strict=True
    ):
        each = by_key[key]
        if each.place != place:
            each.place = place
            each.save(update_fields=["place"])
            moved.append(each)
    if moved:
        trail.record("agenda.reordered", obj=item, actor=actor, now=now, also=moved, data={"by": by})
    return moved


def _rising(places: list[int]) -> list[int]:
    """Return the places in rising order, each once, so that a move is seen also where two shared one."""
    rising: list[int] = []
    for place in sorted(places):
        rising.append(max(place, rising[-1] + 1 if rising else 0))
    return rising


@transaction.atomic
def remove_item(*, actor: User, item_id: int, why: str, now: datetime) -> AgendaItem:
    """Take an item off the agenda; its row stays, and what was sent keeps its copy."""
    _held, item = _item_to_prepare(actor, item_id, now)
    item.state, item.why = ItemState.REMOVED.value, why.strip()
    item.save(update_fields=["state", "why"])
    trail.record("agenda.item_removed", obj=item, actor=actor, now=now, reason=item.why)
    return item
