"""Declared interests and recusals."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from audit.refusal import Refused
from reviews.models import Block, BoardReview, Decision, Recusal
from reviews.permissions.sight import may_read_record, visible_to, why_not_see_deliberation
from reviews.rules.lifecycle import RequestState
from reviews.rules.review_lifecycle import ReviewState
from reviews.services.interests import declare_interest, judge_interest, recuse
from tests.boardrooms import House, a_ballot, a_house, all_vote, in_review, verbs_about, vote
from tests.dossiers import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines, pytest.mark.usefixtures("standing_house")]


@pytest.fixture
def house() -> House:
    return a_house()


@pytest.fixture
def review(house: House) -> BoardReview:
    return house.ethics_review(in_review(house))


def recusing(house: House, review: BoardReview, name: str) -> Recusal:
    return recuse(
        actor=house.people[name],
        request_id=review.request_id,
        kind="financial",
        reason="I hold shares.",
        now=NOW,
    )


def test_the_conflict_screen_recuses_line_managers_when_the_request_is_routed(
    house: House, review: BoardReview
) -> None:
    recusal = Recusal.objects.get(request=review.request)
    assert (recusal.person, recusal.kind, recusal.made_by) == (house.rex, "line_manager", None)


def test_a_vote_falls_out_when_its_holder_recuses_themself_and_the_ballot_goes_on_without_them(
    house: House, review: BoardReview
) -> None:
    ballot = a_ballot(house, review)
    vote(house, ballot, "milo", "against")
    all_vote(house, ballot, names=("chloe", "mara"))
    recusing(house, review, "milo")
    ballot = vote(house, ballot, "lena")
    threshold, quorum = ballot.closing["threshold"], ballot.closing["quorum"]
    assert (threshold["base"], threshold["votes_for"], threshold["votes_against"]) == (3, 3, 0)
    assert (quorum["recused"], quorum["present"], ballot.result) == (2, 3, "passed")
    with pytest.raises(PermissionDenied):
        vote(house, ballot, "milo", reason="After all.")


def test_the_last_outstanding_vote_may_fall_out_and_then_the_ballot_closes(
    house: House, review: BoardReview
) -> None:
    ballot = a_ballot(house, review)
    all_vote(house, ballot, names=("chloe", "mara", "lena"))
    recusing(house, review, "milo")
    ballot.refresh_from_db()
    assert (ballot.state, ballot.result, ballot.because) == ("closed", "passed", "all_voted")


def test_a_ballot_that_loses_its_quorum_is_tabled_not_decided(house: House, review: BoardReview) -> None:
    ballot = a_ballot(house, review, absent=("mara",))
    all_vote(house, ballot, names=("chloe", "lena"))
    recusing(house, review, "milo")
    ballot.refresh_from_db()
    review.refresh_from_db()
    assert (ballot.result, review.state) == ("tabled", ReviewState.TABLED)
    assert not Decision.objects.exists()
    again = a_ballot(house, review, mover="chloe", seconder="mara")
    assert again.state == "open", "it goes on when quorum is back"


def test_who_is_recused_loses_sight_of_deliberation_and_record_but_not_of_the_request(
    house: House, review: BoardReview
) -> None:
    request = review.request
    assert why_not_see_deliberation(house.milo, request, NOW) is None
    recusing(house, review, "milo")
    fresh = visible_to(house.milo, NOW).get(pk=request.pk)
    assert why_not_see_deliberation(house.milo, fresh, NOW) == "You are recused from this request."
    assert not may_read_record(house.milo, str(request.pk), NOW)
    assert may_read_record(house.chloe, str(request.pk), NOW)


def test_a_recusal_can_be_neither_repeated_nor_made_for_others(house: House, review: BoardReview) -> None:
    recusing(house, review, "milo")
    with pytest.raises(PermissionDenied):
        recusing(house, review, "milo")
    with pytest.raises(PermissionDenied):
        recusing(house, review, "ravi")
    with pytest.raises(Refused):
        recuse(actor=house.mara, request_id=review.request_id, kind="other", reason=" ", now=NOW)
    assert Recusal.objects.count() == 2
    assert verbs_about(review.request).count("member.recused") == 2


def test_an_interest_is_judged_by_a_chair_or_secretary_and_a_conflict_recuses(
    house: House, review: BoardReview
) -> None:
    declaration = declare_interest(
        actor=house.mara, request_id=review.request_id, kind="professional", text="I advised them.", now=NOW
    )
    given: dict[str, Any] = {
        "declaration_id": declaration.pk,
        "is_conflict": True,
        "finding": "Too near.",
        "now": NOW,
    }
    for name in ("mara", "milo", "ravi", "rex"):
        with pytest.raises(PermissionDenied):
            judge_interest(actor=house.people[name], **given)
    judge_interest(actor=house.chloe, **given)
    assert Recusal.objects.filter(person=house.mara, kind="professional").exists()
    ballot = a_ballot(house, review, mover="milo", seconder="lena")
    assert ballot.seats.get(person=house.mara).recused


def test_an_interest_that_is_no_conflict_recuses_nobody(house: House, review: BoardReview) -> None:
    declaration = declare_interest(
        actor=house.mara, request_id=review.request_id, kind="professional", text="We met once.", now=NOW
    )
    judge_interest(
        actor=house.sena, declaration_id=declaration.pk, is_conflict=False, finding="Fine.", now=NOW
    )
    assert not Recusal.objects.filter(person=house.mara).exists()


def test_own_recusal_ends_ones_blocks_but_a_finding_of_conflict_does_not(
    house: House, review: BoardReview
) -> None:
    ballot = a_ballot(house, review)
    vote(house, ballot, "lena", block_text="Not yet.")
    vote(house, ballot, "mara", block_text="Nor I.")
    recusing(house, review, "lena")
    assert Block.objects.get(holder=house.lena).state == "cleared"
    declaration = declare_interest(
        actor=house.mara, request_id=review.request_id, kind="personal", text="A cousin.", now=NOW
    )
    judge_interest(
        actor=house.sena, declaration_id=declaration.pk, is_conflict=True, finding="Near.", now=NOW
    )
    assert Block.objects.get(holder=house.mara).state == "standing", "nobody removes another one's block"
    review.request.refresh_from_db()
    assert review.request.state == RequestState.IN_REVIEW
