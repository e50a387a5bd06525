"""What a recurrence rule means, as parts that can be put into words; None for a rule that has no plain words."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from compliance.rules.recurrence import WEEKDAYS, parts_of


class Shape(StrEnum):
    """The sentence that a rule fits into."""

    DAYS = "days"
    WEEKDAYS = "weekdays"
    DAY_OF_MONTH = "day_of_month"
    DAY_OR_LAST = "day_or_last"
    LAST_DAY = "last_day"
    NTH_WEEKDAY = "nth_weekday"
    YEARLY = "yearly"
    YEARLY_LAST_DAY = "yearly_last_day"


@dataclass(frozen=True, slots=True)
class Said:
    """A rule in parts: `weekdays` count from Monday 0; `nth` counts within the month, -1 is the last."""

    shape: Shape
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    day: int = 0
    month: int = 0
    nth: int = 0


def said(rule: str, starts: datetime) -> Said | None:
    """Return the rule in parts, what it leaves open taken from `starts`."""
    parts = parts_of(rule)
    if parts is None or "WKST" in parts:
        return None
    interval = int(parts.pop("INTERVAL", "1"))
    reader = {"DAILY": _daily, "WEEKLY": _weekly, "MONTHLY": _monthly, "YEARLY": _yearly}.get(
        parts.pop("FREQ")
    )
    return reader(parts, interval, starts) if reader else None


def _daily(parts: dict[str, str], interval: int, _starts: datetime) -> Said | None:
    return None if parts else Said(Shape.DAYS, interval)


def _weekly(parts: dict[str, str], interval: int, starts: datetime) -> Said | None:
    days = parts.pop("BYDAY", WEEKDAYS[starts.weekday()]).split(",")
    if parts or not set(days) <= set(WEEKDAYS):
        return None
    return Said(Shape.WEEKDAYS, interval, weekdays=tuple(sorted(WEEKDAYS.index(day) for day in days)))


def _monthly(parts: dict[str, str], interval: int, starts: datetime) -> Said | None:
    if set(parts) == {"BYDAY"}:
        weekday, nth = parts["BYDAY"][-2:], parts["BYDAY"][:-2]
        if weekday not in WEEKDAYS or nth.lstrip("+") not in {"1", "2", "3", "4", "-1"}:
            return None
        return Said(
            Shape.NTH_WEEKDAY, interval, weekdays=(WEEKDAYS.index(weekday),), nth=int(nth), month=starts.month
        )
    days = parts.pop("BYMONTHDAY", str(starts.day))
    if parts == {"BYSETPOS": "-1"} and days in {"28,29", "28,29,30"}:
        return Said(Shape.DAY_OR_LAST, interval, day=int(days[-2:]), month=starts.month)
    if parts or not days.isdigit():
        return Said(Shape.LAST_DAY, interval, month=starts.month) if not parts and days == "-1" else None
    return Said(Shape.DAY_OF_MONTH, interval, day=int(days), month=starts.month)


def _yearly(parts: dict[str, str], interval: int, starts: datetime) -> Said | None:
    month, day = parts.pop("BYMONTH", str(starts.month)), parts.pop("BYMONTHDAY", str(starts.day))
    if parts or not month.isdigit():
        return None
    if day == "-1":
        return Said(Shape.YEARLY_LAST_DAY, interval, month=int(month))
    return Said(Shape.YEARLY, interval, day=int(day), month=int(month)) if day.isdigit() else None
