"""When a reminder is due: before, on the day, daily when late, then escalation (process.md, section 4).

Nothing here is matched on one exact day. The question is always "which stage has begun last?", so a run that was
missed, for a minute or for a month, catches up with one reminder: the latest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ESCALATE = "escalate"


@dataclass(frozen=True, slots=True)
class Clock:
    """Hours are of the person's own day; `late_days`: how often somebody late is reminded before it escalates."""

    hour: int = 8
    digest_hour: int = 9
    late_days: int = 10


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


def stages(due: datetime, days_before: Sequence[int], zone: ZoneInfo, clock: Clock) -> list[Stage]:
    """Return every stage of something due, in order: before, daily when late, escalation."""
    morning = _last_morning(due, clock.hour, zone)
    steps = [(-days, f"{days}d") for days in sorted(set(days_before), reverse=True)]
    steps += [(day, f"late-{day}") for day in range(1, clock.late_days + 1)]
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
) -> Stage | None:
    """Return the stage that began last, or None when none has begun.

    Stages from before `since`, when the thing began to wait, never existed: what comes up with five days to go isn't
    reminded of at once for being less than seven days away.
    """
    begun = [stage for stage in stages(due, days_before, zone, clock) if since <= stage.begins <= now]
    return begun[-1] if begun else None


def next_digest(now: datetime, zone: ZoneInfo, clock: Clock) -> datetime:
    """Return the next moment at which the daily digest leaves; strictly later than now."""
    day = now.astimezone(zone).date()
    today = _at(day, clock.digest_hour, zone)
    return today if today > now else _at(day + timedelta(days=1), clock.digest_hour, zone)
