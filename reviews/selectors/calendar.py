"""The calendar of working days by which a board's deadlines are computed."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from reviews.models import Board
from reviews.rules.clocks import WorkingCalendar


def calendar_of(board: Board) -> WorkingCalendar:
    """Return the board's calendar, in its time zone."""
    return WorkingCalendar(zone=ZoneInfo(board.time_zone))


def local_day(moment: datetime, board: Board) -> date:
    """Return the day of the moment where the board sits."""
    return moment.astimezone(ZoneInfo(board.time_zone)).date()


def end_of_day(day: date, board: Board) -> datetime:
    """Return the first moment after the day where the board sits: what holds "until" the day ends there."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(board.time_zone))
