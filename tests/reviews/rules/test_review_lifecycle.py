"""The table of a board's review."""

import pytest

from reviews.rules.review_lifecycle import (
    OPEN,
    TRANSITIONS,
    NoSuchTransition,
    ReviewEvent,
    ReviewState,
    clock_of,
    events_of,
    next_state,
)

S, E = ReviewState, ReviewEvent


def test_a_review_goes_from_assignment_over_questions_to_its_closing() -> None:
    state = S.ASSIGNED
    for event, after in [
        (E.READ, S.READING),
        (E.ASK, S.QUESTIONS),
        (E.ALL_ANSWERED, S.READING),
        (E.DELIBERATE, S.DELIBERATING),
        (E.OPEN_BALLOT, S.BALLOTING),
        (E.MOTION_PASSED, S.CLOSED),
    ]:
        state = next_state(state, event)
        assert state == after


def test_a_failed_motion_decides_nothing_and_the_board_deliberates_again() -> None:
    assert next_state(S.BALLOTING, E.MOTION_FAILED) == S.DELIBERATING


def test_a_lost_quorum_tables_the_review_until_it_is_back() -> None:
    assert next_state(S.BALLOTING, E.LOSE_QUORUM) == S.TABLED
    assert next_state(S.TABLED, E.REGAIN_QUORUM) == S.DELIBERATING
    assert E.MOTION_PASSED not in events_of(S.TABLED)


@pytest.mark.parametrize("state", sorted(set(S) - {S.DELIBERATING}))
def test_a_ballot_opens_only_while_the_board_deliberates_so_there_is_never_a_second_one(
    state: ReviewState,
) -> None:
    with pytest.raises(NoSuchTransition):
        next_state(state, E.OPEN_BALLOT)


@pytest.mark.parametrize("state", sorted(OPEN))
def test_all_open_work_stops_when_another_board_has_decided(state: ReviewState) -> None:
    assert next_state(state, E.STOP) == S.CLOSED


def test_no_new_revision_comes_while_a_ballot_is_open() -> None:
    assert E.REVISE not in events_of(S.BALLOTING)
    assert next_state(S.DELIBERATING, E.REVISE) == S.READING


def test_a_refused_signature_opens_the_review_again() -> None:
    assert next_state(S.CLOSED, E.REOPEN) == S.DELIBERATING


@pytest.mark.parametrize("state", [S.ASSIGNED, S.READING, S.DELIBERATING])
def test_an_exempt_request_closes_a_review_that_has_nothing_open(state: ReviewState) -> None:
    assert next_state(state, E.EXEMPT) == S.CLOSED


@pytest.mark.parametrize("state", [S.QUESTIONS, S.BALLOTING, S.TABLED, S.DEFERRED, S.CLOSED])
def test_nothing_is_determined_past_a_question_a_ballot_or_somebody_who_wants_time(
    state: ReviewState,
) -> None:
    assert E.EXEMPT not in events_of(state)


def test_a_doubt_stops_a_ballot_and_the_board_deliberates_under_the_other_procedure() -> None:
    assert next_state(S.BALLOTING, E.ESCALATE) == S.DELIBERATING
    assert next_state(S.TABLED, E.ESCALATE) == S.DELIBERATING
    assert next_state(S.CLOSED, E.ESCALATE) == S.DELIBERATING
    assert E.ESCALATE not in events_of(S.READING)


def test_every_state_is_reached_and_every_event_is_used() -> None:
    reached = {S.ASSIGNED}
    while new := {after for (before, _), after in TRANSITIONS.items() if before in reached} - reached:
        reached |= new
    assert reached == set(S)
    assert {event for _, event in TRANSITIONS} == set(E)


def test_open_questions_and_deferrals_stop_the_clock() -> None:
    assert clock_of(S.QUESTIONS) == clock_of(S.DEFERRED) == "paused"
    assert clock_of(S.CLOSED) == "idle"
    assert {clock_of(state) for state in OPEN - {S.QUESTIONS, S.DEFERRED}} == {"running"}
