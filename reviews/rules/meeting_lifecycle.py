"""A meeting from its date to its end: one table."""

from enum import StrEnum

from reviews.rules.machine import follow


class MeetingState(StrEnum):
    """Where a meeting stands."""

    PLANNED = "planned"
    CALLED = "called"
    RUNNING = "running"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class MeetingEvent(StrEnum):
    """What moves a meeting on. CALL again sends what has changed since."""

    CALL = "call"
    START = "start"
    CLOSE = "close"
    CANCEL = "cancel"


_S, _E = MeetingState, MeetingEvent

TRANSITIONS: dict[tuple[MeetingState, MeetingEvent], MeetingState] = {
    (_S.PLANNED, _E.CALL): _S.CALLED,
    (_S.CALLED, _E.CALL): _S.CALLED,
    (_S.CALLED, _E.START): _S.RUNNING,
    (_S.RUNNING, _E.CLOSE): _S.CLOSED,
    (_S.PLANNED, _E.CANCEL): _S.CANCELLED,
    (_S.CALLED, _E.CANCEL): _S.CANCELLED,
}
"""Nobody is invited to a meeting that was not called, so it can't start; one that runs is closed, never cancelled."""

TO_COME = frozenset({_S.PLANNED, _S.CALLED})
"""Its time, place and agenda can still be changed."""


def next_state(state: MeetingState, event: MeetingEvent) -> MeetingState:
    """Return the state that follows; raises NoSuchTransition when the table does not name one."""
    return follow(TRANSITIONS, MeetingState(state), MeetingEvent(event))
