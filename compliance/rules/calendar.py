"""How a check counts in the year: done, done late, missed, due, in review, planned."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum

from compliance.rules.lifecycle import AssessmentState


class Mark(StrEnum):
    """What a cell of the calendar shows, from what asks most for attention to what asks least."""

    MISSED = "missed"
    DUE = "due"
    REVIEW = "review"
    LATE = "late"
    DONE = "done"
    PLANNED = "planned"


@dataclass(frozen=True, slots=True)
class Run:
    """One check: an assessment, or a planned date that nobody can work on yet (`state` None)."""

    due: datetime
    state: str | None
    submitted_at: datetime | None


def mark_of(run: Run, now: datetime) -> Mark:
    """Say how the check counts.

    In time means: submitted at or before its due moment, and accepted later. A check that was returned is as open as
    before; a reviewer who takes long never makes the owner late.
    """
    if run.state is None:
        return Mark.PLANNED
    in_time = run.submitted_at is not None and run.submitted_at <= run.due
    if run.state == AssessmentState.ACCEPTED:
        return Mark.DONE if in_time else Mark.LATE
    if run.state == AssessmentState.SUBMITTED:
        return Mark.REVIEW
    return Mark.MISSED if now > run.due else Mark.DUE


def worst(marks: Iterable[Mark]) -> Mark | None:
    """Return the mark that asks most for attention, or None for none."""
    order = list(Mark)
    return min(marks, key=order.index, default=None)


@dataclass(frozen=True, slots=True)
class Share:
    """Of the checks that are over (done, done late, missed), how many were done in time."""

    over: int
    in_time: int

    @property
    def tenths(self) -> int:
        """Return the share in tenths of a percent, rounded down so that 999 of 1,000 never reads 100 %."""
        return self.in_time * 1000 // self.over if self.over else 0

    @property
    def percent(self) -> int:
        """Return the share in whole percent, rounded down."""
        return self.tenths // 10


def share(marks: Iterable[Mark]) -> Share:
    """Count the checks that are over, and those done in time."""
    over = in_time = 0
    for mark in marks:
        over += mark in {Mark.DONE, Mark.LATE, Mark.MISSED}
        in_time += mark is Mark.DONE
    return Share(over, in_time)


def weeks_of(year: int, month: int) -> list[list[date | None]]:
    """Return the weeks of a month, Monday first; None for days of the neighbouring months."""
    weeks = calendar.Calendar(firstweekday=0).monthdatescalendar(year, month)
    return [[day if day.month == month else None for day in week] for week in weeks]


def end_of_day(day: date) -> datetime:
    """Return the last minute of a day that is in time, in UTC: the same moment for everybody, wherever they are."""
    return datetime.combine(day, time(23, 59), UTC)
