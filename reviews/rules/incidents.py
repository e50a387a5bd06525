"""Incidents: their classes with the clock of each, and their states (process.md, section 6; EU AI Act, Article 73)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from reviews.rules.machine import NoSuchTransition, events_from, follow

__all__ = [
    "DAYS",
    "TRANSITIONS",
    "Clock",
    "IncidentEvent",
    "IncidentKind",
    "IncidentState",
    "NoSuchTransition",
    "clock_of",
    "due_of",
    "events_of",
    "next_state",
    "why_not_classify",
]


class IncidentKind(StrEnum):
    """What an incident is, as far as its clock goes."""

    WIDESPREAD = "widespread"
    CRITICAL_INFRASTRUCTURE = "critical_infrastructure"
    DEATH = "death"
    SERIOUS = "serious"
    NOT_SERIOUS = "not_serious"


DAYS: dict[IncidentKind, int | None] = {
    IncidentKind.WIDESPREAD: 2,
    IncidentKind.CRITICAL_INFRASTRUCTURE: 2,
    IncidentKind.DEATH: 10,
    IncidentKind.SERIOUS: 15,
    IncidentKind.NOT_SERIOUS: None,
}
"""Days from awareness until the first report is due at the latest (EU AI Act, Article 73; V). They are calendar days:
weekends and holidays count. None: no report is due."""

SHORTEST = 2
"""Days that run until somebody has classified the incident: the shortest clock of all (P)."""


class IncidentState(StrEnum):
    """Where the report of an incident stands."""

    RAISED = "raised"
    CLASSIFIED = "classified"
    INITIAL = "initial"
    COMPLETE = "complete"
    CLOSED = "closed"


class IncidentEvent(StrEnum):
    """What moves the report of an incident on."""

    CLASSIFY = "classify"
    FILE_INITIAL = "file_initial"
    FILE_COMPLETE = "file_complete"
    FILE_FURTHER = "file_further"
    CLOSE = "close"
    REOPEN = "reopen"


_S, _E = IncidentState, IncidentEvent

TRANSITIONS: dict[tuple[IncidentState, IncidentEvent], IncidentState] = {
    (_S.RAISED, _E.CLASSIFY): _S.CLASSIFIED,
    (_S.RAISED, _E.FILE_INITIAL): _S.INITIAL,
    (_S.CLASSIFIED, _E.CLASSIFY): _S.CLASSIFIED,
    (_S.CLASSIFIED, _E.FILE_INITIAL): _S.INITIAL,
    (_S.CLASSIFIED, _E.FILE_COMPLETE): _S.COMPLETE,
    (_S.CLASSIFIED, _E.CLOSE): _S.CLOSED,
    (_S.INITIAL, _E.CLASSIFY): _S.INITIAL,
    (_S.INITIAL, _E.FILE_FURTHER): _S.INITIAL,
    (_S.INITIAL, _E.FILE_COMPLETE): _S.COMPLETE,
    (_S.COMPLETE, _E.CLASSIFY): _S.COMPLETE,
    (_S.COMPLETE, _E.FILE_FURTHER): _S.COMPLETE,
    (_S.COMPLETE, _E.CLOSE): _S.CLOSED,
    (_S.CLOSED, _E.REOPEN): _S.CLASSIFIED,
}
"""CLOSE from classified is for what is not to be reported; the guard asks for that. FILE_INITIAL: it may be incomplete,
and a complete one follows. REOPEN: something more was found; what was filed stays."""


def next_state(state: IncidentState, event: IncidentEvent) -> IncidentState:
    """Return the state that follows; raises NoSuchTransition when the table does not name one."""
    return follow(TRANSITIONS, IncidentState(state), IncidentEvent(event))


def events_of(state: IncidentState) -> tuple[IncidentEvent, ...]:
    """Return the events that the state allows."""
    return events_from(TRANSITIONS, IncidentState(state))


def due_of(aware_at: datetime, kind: IncidentKind | None) -> datetime | None:
    """Return until when the first report has to be made; None when none is due.

    Whole days are counted to the hour from the moment of awareness, the reading that is never too late. Without a kind
    the shortest clock runs.
    """
    days = SHORTEST if kind is None else DAYS[IncidentKind(kind)]
    return None if days is None else aware_at.astimezone(UTC) + timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Clock:
    """How a clock stands: of `whole` time `left` remains (negative: late); `stopped` when the report was made.

    `late_by` is how much too late it was made or is; zero when it wasn't.
    """

    due: datetime
    whole: timedelta
    left: timedelta
    stopped: bool
    late_by: timedelta

    @property
    def is_late(self) -> bool:
        """Whether the report was made too late, or is not made and late."""
        return self.late_by > timedelta()

    @property
    def part(self) -> int:
        """Return how much of the time has gone, in hundredths from 0 to 100."""
        gone = self.whole - self.left
        return max(0, min(100, int(gone * 100 / self.whole)))


def clock_of(
    *, aware_at: datetime, due: datetime | None, filed_at: datetime | None, now: datetime
) -> Clock | None:
    """Return the clock at this moment, or as it stood when the first report was made; None when none runs."""
    if due is None:
        return None
    moment = filed_at or now
    left = due - moment
    return Clock(due, due - aware_at, left, filed_at is not None, max(-left, timedelta()))


class NotClassified(StrEnum):
    """Why a class can't be given."""

    SAME = "same"
    AWARE_AHEAD = "aware_ahead"
    AWARE_BEFORE_IT_HAPPENED = "aware_before_it_happened"


def why_not_classify(
    *,
    kind: IncidentKind,
    aware_at: datetime,
    before: tuple[str, datetime],
    happened_at: datetime,
    raised_at: datetime,
) -> NotClassified | None:
    """Return why this class and moment of awareness can't be given; `before`: those that hold now."""
    if (str(kind), aware_at) == before:
        return NotClassified.SAME
    if aware_at > raised_at:
        return NotClassified.AWARE_AHEAD
    if aware_at < happened_at:
        return NotClassified.AWARE_BEFORE_IT_HAPPENED
    return None
