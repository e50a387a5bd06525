"""The year of a board as a picture: weekends, holidays with their names, the house's own days, days worked instead."""

import calendar
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.dates import MONTHS, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from accounts.models import User
from reminders.countries import country_name
from reminders.rules.working_days import edition, is_announced, name_of_subdivision
from reviews.models import Board, ClosingDay
from reviews.permissions.boards import visible_boards
from reviews.permissions.calendars import why_not_manage_days
from reviews.rules.working_calendar import DayTold, Told, WorkingCalendar
from reviews.selectors.calendar import Calendars

KINDS: dict[Told, StrOrPromise] = {
    Told.WEEKEND: gettext_lazy("Weekend"),
    Told.HOLIDAY: gettext_lazy("Public holiday"),
    Told.CLOSING: gettext_lazy("Closed by the house"),
    Told.MAKE_UP: gettext_lazy("Worked in exchange"),
    Told.OPENED: gettext_lazy("Opened by the house"),
}
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class DayCell:
    """A field of the picture; `day` None belongs to a neighbouring month. `note`: what the day is, in words."""

    day: date | None
    told: Told = Told.WORKING
    note: str = ""
    is_today: bool = False


@dataclass(frozen=True, slots=True)
class MonthPicture:
    """A month with its weeks, Monday first, and how many working days it has."""

    name: str
    weeks: tuple[tuple[DayCell, ...], ...]
    working: int


@dataclass(frozen=True, slots=True)
class Named:
    """Days in a row with one name: a line of the list below the picture."""

    first: date
    last: date
    told: Told
    name: str

    @property
    def kind(self) -> StrOrPromise:
        """Return what these days are."""
        return KINDS[self.told]


@dataclass(frozen=True, slots=True)
class DaysPage:
    """The page. `board` None: the days of everybody, on the calendar of the house. `days`: that calendar."""

    board: Board | None
    days: WorkingCalendar
    boards: tuple[Board, ...]
    year: int
    place: str
    edition: str
    announced: bool
    months: tuple[MonthPicture, ...]
    named: tuple[Named, ...]
    closings: tuple[ClosingDay, ...]
    former: tuple[ClosingDay, ...]
    working: int
    why_not_manage: str | None

    @property
    def says(self) -> str:
        """Return what the picture shows, in a sentence."""
        return ngettext(
            "{count} working day in {year}.", "{count} working days in {year}.", self.working
        ).format(count=self.working, year=self.year)

    @property
    def weekdays(self) -> list[tuple[str, str]]:
        """Return the weekdays, short and whole, Monday first."""
        return [(str(WEEKDAYS_ABBR[day]), str(WEEKDAYS[day])) for day in range(7)]

    @property
    def key(self) -> list[tuple[Told, StrOrPromise]]:
        """Return the kinds of days that appear in this year."""
        shown = {cell.told for month in self.months for week in month.weeks for cell in week if cell.day}
        return [(told, word) for told, word in KINDS.items() if told in shown]


def days_page(user: User, board: Board | None, year: int, now: datetime) -> DaysPage:
    """Return the page of a year; four queries."""
    calendars = Calendars()
    days = calendars.of(board) if board else calendars.house
    told = _year(days, year)
    today = days.day_of(now)
    months = tuple(_month(year, month, told, today) for month in range(1, 13))
    rows = _closings(board, year)
    return DaysPage(
        board=board,
        days=days,
        boards=tuple(visible_boards(user, now).filter(closed_at__isnull=True).order_by("name_en", "id")),
        year=year,
        place=place_in_words(days),
        edition=edition() if days.country else "",
        announced=not days.country or is_announced(days.country, year),
        months=months,
        named=tuple(_named(told)),
        closings=tuple(row for row in rows if row.ended_at is None),
        former=tuple(row for row in rows if row.ended_at is not None),
        working=sum(month.working for month in months),
        why_not_manage=why_not_manage_days(user),
    )


def place_in_words(days: WorkingCalendar) -> str:
    """Return whose holidays count and in which time zone: "Germany, Bayern (Europe/Berlin)"."""
    place = country_name(days.country) if days.country else _("Saturdays and Sundays off, no holidays")
    if days.subdivision:
        place = _("{country}, {part}").format(
            country=place, part=name_of_subdivision(days.country, days.subdivision)
        )
    return _("{place} ({zone})").format(place=place, zone=days.zone.key.replace("_", " "))


def _closings(board: Board | None, year: int) -> "QuerySet[ClosingDay]":
    whose = Q(board__isnull=True) | Q(board=board) if board else Q(board__isnull=True)
    within = Q(day__lte=date(year, 12, 31), until__gte=date(year, 1, 1))
    return ClosingDay.objects.filter(whose, within).select_related("board", "made_by", "ended_by")


def _year(days: WorkingCalendar, year: int) -> dict[date, DayTold]:
    first = date(year, 1, 1)
    count = (date(year + 1, 1, 1) - first).days
    return {day: days.tell(day) for day in (first + timedelta(days=offset) for offset in range(count))}


def _month(year: int, month: int, told: dict[date, DayTold], today: date) -> MonthPicture:
    weeks = calendar.Calendar(firstweekday=0).monthdatescalendar(year, month)
    cells = tuple(tuple(_cell(day, month, told, today) for day in week) for week in weeks)
    counted = Counter(cell.told.works for week in cells for cell in week if cell.day)
    return MonthPicture(str(MONTHS[month]), cells, counted[True])


def _cell(day: date, month: int, told: dict[date, DayTold], today: date) -> DayCell:
    if day.month != month or day not in told:
        return DayCell(None)
    found = told[day]
    note = "" if found.told in (Told.WORKING, Told.WEEKEND) else f"{KINDS[found.told]}"
    name = _name(found)
    return DayCell(day, found.told, ": ".join(filter(None, (note, name))), is_today=day == today)


def _name(found: DayTold) -> str:
    chinese = (get_language() or "").startswith("zh")
    return found.reason or (found.names_zh if chinese else found.names_en)


def _named(told: dict[date, DayTold]) -> list[Named]:
    """Return the days that are no plain weekend or working day, those in a row with one name together."""
    found: list[Named] = []
    for day, one in told.items():
        if one.told in (Told.WORKING, Told.WEEKEND):
            continue
        last, name = found[-1] if found else None, _name(one)
        if last and last.last == day - timedelta(days=1) and (last.told, last.name) == (one.told, name):
            found[-1] = Named(last.first, day, last.told, name)
        else:
            found.append(Named(day, day, one.told, name))
    return found
