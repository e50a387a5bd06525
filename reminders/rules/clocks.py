"""When a reminder is due: before, on the day, daily when late, then escalation (process.md, section 4).

Nothing here is matched on one exact day. The question is always "which stage has begun last?", so a run that was
missed, for a minute or for a month, catches up with one reminder: the latest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ESCALATE = "escalate"
WEEKDAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")  # RFC 5545, section 3.3.10
BETWEEN_WEEKLY = timedelta(
    days=4
)  # ours: whoever moves the day gets neither two mails at once nor none for two weeks


@dataclass(frozen=True, slots=True)
class Clock:
    """Hours are of the person's own day; `late_days`: how often somebody late is reminded before it escalates.

    `manager_days`, `board_days`: after so many days of lateness the line manager and the board are told, where what
    waits has these steps.
    """

    hour: int = 8
    digest_hour: int = 9
    late_days: int = 10
    manager_days: int = 3
    board_days: int = 10


@dataclass(frozen=True, slots=True, order=True)
class Stage:
    """A step of reminding: the moment from which it counts, and its code ("7d", "0d", "late-3", "escalate")."""

    begins: datetime
    code: str

    @property
    def escalates(self) -> bool:
        """Say whether somebody else is told, too."""
        return self.code == ESCALATE


def days_late(code: str) -> int:
    """Return how many days late the stage says one is; 0 for stages before the due moment."""
    return int(code.removeprefix("late-")) if code.startswith("late-") else 0


def _at(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """Return the hour of that day in that place, as UTC."""
    return datetime.combine(day, time(hour), zone).astimezone(UTC)


def _last_morning(due: datetime, hour: int, zone: ZoneInfo) -> date:
    """Return the day of the last such hour strictly before the due moment: midnight belongs to the day before."""
    day = due.astimezone(zone).date()
    return day if _at(day, hour, zone) < due else day - timedelta(days=1)


def morning_late(moment: datetime, days: int, hour: int, zone: ZoneInfo) -> datetime:
    """Return the morning so many calendar days of that place after the moment; at least one day, so always later."""
    return _at(moment.astimezone(zone).date() + timedelta(days=max(1, days)), hour, zone)


def stages(
    due: datetime, days_before: Sequence[int], zone: ZoneInfo, clock: Clock, *, escalates: bool = True
) -> list[Stage]:
    """Return every stage of something due, in order: before, daily when late, escalation unless it has steps."""
    morning = _last_morning(due, clock.hour, zone)
    steps = [(-days, f"{days}d") for days in sorted(set(days_before), reverse=True)]
    steps += [(day, f"late-{day}") for day in range(1, clock.late_days + 1)]
    if escalates:
        steps.append((clock.late_days + 1, ESCALATE))
    return [Stage(_at(morning + timedelta(days=days), clock.hour, zone), code) for days, code in steps]


def stage_now(
    *,
    due: datetime,
    since: datetime,
    now: datetime,
    days_before: Sequence[int],
    zone: ZoneInfo,
    clock: Clock,
    escalates: bool = True,
) -> Stage | None:
    """Return the stage that began last, or None when none has begun.

    Stages from before `since`, when the thing began to wait, never existed: what comes up with five days to go isn't
    reminded of at once for being less than seven days away.
    """
    known = stages(due, days_before, zone, clock, escalates=escalates)
    begun = [stage for stage in known if since <= stage.begins <= now]
    return begun[-1] if begun else None


def next_digest(now: datetime, zone: ZoneInfo, clock: Clock) -> datetime:
    """Return the next moment at which the daily digest leaves; strictly later than now."""
    day = now.astimezone(zone).date()
    today = _at(day, clock.digest_hour, zone)
    return today if today > now else _at(day + timedelta(days=1), clock.digest_hour, zone)


def last_weekly(now: datetime, weekday: int, zone: ZoneInfo, clock: Clock) -> datetime:
    """Return the last moment at which the weekly mail left, or now: so a run that was missed for days catches up.

    `weekday`: 0 is Monday. An hour that the clocks skip comes as soon as they have; of one that they repeat,
    the first counts.
    """
    today = now.astimezone(zone).date()
    day = today - timedelta(days=(today.weekday() - weekday) % 7)
    at = _at(day, clock.digest_hour, zone)
    return at if at <= now else _at(day - timedelta(days=7), clock.digest_hour, zone)


def weekly_due(
    now: datetime, *, weekday: str, zone: ZoneInfo, clock: Clock, last: datetime | None, begins: datetime
) -> datetime | None:
    """Return the moment whose weekly mail is still to be planned, or None.

    `weekday`: a code of WEEKDAYS, anything else is never. `last`: moment of the last such mail of the person; `begins`:
    when they came in, before which no mail was theirs.
    """
    if weekday not in WEEKDAYS:
        return None
    at = last_weekly(now, WEEKDAYS.index(weekday), zone, clock)
    if at < begins or (last is not None and at < last + BETWEEN_WEEKLY):
        return None
    return at
