"""Moving a day off to a working day, by the public holidays of a country as the library `holidays` knows them."""

from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from importlib.metadata import version

import holidays

MOST = 31
"""No country is closed for longer; a day that finds no working day within so many stays as it is."""


class Shift(StrEnum):
    """What becomes of a date that falls on a day off."""

    NONE = ""
    LATER = "later"
    EARLIER = "earlier"


def source() -> str:
    """Return by which edition of the holidays days are told; another one may move dates that were worked out by it."""
    return f"holidays {version('holidays')}"


@lru_cache(maxsize=64)
def _of_country(country: str) -> holidays.HolidayBase:
    return holidays.country_holidays(country)


def is_working_day(day: date, country: str = "") -> bool:
    """Say whether people work on a day; without a country Saturday and Sunday are off.

    A weekend that a government makes a working day in exchange for a holiday, as China does, is one.
    """
    return bool(_of_country(country).is_working_day(day)) if country else day.weekday() < 5


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
