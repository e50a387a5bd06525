"""The table of requests, against process.md section 2 written out by hand."""

import pytest

from reviews.rules.lifecycle import (
    BEFORE_APPROVAL,
    FINAL,
    TRANSITIONS,
    NoSuchTransition,
    RequestEvent,
    RequestState,
    events_of,
    lifting,
    next_state,
)

S, E = RequestState, RequestEvent


@pytest.mark.parametrize(
    ("before", "event", "after"),
    [
        ("draft", "submit", "submitted"),
        ("submitted", "send_back", "draft"),
        ("submitted", "accept", "triage"),
        ("triage", "route", "in_review"),
        ("in_review", "boards_approve", "decided"),
        ("in_review", "boards_return", "draft"),
        ("in_review", "boards_reject", "rejected"),
        ("in_review", "exempt", "decided"),
        ("decided", "sign", "approved"),
        ("decided", "refuse", "in_review"),
        ("approved", "release", "released"),
        ("approved", "suspend", "suspended"),
        ("released", "suspend", "suspended"),
        ("suspended", "lift", "approved"),
        ("suspended", "lift_after_release", "released"),
        ("suspended", "withdraw", "withdrawn"),
        ("approved", "expire", "expired"),
        ("released", "expire", "expired"),
        ("approved", "supersede", "superseded"),
        ("released", "supersede", "superseded"),
    ],
)
def test_each_row_of_the_process_is_a_row_of_the_table(before: str, event: str, after: str) -> None:
    assert next_state(S(before), E(event)) == S(after)


@pytest.mark.parametrize("state", sorted(BEFORE_APPROVAL))
def test_a_request_can_be_withdrawn_at_any_time_before_its_approval(state: RequestState) -> None:
    assert next_state(state, E.WITHDRAW) == S.WITHDRAWN


@pytest.mark.parametrize("state", [S.APPROVED, S.RELEASED, *sorted(FINAL)])
def test_an_approval_in_force_and_an_end_cannot_be_withdrawn(state: RequestState) -> None:
    with pytest.raises(NoSuchTransition):
        next_state(state, E.WITHDRAW)


@pytest.mark.parametrize("state", sorted(set(S) - {S.DECIDED}))
def test_only_what_is_decided_is_signed(state: RequestState) -> None:
    with pytest.raises(NoSuchTransition) as refusal:
        next_state(state, E.SIGN)
    assert (refusal.value.state, refusal.value.event) == (state, E.SIGN)


@pytest.mark.parametrize("state", sorted(set(S) - {S.APPROVED}))
def test_only_what_is_approved_is_released(state: RequestState) -> None:
    assert E.RELEASE not in events_of(state)


@pytest.mark.parametrize("state", [S.REJECTED, S.SUSPENDED])
def test_an_appeal_leaves_the_state_as_it_is(state: RequestState) -> None:
    assert next_state(state, E.APPEAL) == state


def test_a_suspension_ends_where_it_began() -> None:
    for state in (S.APPROVED, S.RELEASED):
        suspended = next_state(state, E.SUSPEND)
        assert next_state(suspended, lifting(state)) == state
    with pytest.raises(ValueError, match="Nothing is suspended from draft"):
        lifting(S.DRAFT)


def test_nothing_leads_out_of_an_end_but_an_appeal() -> None:
    leaving = {(before, event): after for (before, event), after in TRANSITIONS.items() if before in FINAL}
    assert leaving == {(S.REJECTED, E.APPEAL): S.REJECTED, (S.REJECTED, E.HEAR_APPEAL): S.IN_REVIEW}


def test_a_panel_reviews_a_rejected_request_again_and_a_suspended_one_stays_suspended_meanwhile() -> None:
    assert next_state(S.REJECTED, E.HEAR_APPEAL) == S.IN_REVIEW
    assert next_state(S.SUSPENDED, E.HEAR_APPEAL) == S.SUSPENDED
    for state in set(S) - {S.REJECTED, S.SUSPENDED}:
        assert not {E.APPEAL, E.HEAR_APPEAL} & set(events_of(state))


def test_only_an_approval_is_overturned_and_that_is_its_end() -> None:
    overturned = {before: after for (before, event), after in TRANSITIONS.items() if event == E.OVERTURN}
    assert overturned == dict.fromkeys((S.APPROVED, S.RELEASED, S.SUSPENDED), S.WITHDRAWN)


def test_every_state_is_reached_from_draft_and_every_event_is_used() -> None:
    reached = {S.DRAFT}
    while new := {after for (before, _), after in TRANSITIONS.items() if before in reached} - reached:
        reached |= new
    assert reached == set(S)
    assert {event for _, event in TRANSITIONS} == set(E)


def test_the_only_way_to_an_approval_leads_through_a_decision_and_signatures() -> None:
    into = [(before, event) for (before, event), after in TRANSITIONS.items() if after == S.APPROVED]
    assert into == [(S.DECIDED, E.SIGN), (S.SUSPENDED, E.LIFT)]
    decided = [(before, event) for (before, event), after in TRANSITIONS.items() if after == S.DECIDED]
    assert decided == [(S.IN_REVIEW, E.BOARDS_APPROVE), (S.IN_REVIEW, E.EXEMPT)]
