"""What stands on an agenda: which items are ready, in which order, and when each begins."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from reviews.rules.review_lifecycle import ReviewState


class ItemKind(StrEnum):
    """What an item is about; REVIEW and RATIFY have a board's review, RATIFY a suspension to ratify."""

    MINUTES = "minutes"
    RATIFY = "ratify"
    REVIEW = "review"
    CONDITION = "condition"
    OTHER = "other"


class ItemState(StrEnum):
    """Where an item stands. CARRIED: not finished, it goes to the next meeting; REMOVED: taken off the agenda."""

    WAITING = "waiting"
    OPEN = "open"
    DONE = "done"
    TABLED = "tabled"
    CARRIED = "carried"
    REMOVED = "removed"


class Asked(StrEnum):
    """What an item asks of the board."""

    APPROVE_MINUTES = "approve_minutes"
    RATIFY = "ratify"
    GO_ON = "go_on"
    COMES_BACK = "comes_back"
    VOTE = "vote"
    DELIBERATE = "deliberate"
    FIRST_READING = "first_reading"
    OVERDUE_CONDITION = "overdue_condition"
    OTHER = "other"


ORDER = tuple(Asked)
"""In which order items are proposed: what has a date by which it lapses first, what others wait for next."""

TAKES: dict[Asked, int] = {
    Asked.APPROVE_MINUTES: 10,
    Asked.RATIFY: 15,
    Asked.GO_ON: 15,
    Asked.COMES_BACK: 20,
    Asked.VOTE: 20,
    Asked.DELIBERATE: 30,
    Asked.FIRST_READING: 20,
    Asked.OVERDUE_CONDITION: 10,
    Asked.OTHER: 10,
}
"""Planned minutes of a proposed item (P); the secretary changes them."""

TO_DO = frozenset({ItemState.WAITING, ItemState.OPEN, ItemState.TABLED})
"""An item that was not finished in the meeting so far."""


def asked_of(
    state: ReviewState, *, has_motion: bool, return_on: datetime | None, meets_at: datetime
) -> Asked | None:
    """Return what a board's review asks of a meeting, or None when it isn't ready for it.

    `has_motion`: a seconded motion about the present revision waits for a ballot. A review with open questions waits
    for the requester, a deferred one for its day, one in a ballot by circulation for the votes.
    """
    if state == ReviewState.TABLED:
        return Asked.GO_ON
    if state == ReviewState.DEFERRED:
        return Asked.COMES_BACK if return_on is not None and return_on <= meets_at else None
    if state == ReviewState.DELIBERATING:
        return Asked.VOTE if has_motion else Asked.DELIBERATE
    if state in (ReviewState.ASSIGNED, ReviewState.READING):
        return Asked.FIRST_READING
    return None


@dataclass(frozen=True, slots=True)
class Planned:
    """An item for the computing of times: planned minutes, and when it was taken up and finished."""

    takes: int
    opened_at: datetime | None = None
    finished_at: datetime | None = None


def times_of(starts: datetime, items: Sequence[Planned], now: datetime | None = None) -> list[datetime]:
    """Return when each item begins: those taken up when they were, the others one after the other.

    `now`: the moment of a running meeting, so that what is late moves what comes after it.
    """
    times, reached = [], starts
    for item in items:
        begins = item.opened_at or (reached if now is None else max(reached, now))
        times.append(begins)
        ends = item.finished_at or begins + timedelta(minutes=item.takes)
        reached = max(reached, ends)
    return times


def minutes_over(starts: datetime, ends: datetime, items: Iterable[Planned]) -> int:
    """Return by how many minutes the items take longer than the meeting; 0 when they fit."""
    planned = sum(item.takes for item in items)
    return max(0, planned - int((ends - starts).total_seconds() // 60))


def reordered(order: Sequence[int], item: int, by: int) -> list[int]:
    """Return the items (ids) with one moved so many places later, or earlier if negative; ends at the ends."""
    rest = [other for other in order if other != item]
    place = min(max(list(order).index(item) + by, 0), len(rest))
    return [*rest[:place], item, *rest[place:]]
