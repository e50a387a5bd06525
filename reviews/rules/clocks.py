"""Deadlines on a calendar of working days: instants in, instants out; nothing here asks what time it is."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from reviews.rules.triage import Procedure
from reviews.rules.working_calendar import WorkingCalendar

__all__ = [
    "DEFAULT_TERMS",
    "Deadline",
    "Pause",
    "Procedure",
    "Term",
    "Terms",
    "Unit",
    "WorkingCalendar",
    "after_pauses",
    "chaser_at",
    "deadline",
    "paused_for",
    "term_of",
]


class Unit(StrEnum):
    """In what a term is counted."""

    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"


@dataclass(frozen=True, slots=True)
class Term:
    """How long something may take. Days end with a day of work, on a working day; hours run through."""

    count: int
    unit: Unit = Unit.DAYS

    def due(self, start: datetime, calendar: WorkingCalendar) -> datetime:
        """Return the deadline, an instant in UTC."""
        if self.unit == Unit.HOURS:
            return start.astimezone(UTC) + timedelta(hours=self.count)
        first = calendar.day_of(start)
        if self.unit == Unit.WORKING_DAYS:
            return calendar.end_of(calendar.add_working_days(first, self.count))
        return calendar.end_of(calendar.next_working(first + timedelta(days=self.count)))


@dataclass(frozen=True, slots=True)
class Terms:
    """The clocks of process.md, section 4, as defaults: all are settings, none is quoted as law."""

    completeness: Term = Term(3, Unit.WORKING_DAYS)
    expedited: Term = Term(14)
    full: Term = Term(30)
    emergency: Term = Term(72, Unit.HOURS)
    provisional: Term = Term(30)
    question: Term = Term(20, Unit.WORKING_DAYS)
    question_chaser: int = 5  # working days before it is due
    appeal: Term = Term(28)
    ratification: Term = Term(5, Unit.WORKING_DAYS)
    remind_before: tuple[int, ...] = (7, 2, 0)  # days
    remind_late_at_most: int = 10  # daily
    expiry_notices: tuple[int, ...] = (90, 60, 30, 7)  # days


DEFAULT_TERMS = Terms()


def term_of(procedure: Procedure, terms: Terms = DEFAULT_TERMS) -> Term:
    """Return how long the decision may take; an exempt request is decided when it is checked."""
    return {
        Procedure.EXEMPT: terms.completeness,
        Procedure.EXPEDITED: terms.expedited,
        Procedure.FULL: terms.full,
        Procedure.EMERGENCY: terms.emergency,
        Procedure.EXPERT: terms.full,
    }[Procedure(procedure)]


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which the clock stood; `until` None: it still does."""

    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline with its pauses: `due` is None while the clock stands still."""

    due: datetime | None
    paused: timedelta = field(default=timedelta())

    @property
    def is_paused(self) -> bool:
        """Whether the clock stands still."""
        return self.due is None


def paused_for(pauses: Iterable[Pause], *, since: datetime, now: datetime) -> timedelta:
    """Return for how long the clock stood; pauses that overlap (two open questions) count once."""
    spans = sorted((max(pause.since, since), min(pause.until or now, now)) for pause in pauses)
    total, reached = timedelta(), since
    for begin, end in spans:
        if end > max(begin, reached):
            total += end - max(begin, reached)
            reached = end
    return total


def deadline(
    start: datetime,
    term: Term,
    calendar: WorkingCalendar,
    pauses: Iterable[Pause] = (),
    *,
    now: datetime,
) -> Deadline:
    """Return the deadline moved by its pauses; while one is open there is none.

    A deadline that a pause moved ends with a day of work again, on a working day, unless it counts hours.
    """
    stretches = tuple(pauses)
    paused = paused_for(stretches, since=start, now=now)
    if any(pause.until is None or pause.until > now for pause in stretches):
        return Deadline(None, paused)
    return Deadline(after_pauses(term.due(start, calendar), term.unit, paused, calendar), paused)


def after_pauses(due: datetime, unit: Unit, paused: timedelta, calendar: WorkingCalendar) -> datetime:
    """Return the deadline that pauses of this length together move: the one rule for all of them.

    It ends with a day of work again, on a working day, unless it counts hours. `due` is the deadline without any pause,
    so that ten short pauses don't round up to ten days.
    """
    if not paused:
        return due
    moved = due + paused
    if unit == Unit.HOURS:
        return moved
    day = calendar.day_of(moved)
    if moved > calendar.end_of(day):
        day += timedelta(days=1)
    return calendar.end_of(calendar.next_working(day))


def chaser_at(due: datetime, calendar: WorkingCalendar, terms: Terms = DEFAULT_TERMS) -> datetime:
    """Return when the person asked is reminded of an open question: working days before it is due."""
    return calendar.end_of(calendar.add_working_days(calendar.day_of(due), -terms.question_chaser))
