"""On which dates of its series a board meets: days off are kept, moved or dropped, as the board chose.

Times stand on the wall clock of the series, so that "at 10:00" stays 10:00 when the clocks change. A local time that a
change skips is read with the offset before the change, one that happens twice is its first (RFC 5545, 3.3.5).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from reviews.rules.clocks import WorkingCalendar

MOST = 31
"""Days after which a search for a day of work gives up: the meeting is dropped then."""


class DaysOff(StrEnum):
    """What becomes of a date on which the board's calendar doesn't work."""

    KEEP = "keep"
    LATER = "later"
    EARLIER = "earlier"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class MeetingDate:
    """One date of a series: `scheduled_for` is the rule's own instant and names it for good; `starts_at` is when."""

    scheduled_for: datetime
    starts_at: datetime

    @property
    def moved(self) -> bool:
        """Whether a day off moved it."""
        return self.scheduled_for != self.starts_at


def meeting_dates(
    instants: Iterable[datetime], zone: ZoneInfo, calendar: WorkingCalendar, days_off: DaysOff
) -> Iterator[MeetingDate]:
    """Yield the dates on which the board meets, for the instants of the rule in their order.

    Two dates that a day off moves to one day are one meeting.
    """
    days: set[date] = set()
    for instant in instants:
        wall = instant.astimezone(zone)
        day = day_for(wall.date(), calendar, days_off)
        if day is None or day in days:
            continue
        days.add(day)
        starts = instant.astimezone(UTC) if day == wall.date() else at_wall(day, wall.time(), zone)
        yield MeetingDate(instant.astimezone(UTC), starts)


def day_for(day: date, calendar: WorkingCalendar, days_off: DaysOff) -> date | None:
    """Return the day on which the board meets for this one, or None when the meeting is dropped."""
    choice = DaysOff(days_off)
    if choice == DaysOff.KEEP or calendar.works_on(day):
        return day
    if choice == DaysOff.DROP:
        return None
    step = timedelta(days=1 if choice == DaysOff.LATER else -1)
    for count in range(1, MOST + 1):
        if calendar.works_on(day + count * step):
            return day + count * step
    return None


def at_wall(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """Return the instant (UTC) at which the clock of the zone shows this day and this time."""
    return datetime.combine(day, wall, zone).replace(fold=0).astimezone(UTC)


def ordinal(number: int) -> str:
    """Return the English ordinal: "11th", "22nd"."""
    if number % 100 in {11, 12, 13}:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
