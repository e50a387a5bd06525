"""Which step of escalation comes when: the line manager after some days, the board after more.

Process.md (section 4) has reminders escalate and leaves the days to us (P), so they are settings. A step counts from
the due moment, or from when the thing came to the person, if that was later: nobody is called late before their time.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from reminders.rules.clocks import Clock, morning_late


class Step(StrEnum):
    """Who hears of what is late, after the person themself."""

    MANAGER = "manager"
    BOARD = "board"


class Office(StrEnum):
    """What somebody is told as: the first four stand in for each other at the step of the manager.

    Who stands in for a person who is away gets the reminder in their place.
    """

    MANAGER = "manager"
    DEPUTY = "deputy"
    MAKER = "maker"
    BOARD = "board"
    COMPLIANCE = "compliance"
    STANDS_IN = "stands_in"


@dataclass(frozen=True, slots=True, order=True)
class Begins:
    """A step and the moment from which it counts, in UTC."""

    at: datetime
    step: Step


def steps_of(
    steps: Collection[Step], *, due: datetime, since: datetime, zone: ZoneInfo, clock: Clock
) -> list[Begins]:
    """Return the steps in order, each in the morning of the late person's own day."""
    late_from = max(due, since).astimezone(UTC)
    days: Mapping[Step, int] = {Step.MANAGER: clock.manager_days, Step.BOARD: clock.board_days}
    return sorted(Begins(morning_late(late_from, days[step], clock.hour, zone), step) for step in steps)


def begun(steps: Sequence[Begins], told: Collection[str], now: datetime) -> list[Begins]:
    """Return the steps that have begun and of which nobody was told; whatever was missed comes up for all of them."""
    return [each for each in steps if each.at <= now and each.step not in told]


def upcoming(steps: Sequence[Begins], told: Collection[str], now: datetime) -> Begins | None:
    """Return the step that comes next, or None."""
    return next((each for each in steps if each.at > now and each.step not in told), None)
