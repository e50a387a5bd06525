"""When a date that was set may be moved: never into the past, and a ballot's only away from us."""

from datetime import date, datetime, timedelta
from enum import StrEnum

FARTHEST = timedelta(days=5 * 365)
"""Nothing is put off for longer, or it would be put off for good."""


class DeadlineKind(StrEnum):
    """Whose date it is."""

    REVIEW = "review"
    QUESTION = "question"
    BALLOT = "ballot"
    CONDITION = "condition"


class NotMovable(StrEnum):
    """Why the date may not be moved to where somebody wishes it."""

    NOT_AHEAD = "not_ahead"
    TOO_FAR = "too_far"
    SAME = "same"
    ONLY_LATER = "only_later"
    BEYOND_THE_HELD_BALLOT = "beyond_the_held_ballot"


def why_not_on(day: date, today: date) -> NotMovable | None:
    """Return why no date may be moved to this day, wherever the board sits, or None."""
    if day < today - timedelta(days=1):
        return NotMovable.NOT_AHEAD
    return NotMovable.TOO_FAR if day > today + FARTHEST else None


def why_not_move_to(
    kind: DeadlineKind, old: datetime, new: datetime, *, now: datetime, at_most: datetime | None = None
) -> NotMovable | None:
    """Return why the date may not become the new one, or None.

    People count on the days that a ballot gives them, so it only ever gets longer. `at_most`: the end of the ballot
    that a ballot to override is about; it doesn't outlive it.
    """
    if new <= now:
        return NotMovable.NOT_AHEAD
    if new == old:
        return NotMovable.SAME
    if kind == DeadlineKind.BALLOT and new < old:
        return NotMovable.ONLY_LATER
    if kind == DeadlineKind.BALLOT and at_most is not None and new > at_most:
        return NotMovable.BEYOND_THE_HELD_BALLOT
    return None
