"""The working days of a board: weekends, the holidays of its country, and the days that the house closes or opens."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from reminders.rules.working_days import DayKind, day_of, is_working_day

WEEKEND = frozenset({5, 6})
UTC_ZONE = ZoneInfo("UTC")
DAY_ENDS = time(17, 0)
LONGEST_CLOSING = 366
"""Days of one closing at most, or a deadline might never come (P)."""


class Told(StrEnum):
    """What a day is on a board's calendar."""

    WORKING = "working"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    CLOSING = "closing"
    MAKE_UP = "make_up"
    OPENED = "opened"

    @property
    def works(self) -> bool:
        """Whether people work on it."""
        return self in (Told.WORKING, Told.MAKE_UP, Told.OPENED)


@dataclass(frozen=True, slots=True)
class Closing:
    """Days, the last one included, on which the house is closed; `works`: on which it is open, whatever they are."""

    first: date
    last: date
    reason: str
    works: bool = False

    def covers(self, day: date) -> bool:
        """Whether the day is one of them."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class DayTold:
    """A day and why it counts or doesn't: `names` of holidays by language ("en", "zh"), `reason` of the house."""

    day: date
    told: Told
    names_en: str = ""
    names_zh: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days count, in which zone they are told, and when a day of work ends.

    `closings` come first, the strongest first: the board's own, then those of everybody. `closed` and `open_instead`
    are days given one by one. Then the `country` says it, or without one the `weekend` does.
    """

    zone: ZoneInfo = UTC_ZONE
    closed: frozenset[date] = frozenset()
    open_instead: frozenset[date] = frozenset()
    weekend: frozenset[int] = WEEKEND
    day_ends: time = DAY_ENDS
    country: str = ""
    subdivision: str = ""
    closings: tuple[Closing, ...] = ()

    def works_on(self, day: date) -> bool:
        """Whether the day is a working day."""
        own = self._closing(day)
        if own is not None:
            return own.works
        if day in self.open_instead:
            return True
        if day in self.closed:
            return False
        if self.country:
            return is_working_day(day, self.country, self.subdivision)
        return day.weekday() not in self.weekend

    def tell(self, day: date) -> DayTold:
        """Return what the day is and why, with the names of its holidays in both languages."""
        own = self._closing(day)
        if own is not None:
            return DayTold(day, Told.OPENED if own.works else Told.CLOSING, reason=own.reason)
        if day in self.open_instead or day in self.closed:
            return DayTold(day, Told.MAKE_UP if day in self.open_instead else Told.HOLIDAY)
        if not self.country:
            return DayTold(day, Told.WEEKEND if day.weekday() in self.weekend else Told.WORKING)
        found = day_of(day, self.country, self.subdivision, "en")
        if found.kind is DayKind.WORKING:
            return DayTold(day, Told.WORKING)
        chinese = day_of(day, self.country, self.subdivision, "zh-hans")
        return DayTold(day, Told(found.kind.value), "; ".join(found.names), "; ".join(chinese.names))

    def _closing(self, day: date) -> Closing | None:
        return next((closing for closing in self.closings if closing.covers(day)), None)

    def day_of(self, moment: datetime) -> date:
        """Return the day of the instant in the calendar's zone; raises ValueError without a zone."""
        if moment.tzinfo is None:
            raise ValueError("An instant needs a time zone.")
        return moment.astimezone(self.zone).date()

    def end_of(self, day: date) -> datetime:
        """Return the instant at which the day of work ends, in UTC."""
        return datetime.combine(day, self.day_ends, self.zone).astimezone(UTC)

    def next_working(self, day: date) -> date:
        """Return the day itself if it is a working day, else the next one."""
        while not self.works_on(day):
            day += timedelta(days=1)
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """Return the working day that lies so many working days later, or earlier if negative.

        The day itself is not counted; with 0 it is the day or the next working day.
        """
        if count == 0:
            return self.next_working(day)
        step = timedelta(days=1 if count > 0 else -1)
        left = abs(count)
        while left:
            day += step
            left -= 1 if self.works_on(day) else 0
        return day

    def working_days_until(self, since: date, until: date) -> int:
        """Return how many working days lie after the first day, the last one included; negative backwards."""
        if until < since:
            return -self.working_days_until(until, since)
        return sum(1 for day in days_after(since, until) if self.works_on(day))


def days_after(since: date, until: date) -> Iterator[date]:
    """Yield the days after the first one, the last one included."""
    return (since + timedelta(days=offset) for offset in range(1, (until - since).days + 1))
