"""The life of a meeting and of its minutes."""

import pytest

from reviews.rules import meeting_lifecycle, minutes
from reviews.rules.machine import NoSuchTransition
from reviews.rules.meeting_lifecycle import MeetingEvent, MeetingState
from reviews.rules.minutes import MinutesEvent, MinutesState, NotApprovable, why_not_approve


@pytest.mark.parametrize(
    ("state", "event"),
    [
        (MeetingState.PLANNED, MeetingEvent.START),
        (MeetingState.RUNNING, MeetingEvent.CANCEL),
        (MeetingState.CLOSED, MeetingEvent.CANCEL),
        (MeetingState.CANCELLED, MeetingEvent.CALL),
        (MeetingState.CLOSED, MeetingEvent.START),
        (MeetingState.RUNNING, MeetingEvent.CALL),
    ],
)
def test_a_meeting_has_no_way_that_its_table_does_not_name(state: MeetingState, event: MeetingEvent) -> None:
    with pytest.raises(NoSuchTransition):
        meeting_lifecycle.next_state(state, event)


def test_a_meeting_is_called_again_when_something_changed() -> None:
    assert meeting_lifecycle.next_state(MeetingState.CALLED, MeetingEvent.CALL) == MeetingState.CALLED


@pytest.mark.parametrize("event", list(MinutesEvent))
def test_approved_minutes_never_change(event: MinutesEvent) -> None:
    with pytest.raises(NoSuchTransition):
        minutes.next_state(MinutesState.APPROVED, event)


def test_minutes_that_were_not_circulated_cannot_be_approved() -> None:
    with pytest.raises(NoSuchTransition):
        minutes.next_state(MinutesState.WRITING, MinutesEvent.APPROVE)


@pytest.mark.parametrize(
    ("state", "writer", "chair", "meeting", "recused", "why"),
    [
        (MinutesState.WRITING, False, True, False, False, NotApprovable.NOT_CIRCULATED),
        (MinutesState.CIRCULATED, True, True, False, False, NotApprovable.OWN_WORK),
        (MinutesState.CIRCULATED, True, False, True, False, NotApprovable.OWN_WORK),
        (MinutesState.CIRCULATED, False, False, False, False, NotApprovable.NOT_THE_CHAIR),
        (MinutesState.CIRCULATED, False, True, False, True, NotApprovable.RECUSED),
        (MinutesState.CIRCULATED, False, True, False, False, None),
        (MinutesState.CIRCULATED, False, False, True, False, None),
    ],
)
def test_minutes_are_approved_by_the_chair_or_a_meeting_and_never_by_their_writer(
    state: MinutesState, writer: bool, chair: bool, meeting: bool, recused: bool, why: NotApprovable | None
) -> None:
    found = why_not_approve(state, is_writer=writer, is_chair=chair, in_meeting=meeting, recused=recused)
    assert found == why
