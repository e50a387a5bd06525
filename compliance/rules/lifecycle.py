"""States of an assessment and of a schedule, each machine one table."""

from enum import StrEnum


class AssessmentState(StrEnum):
    """Where an assessment stands: filled in, looked at by somebody else, accepted for good."""

    OPEN = "open"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class AssessmentEvent(StrEnum):
    """What happens to an assessment as a whole."""

    SUBMIT = "submit"
    RETURN = "return"
    ACCEPT = "accept"


ASSESSMENT_TRANSITIONS: dict[tuple[AssessmentState, AssessmentEvent], AssessmentState] = {
    (AssessmentState.OPEN, AssessmentEvent.SUBMIT): AssessmentState.SUBMITTED,
    (AssessmentState.RETURNED, AssessmentEvent.SUBMIT): AssessmentState.SUBMITTED,
    (AssessmentState.SUBMITTED, AssessmentEvent.RETURN): AssessmentState.RETURNED,
    (AssessmentState.SUBMITTED, AssessmentEvent.ACCEPT): AssessmentState.ACCEPTED,
}

EDITABLE = frozenset({AssessmentState.OPEN, AssessmentState.RETURNED})


class ScheduleState(StrEnum):
    """Whether a schedule makes new dates."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class ScheduleEvent(StrEnum):
    """What happens to a schedule."""

    PAUSE = "pause"
    RESUME = "resume"
    END = "end"


SCHEDULE_TRANSITIONS: dict[tuple[ScheduleState, ScheduleEvent], ScheduleState] = {
    (ScheduleState.ACTIVE, ScheduleEvent.PAUSE): ScheduleState.PAUSED,
    (ScheduleState.PAUSED, ScheduleEvent.RESUME): ScheduleState.ACTIVE,
    (ScheduleState.ACTIVE, ScheduleEvent.END): ScheduleState.ENDED,
    (ScheduleState.PAUSED, ScheduleEvent.END): ScheduleState.ENDED,
}


def after_event(state: str, event: AssessmentEvent) -> AssessmentState | None:
    """Return the assessment's next state, or None when the event does not exist in this state."""
    return ASSESSMENT_TRANSITIONS.get((AssessmentState(state), event))


def schedule_after(state: str, event: ScheduleEvent) -> ScheduleState | None:
    """Return the schedule's next state, or None when the event does not exist in this state."""
    return SCHEDULE_TRANSITIONS.get((ScheduleState(state), event))
