"""The calendars of working days by which deadlines are computed: those of the boards, and that of the house."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from reviews.models import Board, ClosingDay
from reviews.rules.working_calendar import Closing, WorkingCalendar


class Calendars:
    """The calendars of all boards, for whatever shows many dates: closing days are read once, when first needed.

    What is kept for longer, in the process, is only what follows from the values themselves (days of a country,
    calendars of the same days), so that no change of a closing day can be missed.
    """

    @cached_property
    def _closings(self) -> dict[int | None, tuple[Closing, ...]]:
        """Return the days of each board, those of everybody under None; what was written last is the strongest."""
        found: dict[int | None, list[Closing]] = {}
        rows = ClosingDay.objects.filter(ended_at__isnull=True).order_by("-id")
        for board, day, until, reason, works in rows.values_list(
            "board_id", "day", "until", "reason", "works"
        ):
            found.setdefault(board, []).append(Closing(day, until, reason, works))
        return {board: tuple(closings) for board, closings in found.items()}

    def of(self, board: Board) -> WorkingCalendar:
        """Return the board's calendar, in its time zone."""
        closings = (*self._closings.get(board.pk, ()), *self._closings.get(None, ()))
        return _built(board.time_zone, board.country, board.subdivision, closings)

    @cached_property
    def house(self) -> WorkingCalendar:
        """Return the calendar of what no board has yet: the zone and country that all open boards share, or none."""
        boards = Board.objects.filter(closed_at__isnull=True).order_by()
        places = list(boards.values_list("time_zone", "country", "subdivision").distinct()[:2])
        zone, country, subdivision = places[0] if len(places) == 1 else ("UTC", "", "")
        return _built(zone, country, subdivision, self._closings.get(None, ()))


@lru_cache(maxsize=256)
def _built(zone: str, country: str, subdivision: str, closings: tuple[Closing, ...]) -> WorkingCalendar:
    return WorkingCalendar(zone=ZoneInfo(zone), country=country, subdivision=subdivision, closings=closings)


def calendar_of(board: Board) -> WorkingCalendar:
    """Return the board's calendar, in its time zone; one query. Where many dates are shown, use `Calendars`."""
    return Calendars().of(board)


def house_calendar() -> WorkingCalendar:
    """Return the calendar of what no board has yet."""
    return Calendars().house


def with_day(calendar: WorkingCalendar, days: Iterable[Closing]) -> WorkingCalendar:
    """Return the calendar as it would be with these days, which are stronger than all others."""
    return _built(calendar.zone.key, calendar.country, calendar.subdivision, (*days, *calendar.closings))


def local_day(moment: datetime, board: Board) -> date:
    """Return the day of the moment where the board sits."""
    return moment.astimezone(ZoneInfo(board.time_zone)).date()


def end_of_day(day: date, board: Board) -> datetime:
    """Return the first moment after the day where the board sits: what holds "until" the day ends there."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(board.time_zone))
