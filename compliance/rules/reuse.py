"""Whether evidence that was handed in before still shows anything: warned of, never forbidden."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from compliance.rules.recurrence import Series, next_after


class Stale(StrEnum):
    """Why a file may show nothing any more."""

    EXPIRED = "expired"
    OLDER_THAN_PERIOD = "older_than_period"


def period_of(series: Series, scheduled_for: datetime) -> timedelta | None:
    """Return the time from this date of a schedule to the next one; None when it never comes back."""
    following = next_after(replace(series, ends=None), scheduled_for)
    return following - scheduled_for if following else None


def why_stale(
    effective_on: date, expires_on: date | None, *, today: date, period: timedelta | None
) -> tuple[Stale, ...]:
    """Say why the file is stale: its last day is over, or the day it is about lies before the last run.

    A file about the day of the last run is a period old exactly, and not stale yet.
    """
    found = []
    if expires_on is not None and expires_on < today:
        found.append(Stale.EXPIRED)
    if period is not None and today - effective_on > timedelta(days=-(-period // timedelta(days=1))):
        found.append(Stale.OLDER_THAN_PERIOD)
    return tuple(found)
