"""Schedules as pages show them: when in words, the next dates, what came of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from audit.selectors import Filter, events
from audit.telling import Told, tell
from compliance.models import Assessment, Library, Schedule
from compliance.models.boards import board_names
from compliance.permissions import visible_assessments, visible_schedules
from compliance.rules.lifecycle import ScheduleState
from compliance.rules.recurrence import Series, due_at, next_dates
from compliance.selectors.happening_words import schedule_in_words
from compliance.selectors.libraries import newest_libraries

NEXT, PAST, STORY = 10, 12, 20


@dataclass(frozen=True, slots=True)
class Listed:
    """A schedule of the list."""

    schedule: Schedule
    library: Library | None
    about: str
    timing: str
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Coming:
    """A date to come and when its work is due."""

    on: datetime
    due: datetime


def listed_schedules(user: User, now: datetime, most: int = 500) -> list[Listed]:
    """Return the schedules that the person sees, those that run first; a firm has tens of them, not thousands."""
    rows = visible_schedules(user, now).select_related("owner", "reviewer", "project", "version__model")
    libraries, boards = newest_libraries(), board_names()
    order = list(ScheduleState)
    found = [_listed(row, libraries.get(row.library_code), boards, now) for row in rows[:most]]
    return sorted(
        found, key=lambda line: (order.index(ScheduleState(line.schedule.state)), line.schedule.title)
    )


def _listed(row: Schedule, library: Library | None, boards: dict[int, str], now: datetime) -> Listed:
    return Listed(
        row, library, about_of(row, boards), schedule_in_words(row.series, row.happenings), _next(row, now)
    )


def _next(row: Schedule, now: datetime) -> datetime | None:
    if row.state != ScheduleState.ACTIVE:
        return None
    return next(iter(next_dates(row.series, now, 1)), None)


def about_of(row: Schedule, boards: dict[int, str]) -> str:
    """Return what a schedule is about, "" for the organisation."""
    return boards.get(row.board, "") if row.board else str(row.version or row.project or "")


def coming_dates(row: Schedule, now: datetime) -> list[Coming]:
    """Return the next ten dates, none unless the schedule is active."""
    if row.state != ScheduleState.ACTIVE:
        return []
    return [
        Coming(moment, due_at(moment, row.days, row.zone)) for moment in next_dates(row.series, now, NEXT)
    ]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """When a schedule that isn't made yet would happen: in words, and its next ten dates in its zone.

    `ends`: these are the last ones.
    """

    timing: str
    coming: list[datetime]
    zone: str
    ends: bool


def foreseen(series: Series, happenings: Sequence[str], now: datetime) -> Foreseen:
    """Return when it would happen."""
    coming = next_dates(series, now, NEXT)
    timing = str(schedule_in_words(series, happenings))
    return Foreseen(timing, coming, series.zone, ends=bool(series.rule) and len(coming) < NEXT)


def past_checks(user: User, row: Schedule, now: datetime) -> list[Assessment]:
    """Return the last checks that the schedule opened and that the person sees, newest first."""
    found = (
        visible_assessments(user, now)
        .filter(occurrence__schedule=row)
        .select_related("occurrence", "owner", "version__model")
    )
    return list(found.defer("content").order_by("-occurrence__scheduled_for")[:PAST])


def story_of(row: Schedule) -> list[Told]:
    """Return what people did with the schedule; the clock's steps are events of many schedules, not of one."""
    own = events(Filter(object_type="compliance.schedule", object_id=str(row.pk)))
    return tell(own.order_by("-id")[:STORY])
