"""Classes of incidents, their clocks and their states."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from reviews.rules.incidents import (
    DAYS,
    SHORTEST,
    TRANSITIONS,
    IncidentEvent,
    IncidentKind,
    IncidentState,
    NoSuchTransition,
    NotClassified,
    clock_of,
    due_of,
    events_of,
    next_state,
    why_not_classify,
)

AWARE = datetime(2026, 3, 27, 16, 20, tzinfo=UTC)  # a Friday


@pytest.mark.parametrize(
    ("kind", "days"),
    [
        (IncidentKind.WIDESPREAD, 2),
        (IncidentKind.CRITICAL_INFRASTRUCTURE, 2),
        (IncidentKind.DEATH, 10),
        (IncidentKind.SERIOUS, 15),
    ],
)
def test_each_class_has_its_days_from_awareness_and_weekends_count(kind: IncidentKind, days: int) -> None:
    due = due_of(AWARE, kind)
    assert due == AWARE + timedelta(days=days)
    assert due != AWARE + timedelta(days=days + 1)


def test_what_is_not_serious_has_no_clock_and_what_nobody_classified_has_the_shortest() -> None:
    assert due_of(AWARE, IncidentKind.NOT_SERIOUS) is None
    assert due_of(AWARE, None) == AWARE + timedelta(days=SHORTEST)
    assert min(days for days in DAYS.values() if days) == SHORTEST


def test_a_clock_told_in_another_zone_is_the_same_instant() -> None:
    shanghai = AWARE.astimezone(timezone(timedelta(hours=8)))
    assert due_of(shanghai, IncidentKind.DEATH) == due_of(AWARE, IncidentKind.DEATH)


def test_a_clock_tells_what_is_left_and_what_has_gone() -> None:
    due = due_of(AWARE, IncidentKind.DEATH)
    clock = clock_of(aware_at=AWARE, due=due, filed_at=None, now=AWARE + timedelta(days=4))
    assert clock is not None
    assert (clock.left, clock.part, clock.stopped, clock.is_late) == (timedelta(days=6), 40, False, False)


def test_a_report_in_time_stops_the_clock_for_good() -> None:
    due = due_of(AWARE, IncidentKind.WIDESPREAD)
    filed = AWARE + timedelta(hours=47)
    clock = clock_of(aware_at=AWARE, due=due, filed_at=filed, now=AWARE + timedelta(days=9))
    assert clock is not None
    assert clock.stopped
    assert not clock.is_late
    assert clock.left == timedelta(hours=1)


def test_a_late_report_stays_late_by_what_it_was() -> None:
    due = due_of(AWARE, IncidentKind.WIDESPREAD)
    filed = AWARE + timedelta(hours=51)
    clock = clock_of(aware_at=AWARE, due=due, filed_at=filed, now=AWARE + timedelta(days=9))
    assert clock is not None
    assert clock.is_late
    assert clock.late_by == timedelta(hours=3)
    assert clock.part == 100


def test_without_a_date_no_clock_runs() -> None:
    assert clock_of(aware_at=AWARE, due=None, filed_at=None, now=AWARE) is None


def test_the_table_of_incidents_is_followed_and_nothing_else_is_possible() -> None:
    for state in IncidentState:
        for event in IncidentEvent:
            if (state, event) in TRANSITIONS:
                assert next_state(state, event) == TRANSITIONS[state, event]
            else:
                with pytest.raises(NoSuchTransition):
                    next_state(state, event)


def test_an_unclassified_incident_is_not_closed_and_an_initial_report_waits_for_its_completion() -> None:
    assert IncidentEvent.CLOSE not in events_of(IncidentState.RAISED)
    assert IncidentEvent.CLOSE not in events_of(IncidentState.INITIAL)
    assert IncidentEvent.CLOSE in events_of(IncidentState.COMPLETE)


@pytest.mark.parametrize(
    ("kind", "aware", "why"),
    [
        (IncidentKind.SERIOUS, AWARE, NotClassified.SAME),
        (IncidentKind.DEATH, AWARE + timedelta(hours=3), NotClassified.AWARE_AHEAD),
        (IncidentKind.DEATH, AWARE - timedelta(hours=3), NotClassified.AWARE_BEFORE_IT_HAPPENED),
        (IncidentKind.SERIOUS, AWARE + timedelta(hours=1), None),
        (IncidentKind.DEATH, AWARE, None),
        (IncidentKind.NOT_SERIOUS, AWARE, None),
    ],
)
def test_a_class_changes_up_or_down_within_what_is_possible(
    kind: IncidentKind, aware: datetime, why: NotClassified | None
) -> None:
    found = why_not_classify(
        kind=kind,
        aware_at=aware,
        before=("serious", AWARE),
        happened_at=AWARE - timedelta(hours=2),
        raised_at=AWARE + timedelta(hours=2),
    )
    assert found == why
