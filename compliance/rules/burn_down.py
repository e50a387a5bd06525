"""The burn-down of actions: how many were open at the end of each week, how many of them overdue, and how few there
will be when each is done by its day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Span:
    """An action: the day it was planned, the day it was settled (None: not yet), the last day that is in time.

    An action that got another day counts as if it had been due then from the beginning.
    """

    begun: date
    ended: date | None
    due: date


@dataclass(frozen=True, slots=True)
class Point:
    """The end of a day: how many are open in time, and how many are overdue; `ahead`: it has not come yet."""

    day: date
    in_time: int
    late: int
    ahead: bool

    @property
    def open(self) -> int:
        """Return how many are open."""
        return self.in_time + self.late


def burn_down(spans: Iterable[Span], today: date, *, before: int, after: int) -> list[Point]:
    """Return a point for today, for so many weeks before it and so many after it, oldest first.

    What lies ahead shows the actions open today that are due later: all others count as overdue there already.
    """
    held = list(spans)
    return [_point(held, today + WEEK * week, today, ahead=week > 0) for week in range(-before, after + 1)]


def _point(spans: Sequence[Span], day: date, today: date, *, ahead: bool) -> Point:
    seen = today if ahead else day
    left = [span for span in spans if span.begun <= seen and (span.ended is None or span.ended > seen)]
    if ahead:
        late = sum(span.due < today for span in left)
        return Point(day, sum(span.due > day for span in left), late, ahead=True)
    late = sum(span.due < day for span in left)
    return Point(day, len(left) - late, late, ahead=False)
