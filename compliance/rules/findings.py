"""Findings, the actions that mend them, and exceptions: their severities and states, each machine one table."""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is, the worst first. A critical one can hold a release; see `compliance.gates`."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Closing(StrEnum):
    """Why a finding is closed: its actions were verified, or it was raised by mistake."""

    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"


class ActionState(StrEnum):
    """Where an action stands: to do, reported as done, verified by somebody else, or dropped with a reason."""

    OPEN = "open"
    DONE = "done"
    VERIFIED = "verified"
    DROPPED = "dropped"


class ActionEvent(StrEnum):
    """What happens to an action."""

    REPORT = "report"
    VERIFY = "verify"
    RETURN = "return"
    DROP = "drop"


ACTION_TRANSITIONS: dict[tuple[ActionState, ActionEvent], ActionState] = {
    (ActionState.OPEN, ActionEvent.REPORT): ActionState.DONE,
    (ActionState.DONE, ActionEvent.VERIFY): ActionState.VERIFIED,
    (ActionState.DONE, ActionEvent.RETURN): ActionState.OPEN,
    (ActionState.OPEN, ActionEvent.DROP): ActionState.DROPPED,
    (ActionState.DONE, ActionEvent.DROP): ActionState.DROPPED,
}
UNSETTLED = frozenset({ActionState.OPEN, ActionState.DONE})


class ExceptionState(StrEnum):
    """Where an exception stands; it counts only while approved and not past its last day."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    REVOKED = "revoked"


class ExceptionEvent(StrEnum):
    """What happens to an exception. To take back what was only asked for is the same as to revoke it."""

    APPROVE = "approve"
    REFUSE = "refuse"
    REVOKE = "revoke"


EXCEPTION_TRANSITIONS: dict[tuple[ExceptionState, ExceptionEvent], ExceptionState] = {
    (ExceptionState.ASKED, ExceptionEvent.APPROVE): ExceptionState.APPROVED,
    (ExceptionState.ASKED, ExceptionEvent.REFUSE): ExceptionState.REFUSED,
    (ExceptionState.ASKED, ExceptionEvent.REVOKE): ExceptionState.REVOKED,
    (ExceptionState.APPROVED, ExceptionEvent.REVOKE): ExceptionState.REVOKED,
}
LONGEST_EXCEPTION = timedelta(days=366)  # our own default: what is excused for longer is a change of the rule


def action_after(state: str, event: ActionEvent) -> ActionState | None:
    """Return the action's next state, or None when the event does not exist in this state."""
    return ACTION_TRANSITIONS.get((ActionState(state), event))


def exception_after(state: str, event: ExceptionEvent) -> ExceptionState | None:
    """Return the exception's next state, or None when the event does not exist in this state."""
    return EXCEPTION_TRANSITIONS.get((ExceptionState(state), event))


def is_resolved(actions: list[str]) -> bool:
    """Say whether a finding with actions in these states is mended: none is to do, and one at least was verified."""
    return ActionState.VERIFIED in actions and not UNSETTLED.intersection(actions)


def is_late(state: str, due: date, today: date) -> bool:
    """Say whether an action is overdue; its last day is still in time, and one reported as done waits for others."""
    return state == ActionState.OPEN and due < today


def deciding_day(now: datetime) -> date:
    """Return the day by which an exception counts: that of UTC, so that no gate depends on where somebody looks."""
    return now.astimezone(UTC).date()


def counts(state: str, until: date, today: date) -> bool:
    """Say whether an exception excuses anything today; its last day still counts."""
    return state == ExceptionState.APPROVED and today <= until
