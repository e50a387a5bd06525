"""The story's own calendar: moments are counted in working days before the day on which the sample is made."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta


@dataclass(frozen=True, slots=True)
class StoryCalendar:
    """Days 0 is the day of `today`; -1 the last working day (Monday to Friday) before it, 1 the first after it."""

    today: date

    def day(self, number: int) -> date:
        """Return the working day with this number."""
        found, step = self.today, 1 if number > 0 else -1
        left = abs(number)
        while left:
            found += timedelta(days=step)
            if found.weekday() < 5:
                left -= 1
        return found

    def moment(self, at: str) -> datetime:
        """Return the moment of "-236 08:20": a working day and a time, in UTC."""
        number, clock = at.split()
        return datetime.combine(self.day(int(number)), time.fromisoformat(clock), UTC)
