"""When a schedule happens: RFC 5545 rules at local wall time, expanded by python-dateutil.

A rule is read at the wall clock of its time zone, so that "at 09:00" stays 09:00 when the clocks change. A local time
that a change skips is read with the offset before the change, one that happens twice is its first (RFC 5545, 3.3.5).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import islice
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.rrule import rruleset, rrulestr

from compliance.rules.working_days import MOST, Shift, shifted

_PARTS = frozenset({"FREQ", "INTERVAL", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS", "WKST"})
_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_PART = re.compile(r"([A-Z]+)=([A-Z0-9,+-]+)")
_LIMITS = {"INTERVAL": (1, 99), "BYMONTH": (1, 12), "BYMONTHDAY": (-31, 31), "BYSETPOS": (-366, 366)}
_SHORTEST = {2: 28, 4: 30, 6: 30, 9: 30, 11: 30}  # days of a month in a common year, where fewer than 31
_LONGEST = _SHORTEST | {2: 29}


class Problem(StrEnum):
    """Why a series can't be used."""

    UNREADABLE = "unreadable"
    TOO_OFTEN = "too_often"
    PART_NOT_SUPPORTED = "part_not_supported"
    NEVER = "never"
    SKIPS_MONTHS = "skips_months"
    SKIPS_YEARS = "skips_years"
    UNKNOWN_ZONE = "unknown_zone"


@dataclass(frozen=True, slots=True)
class Series:
    """A rule (RRULE without DTSTART, UNTIL and COUNT) from a local wall time on, in a named time zone.

    `starts` is naive: what the clock on the wall shows. `ends`, aware, is the moment after which nothing happens.
    A date on a day off in the `country` (an ISO 3166 code; "": at a weekend) moves as `shift` says; two that fall
    on one day are one. None moves before the first day of the series: it goes to the next working day then.
    Without a rule ("") there are no dates, only a beginning and an end.
    """

    rule: str
    starts: datetime
    zone: str
    ends: datetime | None = None
    shift: Shift = Shift.NONE
    country: str = ""


WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_MONTHS = {"monthly": 1, "quarterly": 3, "half_yearly": 6}
FREQUENCIES = ("daily", "weekly", *_MONTHS, "yearly", "two_yearly")


def rule_for(frequency: str, starts: datetime) -> str:
    """Return the rule for one of FREQUENCIES from the day of `starts` on, without leaving out short months.

    The 31st becomes the last day of each month, the 29th and 30th fall back to it where there is none.
    """
    if frequency == "daily":
        return "FREQ=DAILY"
    if frequency == "weekly":
        return f"FREQ=WEEKLY;BYDAY={WEEKDAYS[starts.weekday()]}"
    if frequency in {"yearly", "two_yearly"}:
        day = -1 if (starts.month, starts.day) == (2, 29) else starts.day
        every = "" if frequency == "yearly" else "INTERVAL=2;"
        return f"FREQ=YEARLY;{every}BYMONTH={starts.month};BYMONTHDAY={day}"
    every = f"FREQ=MONTHLY;INTERVAL={_MONTHS[frequency]}"
    if starts.day <= 28:
        return f"{every};BYMONTHDAY={starts.day}"
    if starts.day == 31:
        return f"{every};BYMONTHDAY=-1"
    return f"{every};BYMONTHDAY={','.join(map(str, range(28, starts.day + 1)))};BYSETPOS=-1"


def parts_of(rule: str) -> dict[str, str] | None:
    """Return the parts of a rule by name, or None when it can't be read."""
    found: dict[str, str] = {}
    for part in rule.strip().upper().removeprefix("RRULE:").split(";"):
        match = _PART.fullmatch(part)
        if not match or match[1] in found:
            return None
        found[match[1]] = match[2]
    return found if "FREQ" in found else None


def problem_of(series: Series) -> Problem | None:
    """Say why the series can't be used, or None.

    A rule that silently leaves out short months or common years is refused: BYMONTHDAY=-1 says what was meant.
    """
    try:
        ZoneInfo(series.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return Problem.UNKNOWN_ZONE
    parts = parts_of(series.rule)
    if parts is None:
        return Problem.UNREADABLE
    if parts["FREQ"] not in _FREQUENCIES:
        return (
            Problem.TOO_OFTEN if parts["FREQ"] in {"HOURLY", "MINUTELY", "SECONDLY"} else Problem.UNREADABLE
        )
    if parts.keys() - _PARTS:
        return Problem.PART_NOT_SUPPORTED
    if not _numbers_are_sound(parts):
        return Problem.UNREADABLE
    if _no_such_day(parts) or _no_such_place(parts):
        return Problem.NEVER
    try:
        first = next(_walls(series, series.starts), None)
    except (
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
    ):  # what dateutil raises for a bad rule
        return Problem.UNREADABLE
    return Problem.NEVER if first is None else _skips(parts, series.starts)


def _numbers(parts: dict[str, str], name: str) -> list[int]:
    return [int(number) for number in parts[name].split(",")] if name in parts else []


def _numbers_are_sound(parts: dict[str, str]) -> bool:
    """Say whether every number lies in its range; INTERVAL=0 would keep dateutil busy for ever."""
    try:
        return all(
            low <= number <= high and number != 0
            for name, (low, high) in _LIMITS.items()
            for number in _numbers(parts, name)
        )
    except ValueError:
        return False


def _no_such_day(parts: dict[str, str]) -> bool:
    """Say whether the months named have none of the days named: 30 February."""
    months, days = _numbers(parts, "BYMONTH"), _numbers(parts, "BYMONTHDAY")
    return bool(months and days) and all(
        abs(day) > _LONGEST.get(month, 31) for month in months for day in days
    )


def _no_such_place(parts: dict[str, str]) -> bool:
    """Say whether no day or week has so many dates as BYSETPOS counts; dateutil would look until the year 9999."""
    most = {"DAILY": 1, "WEEKLY": len(parts["BYDAY"].split(",")) if "BYDAY" in parts else 7}.get(
        parts["FREQ"]
    )
    places = _numbers(parts, "BYSETPOS")
    return bool(places) and most is not None and all(abs(place) > most for place in places)


def _skips(parts: dict[str, str], starts: datetime) -> Problem | None:
    """Say whether the rule leaves out months or years because they have no such day."""
    if parts["FREQ"] in {"DAILY", "WEEKLY"} or "BYDAY" in parts:
        return None
    days = _numbers(parts, "BYMONTHDAY")
    nearest = min(abs(day) for day in days or [starts.day])
    if "BYSETPOS" in parts or nearest <= 28:
        return None
    every_month = parts["FREQ"] == "MONTHLY" or bool(days)
    months = _numbers(parts, "BYMONTH") or (list(range(1, 13)) if every_month else [starts.month])
    if months == [2]:
        return Problem.SKIPS_YEARS
    return Problem.SKIPS_MONTHS if any(nearest > _SHORTEST.get(month, 31) for month in months) else None


def _walls(series: Series, first: datetime) -> Iterator[datetime]:
    """Yield the wall times of the rule from `first` on."""
    rule = rrulestr(series.rule.strip().upper().removeprefix("RRULE:"), dtstart=series.starts)
    if isinstance(rule, rruleset):
        raise TypeError("one rule only")
    return iter(rule.xafter(first, inc=True))


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant at which the wall clock shows this, in UTC."""
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def dates(series: Series, after: datetime, *, inclusive: bool = False) -> Iterator[datetime]:
    """Yield the instants (UTC) of the series after a moment, in order; endless unless the series ends."""
    if not series.rule:
        return
    zone, last = ZoneInfo(series.zone), None
    around = timedelta(days=2 + (MOST if series.shift else 0))
    from_wall = after.astimezone(zone).replace(tzinfo=None) - around
    for wall in _walls(series, max(series.starts, from_wall)):
        day = shifted(wall.date(), series.shift, series.country)
        if day < series.starts.date():
            day = shifted(wall.date(), Shift.LATER, series.country)
        instant = _instant(datetime.combine(day, wall.time()), zone)
        if series.ends is not None and instant > series.ends:
            return
        if instant != last and (instant > after or (inclusive and instant == after)):
            last = instant
            yield instant


def next_after(series: Series, after: datetime, *, inclusive: bool = False) -> datetime | None:
    """Return the first instant of the series after a moment (or at it), or None when there is no more."""
    return next(dates(series, after, inclusive=inclusive), None)


def next_dates(series: Series, after: datetime, count: int) -> list[datetime]:
    """Return the next `count` instants after a moment, fewer when the series ends."""
    return list(islice(dates(series, after), count))


def further_dates(
    series: Series, after: datetime, until: datetime, most: int
) -> tuple[list[datetime], datetime | None]:
    """Return the instants after a moment until one lies behind `until`, or there are `most`, and the last of them.

    The last is None when the series has no further instants than those.
    """
    found: list[datetime] = []
    for instant in dates(series, after):
        found.append(instant)
        if instant > until or len(found) >= most:
            return found, instant
    return found, None


def first_moment(series: Series) -> datetime:
    """Return the instant (UTC) at which the series begins, whether or not something happens then."""
    return _instant(series.starts, ZoneInfo(series.zone))


def runs_at(series: Series, moment: datetime) -> bool:
    """Say whether the moment lies between beginning and end of the series, both included."""
    return first_moment(series) <= moment and (series.ends is None or moment <= series.ends)


def due_at(scheduled_for: datetime, days: int, zone: str) -> datetime:
    """Return when the work is due: so many days later, at the end of that day on the wall clock of the zone."""
    there = ZoneInfo(zone)
    day = scheduled_for.astimezone(there).date() + timedelta(days=days)
    return _instant(datetime(day.year, day.month, day.day, 23, 59), there)  # noqa: DTZ001  (a wall time)
