"""The year of checks: a row for each schedule, a cell for each month, and how many were done in time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import takewhile

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from compliance.models import Assessment, Occurrence, Schedule
from compliance.models.boards import board_names
from compliance.permissions import visible_assessments, visible_schedules
from compliance.rules.calendar import Mark, Run, Share, mark_of, share, worst
from compliance.rules.lifecycle import ScheduleState
from compliance.rules.recurrence import dates
from compliance.selectors.libraries import newest_libraries
from compliance.selectors.words import MARKS

RUNNING = frozenset({Mark.MISSED, Mark.DUE, Mark.REVIEW})


@dataclass(frozen=True, slots=True)
class Check:
    """One check of the year: an assessment, or a date to come (`assessment` None)."""

    on: datetime
    due: datetime
    mark: Mark
    assessment: Assessment | None
    row: tuple[str, str]  # (library code, key of the row)

    @property
    def url(self) -> str:
        """Return the page of the check, "" for one to come."""
        return reverse("compliance:assessment", args=[self.assessment.pk]) if self.assessment else ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A month of a row; `mark` None: nothing. `count` checks, `url` leads to the one that asks most for attention."""

    mark: Mark | None = None
    count: int = 0
    url: str = ""
    is_now: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A check that comes back: `number` "" for several controls, `about` "" for the organisation."""

    number: str
    title: str
    about: str
    url: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of a library; `soonest` is the running check that is due first."""

    name: str
    rows: list[Row]
    checks: int
    share: Share
    soonest: Check | None


@dataclass(frozen=True, slots=True)
class Year:
    """What the calendar shows."""

    year: int
    groups: list[Group]
    checks: list[Check] = field(repr=False)
    schedules: int
    overdue: int
    to_come: int
    share: Share

    def lines(self) -> Iterator[list[object]]:
        """Yield the rows of the table: library, number, check, about, then how many checks of each month and how."""
        for group in self.groups:
            for row in group.rows:
                cells = [f"{MARKS[cell.mark][2]} ({cell.count})" if cell.mark else "" for cell in row.cells]
                yield [group.name, row.number, row.title, row.about, *cells]


def year_of(user: User, year: int, now: datetime, sight: Q) -> Year:
    """Return the year as the person may see it; six queries. `sight` as `sight_of` returns it."""
    first, after = _bounds(year)
    schedules = list(visible_schedules(user, now, sight).select_related("project", "version__model", "owner"))
    checks = [
        *_assessments(visible_assessments(user, now, sight), first, after, now),
        *_planned(schedules, first, after),
        *_foreseen(schedules, first, after),
    ]
    marks = [check.mark for check in checks]
    return Year(
        year=year,
        groups=_groups(schedules, checks, year, now),
        checks=checks,
        schedules=sum(schedule.state != ScheduleState.ENDED for schedule in schedules),
        overdue=marks.count(Mark.MISSED),
        to_come=sum(mark in {Mark.DUE, Mark.REVIEW, Mark.PLANNED} for mark in marks),
        share=share(marks),
    )


def _bounds(year: int) -> tuple[datetime, datetime]:
    zone = timezone.get_current_timezone()
    return datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)


def _assessments(
    visible: QuerySet[Assessment], first: datetime, after: datetime, now: datetime
) -> Iterator[Check]:
    """Yield the checks of the year that exist, at their date or else when they were opened."""
    on_date = Q(occurrence__scheduled_for__gte=first, occurrence__scheduled_for__lt=after)
    by_event = Q(occurrence__isnull=True, created_at__gte=first, created_at__lt=after)
    found = visible.filter(on_date | by_event).defer("content", "return_reason")
    for row in found.select_related("library", "occurrence", "owner", "project", "version__model"):
        on = row.occurrence.scheduled_for if row.occurrence else row.created_at
        mark = mark_of(Run(row.due, row.state, row.submitted_at), now)
        yield Check(on, row.due, mark, row, (row.library.code, _key(row)))


def _key(row: Assessment) -> str:
    return f"schedule {row.occurrence.schedule_id}" if row.occurrence else f"{row.project_id} {row.title_en}"


def _planned(schedules: list[Schedule], first: datetime, after: datetime) -> Iterator[Check]:
    """Yield the dates that were made and that nobody can work on yet."""
    codes = {schedule.pk: schedule.library_code for schedule in schedules}
    found = Occurrence.objects.filter(
        schedule__in=list(codes), assessment__isnull=True, scheduled_for__gte=first, scheduled_for__lt=after
    )
    for row in found:
        place = (codes[row.schedule_id], f"schedule {row.schedule_id}")
        yield Check(row.scheduled_for, row.due, Mark.PLANNED, None, place)


def _foreseen(schedules: list[Schedule], first: datetime, after: datetime) -> Iterator[Check]:
    """Yield the dates of the year that lie beyond the horizon, by the rule."""
    for schedule in schedules:
        if schedule.state != ScheduleState.ACTIVE or schedule.next_at is None or schedule.next_at >= after:
            continue
        place = (schedule.library_code, f"schedule {schedule.pk}")
        coming = dates(schedule.series, max(schedule.next_at, first), inclusive=True)
        for moment in takewhile(lambda moment: moment < after, coming):
            yield Check(moment, moment + timedelta(days=schedule.days), Mark.PLANNED, None, place)


def _groups(schedules: list[Schedule], checks: list[Check], year: int, now: datetime) -> list[Group]:
    by_row: dict[tuple[str, str], list[Check]] = defaultdict(list)
    for check in checks:
        by_row[check.row].append(check)
    described = {(s.library_code, f"schedule {s.pk}"): s for s in schedules}
    boards = board_names()
    libraries = newest_libraries({code for code, _key in by_row})
    groups: dict[str, list[Row]] = defaultdict(list)
    for place, found in by_row.items():
        groups[place[0]].append(_row(described.get(place), found, boards, year, now))
    return [
        _group(library.name, groups[code], [check for check in checks if check.row[0] == code])
        for code, library in libraries.items()
    ]


def _row(
    schedule: Schedule | None, checks: list[Check], boards: dict[int, str], year: int, now: datetime
) -> Row:
    thing = schedule or next(check.assessment for check in checks if check.assessment)
    if thing is None:
        raise ValueError("A row without a schedule has an assessment.")
    about = boards.get(thing.board, "") if thing.board else str(thing.project or "")
    if schedule is not None and schedule.version:
        about = str(schedule.version)
    url = reverse("compliance:schedule", args=[schedule.pk]) if schedule else ""
    return Row(thing.number, thing.title, about, url, _cells(checks, year, now))


def _cells(checks: Iterable[Check], year: int, now: datetime) -> list[Cell]:
    by_month: dict[int, list[Check]] = defaultdict(list)
    for check in checks:
        by_month[timezone.localtime(check.on).month].append(check)
    today = timezone.localtime(now)
    return [
        _cell(by_month[month], is_now=(today.year, today.month) == (year, month)) for month in range(1, 13)
    ]


def _cell(checks: list[Check], *, is_now: bool) -> Cell:
    mark = worst(check.mark for check in checks)
    found = [check for check in checks if check.mark is mark]
    first = min(found, key=lambda check: check.due, default=None)
    return Cell(mark, len(checks), first.url if first else "", is_now)


def _group(name: str, rows: list[Row], checks: list[Check]) -> Group:
    running = [check for check in checks if check.mark in RUNNING]
    ordered = sorted(rows, key=lambda row: (row.number or "~", row.title, row.about))
    return Group(
        name, ordered, len(checks), share(check.mark for check in checks),
        min(running, key=lambda check: check.due, default=None),
    )  # fmt: skip
