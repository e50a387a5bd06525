"""A month as a calendar: how many checks fall due on each day, and how they stand; and what is due next."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from compliance.models import Assessment
from compliance.permissions import visible_assessments
from compliance.rules.calendar import Mark, weeks_of
from compliance.rules.lifecycle import AssessmentState
from compliance.selectors.words import Due, waiting_in_words
from compliance.selectors.year import Year


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar, None for one of a neighbouring month; `counts` by what asks most for attention."""

    day: date | None
    counts: list[tuple[Mark, int]]
    is_today: bool
    is_off: bool


def month_of(year: Year, month: int, now: datetime) -> list[list[Day]]:
    """Return the weeks of the month with the checks that fall due on each day."""
    counted: dict[date, Counter[Mark]] = defaultdict(Counter)
    for check in year.checks:
        mark = Mark.DONE if check.mark is Mark.LATE else check.mark
        counted[timezone.localdate(check.due)][mark] += 1
    today = timezone.localdate(now)
    return [[_day(day, counted, today) for day in week] for week in weeks_of(year.year, month)]


def _day(day: date | None, counted: dict[date, Counter[Mark]], today: date) -> Day:
    if day is None:
        return Day(None, [], is_today=False, is_off=True)
    counts = [(mark, counted[day][mark]) for mark in Mark if counted[day][mark]]
    return Day(day, counts, is_today=day == today, is_off=day.weekday() > 4)


@dataclass(frozen=True, slots=True)
class Waits:
    """A check that waits for somebody, with its due moment in words."""

    assessment: Assessment
    due: Due


def due_next(user: User, now: datetime, sight: Q, most: int = 6) -> list[Waits]:
    """Return the checks that wait for their owner or reviewer, the soonest first."""
    rows = (
        visible_assessments(user, now, sight)
        .exclude(state=AssessmentState.ACCEPTED)
        .select_related("library", "owner", "reviewer", "project", "version__model")
        .defer("content")
        .order_by("due", "id")
    )
    return [Waits(row, waiting_in_words(row.state, row.due, row.submitted_at, now)) for row in rows[:most]]
