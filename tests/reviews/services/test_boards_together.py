"""Several boards on one request: all must approve, one returns or rejects."""

from datetime import date
from typing import Any

import pytest

from reviews.models import Ballot, BoardReview, Condition, Decision, Question, ReviewRequest
from reviews.rules.lifecycle import RequestState
from reviews.rules.review_lifecycle import ReviewState
from reviews.services.motions import ConditionDraft
from reviews.services.reading import ask_question
from tests.boardrooms import House, a_ballot, a_house, all_vote, in_review, verbs_about, vote
from tests.dossiers import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines, pytest.mark.usefixtures("standing_house")]


@pytest.fixture
def house() -> House:
    return a_house()


@pytest.fixture
def request_of_two(house: House) -> ReviewRequest:
    return in_review(house, ["ethics", "safety"])


def safety_ballot(house: House, request: ReviewRequest, kind: str = "approve", **given: Any) -> Ballot:
    return a_ballot(house, house.safety_review(request), kind, mover="sid", **given)


def draft(house: House, text: str, verifier: str) -> ConditionDraft:
    return ConditionDraft(text, house.ravi.pk, date(2026, 12, 31), house.people[verifier].pk, True)


def test_the_request_waits_until_every_board_has_passed_a_motion_to_approve(
    house: House, request_of_two: ReviewRequest
) -> None:
    all_vote(house, a_ballot(house, house.ethics_review(request_of_two)))
    request_of_two.refresh_from_db()
    assert request_of_two.state == RequestState.IN_REVIEW
    assert not Decision.objects.exists()
    all_vote(house, safety_ballot(house, request_of_two), names=("sid", "mara"))
    request_of_two.refresh_from_db()
    assert request_of_two.state == RequestState.DECIDED
    assert Decision.objects.get().outcome == "approved"


def test_the_conditions_of_all_boards_are_joined_in_the_order_of_the_boards(
    house: House, request_of_two: ReviewRequest
) -> None:
    safety = safety_ballot(
        house, request_of_two, "approve_with_conditions", conditions=[draft(house, "Test refusals.", "sid")]
    )
    all_vote(house, safety, names=("sid", "mara"))
    ethics = a_ballot(
        house, house.ethics_review(request_of_two), "approve_with_conditions",
        conditions=[draft(house, "Name the sources.", "milo"), draft(house, "Report twice.", "lena")],
    )  # fmt: skip
    all_vote(house, ethics)
    decision = Decision.objects.get()
    assert decision.outcome == "approved_with_conditions"
    found = Condition.objects.filter(decision=decision).order_by("number")
    assert [(c.number, c.text) for c in found] == [
        (1, "Name the sources."), (2, "Report twice."), (3, "Test refusals."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "state", "outcome"),
    [("return", RequestState.DRAFT, "returned"), ("reject", RequestState.REJECTED, "rejected")],
)
def test_one_board_that_returns_or_rejects_ends_it_and_the_others_work_stops_with_a_note(
    house: House, request_of_two: ReviewRequest, kind: str, state: RequestState, outcome: str
) -> None:
    open_one = a_ballot(house, house.ethics_review(request_of_two))
    vote(house, open_one, "milo")
    all_vote(house, safety_ballot(house, request_of_two, kind), names=("sid", "mara"))
    request_of_two.refresh_from_db()
    assert request_of_two.state == state
    decision = Decision.objects.get()
    assert (decision.outcome, decision.status, decision.valid_until) == (outcome, "final", None)
    open_one.refresh_from_db()
    assert (open_one.state, open_one.result, open_one.because) == ("closed", "stopped", "stopped")
    assert open_one.votes.count() == 1, "nothing is deleted"
    ethics = house.ethics_review(request_of_two)
    assert (ethics.state, ethics.passed) == (ReviewState.CLOSED, "")
    assert "Safety board" in ethics.note
    assert "request.approved" not in verbs_about(request_of_two)


def test_open_questions_of_a_stopped_board_wait_for_nobody_any_more(
    house: House, request_of_two: ReviewRequest
) -> None:
    ask_question(actor=house.milo, review_id=house.ethics_review(request_of_two).pk, text="Who?", now=NOW)
    all_vote(house, safety_ballot(house, request_of_two, "return"), names=("sid", "mara"))
    assert not Question.objects.get().is_open
    assert not BoardReview.objects.exclude(state=ReviewState.CLOSED).exists()
