"""Every pair of state and event of assessments and schedules."""

import pytest

from compliance.rules.lifecycle import (
    ASSESSMENT_TRANSITIONS,
    EDITABLE,
    AssessmentEvent,
    AssessmentState,
    ScheduleEvent,
    ScheduleState,
    after_event,
    schedule_after,
)


@pytest.mark.parametrize(
    ("state", "event", "expected"),
    [
        ("open", "submit", "submitted"),
        ("open", "return", None),
        ("open", "accept", None),
        ("submitted", "submit", None),
        ("submitted", "return", "returned"),
        ("submitted", "accept", "accepted"),
        ("returned", "submit", "submitted"),
        ("returned", "return", None),
        ("returned", "accept", None),
        ("accepted", "submit", None),
        ("accepted", "return", None),
        ("accepted", "accept", None),
    ],
)
def test_an_assessment_moves_by_the_table_only(state: str, event: str, expected: str | None) -> None:
    assert after_event(state, AssessmentEvent(event)) == expected


def test_nothing_leaves_the_accepted_state() -> None:
    assert all(state is not AssessmentState.ACCEPTED for state, _event in ASSESSMENT_TRANSITIONS)
    assert AssessmentState.ACCEPTED not in EDITABLE
    assert AssessmentState.SUBMITTED not in EDITABLE


@pytest.mark.parametrize(
    ("state", "event", "expected"),
    [
        ("active", "pause", "paused"),
        ("active", "resume", None),
        ("active", "end", "ended"),
        ("paused", "pause", None),
        ("paused", "resume", "active"),
        ("paused", "end", "ended"),
        ("ended", "pause", None),
        ("ended", "resume", None),
        ("ended", "end", None),
    ],
)
def test_a_schedule_moves_by_the_table_only(state: str, event: str, expected: str | None) -> None:
    assert schedule_after(state, ScheduleEvent(event)) == expected


def test_the_tables_name_every_state() -> None:
    reached = set(ASSESSMENT_TRANSITIONS.values()) | {AssessmentState.OPEN}
    assert reached == set(AssessmentState)
    assert {schedule_after("paused", event) for event in ScheduleEvent} - {None} < set(ScheduleState)
