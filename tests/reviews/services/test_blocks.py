"""Blocking positions hold an approval until their holder clears them or a ballot overrides them."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from audit.refusal import IllegalTransition, Refused
from reviews.models import Ballot, Block, Decision
from reviews.rules.lifecycle import RequestState
from reviews.rules.review_lifecycle import ReviewState
from reviews.services.blocks import clear_block, raise_block
from reviews.services.closing import close_at_deadline
from tests.boardrooms import House, a_ballot, a_house, all_vote, in_review, verbs_about, vote
from tests.dossiers import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines, pytest.mark.usefixtures("standing_review")]


@pytest.fixture
def house() -> House:
    return a_house()


def held(house: House) -> Ballot:
    request = in_review(house)
    ballot = a_ballot(house, house.ethics_review(request))
    vote(house, ballot, "lena", "against", block_text="Night crews were not heard.")
    return all_vote(house, ballot, names=("chloe", "milo", "mara"))


def test_a_motion_with_its_votes_is_held_while_a_block_stands(house: House) -> None:
    ballot = held(house)
    assert (ballot.state, ballot.result, ballot.closed_at) == ("held", "", None)
    assert ballot.closing["threshold"]["passed"] is True
    assert not Decision.objects.exists()
    assert house.ethics_review(ballot.request).state == ReviewState.BALLOTING
    assert "ballot.closed" not in verbs_about(ballot.request)


def test_only_its_holder_clears_a_block_and_then_the_motion_passes(house: House) -> None:
    ballot = held(house)
    block = Block.objects.get()
    for name in ("chloe", "milo", "sena"):
        with pytest.raises(PermissionDenied):
            clear_block(actor=house.people[name], block_id=block.pk, reason="Enough.", now=NOW)
    with pytest.raises(Refused):
        clear_block(actor=house.lena, block_id=block.pk, reason=" ", now=NOW)
    clear_block(actor=house.lena, block_id=block.pk, reason="They were heard.", now=NOW)
    ballot.refresh_from_db()
    assert (ballot.state, ballot.result) == ("closed", "passed")
    assert Decision.objects.get().outcome == "approved"


def test_a_held_ballot_fails_at_its_deadline_and_can_not_be_saved_afterwards(house: House) -> None:
    ballot = held(house)
    late = ballot.deadline + timedelta(minutes=1)
    clear_block(actor=house.lena, block_id=Block.objects.get().pk, reason="Too late.", now=late)
    ballot.refresh_from_db()
    assert (ballot.result, ballot.because, ballot.closed_at) == ("failed", "deadline", ballot.deadline)
    assert not close_at_deadline(ballot_id=ballot.pk, now=late)
    ballot.request.refresh_from_db()
    assert ballot.request.state == RequestState.IN_REVIEW
    assert house.ethics_review(ballot.request).state == ReviewState.DELIBERATING


def test_an_override_ballot_ends_the_block_and_what_it_held_passes(house: House) -> None:
    ballot = held(house)
    review = house.ethics_review(ballot.request)
    with pytest.raises(IllegalTransition):
        a_ballot(house, review, "approve")
    override = a_ballot(house, review, "override", block_id=Block.objects.get().pk)
    assert override.deadline <= ballot.deadline
    vote(house, override, "lena", "against")
    all_vote(house, override, names=("chloe", "milo", "mara"))
    block = Block.objects.get()
    assert (block.state, block.ended_by_ballot) == ("overridden", override)
    ballot.refresh_from_db()
    assert (ballot.state, ballot.result) == ("closed", "passed")
    assert Decision.objects.count() == 1


def test_an_override_that_has_its_votes_at_the_common_deadline_saves_the_held_motion(house: House) -> None:
    ballot = held(house)
    review = house.ethics_review(ballot.request)
    override = a_ballot(house, review, "override", block_id=Block.objects.get().pk)
    assert override.deadline == ballot.deadline
    all_vote(house, override, names=("chloe", "milo", "mara"))
    assert close_at_deadline(ballot_id=ballot.pk, now=ballot.deadline + timedelta(hours=1))
    ballot.refresh_from_db()
    override.refresh_from_db()
    assert (override.result, override.because, ballot.result) == ("passed", "deadline", "passed")
    assert Decision.objects.count() == 1


def test_an_override_that_fails_leaves_the_block_standing(house: House) -> None:
    ballot = held(house)
    review = house.ethics_review(ballot.request)
    override = a_ballot(house, review, "override", block_id=Block.objects.get().pk)
    vote(house, override, "chloe")
    vote(house, override, "milo")
    vote(house, override, "mara", "against")
    vote(house, override, "lena", "against")
    assert Block.objects.get().state == "standing"
    ballot.refresh_from_db()
    assert ballot.state == "held"
    assert not Decision.objects.exists()


def test_a_block_before_any_ballot_is_overridden_and_the_board_goes_on(house: House) -> None:
    review = house.ethics_review(in_review(house))
    block = raise_block(
        actor=house.lena, review_id=review.pk, text="Too few questions.", now=NOW, question_key="need"
    )
    override = a_ballot(house, review, "override", block_id=block.pk)
    all_vote(house, override)
    block.refresh_from_db()
    assert block.state == "overridden"
    assert house.ethics_review(review.request).state == ReviewState.DELIBERATING
    assert not Decision.objects.exists(), "overriding a block approves nothing"


def test_a_block_needs_a_text_and_a_seat_and_is_taken_once(house: House) -> None:
    review = house.ethics_review(in_review(house))
    with pytest.raises(Refused):
        raise_block(actor=house.milo, review_id=review.pk, text=" ", now=NOW)
    with pytest.raises(PermissionDenied):
        raise_block(actor=house.rex, review_id=review.pk, text="I block.", now=NOW)
    raise_block(actor=house.milo, review_id=review.pk, text="I block.", now=NOW)
    with pytest.raises(IllegalTransition):
        raise_block(actor=house.milo, review_id=review.pk, text="Again.", now=NOW)
    assert Block.objects.count() == 1


def test_a_block_does_not_hold_a_motion_to_return(house: House) -> None:
    request = in_review(house)
    review = house.ethics_review(request)
    raise_block(actor=house.milo, review_id=review.pk, text="I block.", now=NOW)
    all_vote(house, a_ballot(house, review, "return"))
    request.refresh_from_db()
    assert request.state == RequestState.DRAFT
