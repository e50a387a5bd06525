"""Moving a date that falls on a day off to a working day."""

from datetime import date, timedelta
from enum import StrEnum

from reminders.rules.working_days import edition, is_working_day

MOST = 31
"""No country is closed for longer; a day that finds no working day within so many stays as it is."""


class Shift(StrEnum):
    """What becomes of a date that falls on a day off."""

    NONE = ""
    LATER = "later"
    EARLIER = "earlier"


def source() -> str:
    """Return by which edition of the holidays days are told; another one may move dates that were worked out by it."""
    return edition()


def shifted(day: date, shift: Shift, country: str = "") -> date:
    """Return the day itself, or the next or last working day before it where it is off."""
    if shift is Shift.NONE:
        return day
    step = timedelta(days=1 if shift is Shift.LATER else -1)
    found = day
    for _tried in range(MOST):
        if is_working_day(found, country):
            return found
        found += step
    return day
