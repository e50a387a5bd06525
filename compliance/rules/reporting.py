"""The report for a period: which days it covers, and how what was due in it was done."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from compliance.rules.lifecycle import AssessmentState

LONGEST = timedelta(days=366 * 3)


class Outcome(StrEnum):
    """How a run that was due in the period was done; WAITING is in review, or its day hasn't passed."""

    IN_TIME = "in_time"
    LATE = "late"
    MISSED = "missed"
    WAITING = "waiting"


class PeriodFault(StrEnum):
    """Why no report can be made for these days."""

    TURNED = "turned"
    AHEAD = "ahead"
    LONG = "long"


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, both included."""

    since: date
    until: date


def fault_of(period: Period, today: date) -> PeriodFault | None:
    """Return why there is no report for the period, or None: it has to be over or run today, and last three years."""
    if period.until < period.since:
        return PeriodFault.TURNED
    if period.until > today:
        return PeriodFault.AHEAD
    return PeriodFault.LONG if period.until - period.since > LONGEST else None


def last_months(count: int, today: date) -> Period:
    """Return the last whole stretch of `count` months that is over: a quarter (3), half-year (6) or year (12).

    Stretches begin with January: a quarter with January, April, July or October.
    """
    begun = (today.month - 1) // count * count + 1
    end = date(today.year, begun, 1) - timedelta(days=1)
    start = end.month - count + 1
    return Period(date(end.year, start, 1), end)


def months_of(period: Period) -> list[Period]:
    """Return the months that the period touches, each cut to it."""
    found, first = [], period.since
    while first <= period.until:
        last = first.replace(day=monthrange(first.year, first.month)[1])
        found.append(Period(first, min(last, period.until)))
        first = last + timedelta(days=1)
    return found


def outcome_of(state: str, due: datetime, submitted_at: datetime | None, now: datetime) -> Outcome:
    """Return how a run was done, as it stands now: what counts is when its reviewer got it for the last time."""
    if state == AssessmentState.ACCEPTED and submitted_at is not None:
        return Outcome.IN_TIME if submitted_at <= due else Outcome.LATE
    if state == AssessmentState.SUBMITTED or due >= now:
        return Outcome.WAITING
    return Outcome.MISSED


def counted(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """Count each outcome; those that don't occur are 0."""
    found = list(outcomes)
    return {str(each): found.count(each) for each in Outcome}
