"""A new revision while boards review: positions on the older one are stale until affirmed."""

import pytest
from django.core.exceptions import PermissionDenied

from audit.refusal import Refused
from reviews.models import BoardReview, Motion, Revision, Stance
from reviews.permissions.balloting import why_not_open_ballot
from reviews.rules.review_lifecycle import ReviewState
from reviews.selectors.positions import is_stale, standpoints
from reviews.services.answers import save_answer
from reviews.services.blocks import raise_block
from reviews.services.positions import take_position
from reviews.services.reading import ask_question, begin_deliberation
from reviews.services.staleness import affirm_block, affirm_position
from reviews.services.submission import submit_revision
from tests.boardrooms import House, a_ballot, a_house, a_motion, all_vote, in_review
from tests.dossiers import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines, pytest.mark.usefixtures("standing_review")]


@pytest.fixture
def house() -> House:
    return a_house()


@pytest.fixture
def review(house: House) -> BoardReview:
    return house.ethics_review(in_review(house))


def revise(house: House, review: BoardReview) -> Revision:
    request = review.request
    present = request.answers.get(question="need")
    save_answer(
        actor=house.ravi, request_id=request.pk, question="need", raw=["Said again, better."],
        version=present.version, now=NOW,
    )  # fmt: skip
    revision = submit_revision(
        actor=house.ravi, request_id=request.pk, why="The need is said better.", now=NOW
    )
    review.refresh_from_db()
    return revision


def test_a_position_is_stale_on_a_new_revision_until_its_holder_affirms_it(
    house: House, review: BoardReview
) -> None:
    begin_deliberation(actor=house.chloe, review_id=review.pk, now=NOW)
    take_position(actor=house.milo, review_id=review.pk, position="for", reason="Useful.", now=NOW)
    take_position(actor=house.lena, review_id=review.pk, position="against", reason="Risky.", now=NOW)
    revision = revise(house, review)
    assert (review.revision, review.state) == (revision, ReviewState.READING)
    assert {s.name: s.is_stale for s in standpoints(review)} == {"Milo Member": True, "Lena Lay": True}
    affirm_position(actor=house.milo, review_id=review.pk, now=NOW)
    assert {s.name: s.is_stale for s in standpoints(review)} == {"Milo Member": False, "Lena Lay": True}
    assert Stance.objects.filter(person=house.milo).count() == 2, "an affirmation is a row of its own"


def test_a_block_stays_standing_on_a_new_revision_and_is_affirmed_by_its_holder_only(
    house: House, review: BoardReview
) -> None:
    block = raise_block(actor=house.lena, review_id=review.pk, text="Too few questions.", now=NOW)
    revise(house, review)
    block.refresh_from_db()
    assert block.state == "standing"
    assert is_stale(block, review)
    with pytest.raises(PermissionDenied):
        affirm_block(actor=house.chloe, block_id=block.pk, now=NOW)
    affirm_block(actor=house.lena, block_id=block.pk, now=NOW)
    block.refresh_from_db()
    assert not is_stale(block, review)


def test_no_revision_comes_while_a_ballot_is_open(house: House, review: BoardReview) -> None:
    a_ballot(house, review)
    with pytest.raises(Refused, match="A ballot on the present revision is open"):
        revise(house, review)
    assert Revision.objects.filter(request=review.request).count() == 1


def test_a_motion_about_the_older_revision_is_not_put(house: House, review: BoardReview) -> None:
    motion = a_motion(house, review)
    revise(house, review)
    motion = Motion.objects.get(pk=motion.pk)
    assert motion.withdrawn_at is not None
    assert why_not_open_ballot(house.sena, motion, NOW) is not None


def test_a_board_that_had_passed_judges_the_new_revision_too(house: House) -> None:
    request = in_review(house, ["ethics", "safety"])
    all_vote(house, a_ballot(house, house.ethics_review(request)))
    assert house.ethics_review(request).state == ReviewState.CLOSED
    revise(house, house.safety_review(request))
    ethics = house.ethics_review(request)
    assert (ethics.state, ethics.passed, ethics.revision.number) == (ReviewState.ASSIGNED, "", 2)
    all_vote(house, a_ballot(house, house.safety_review(request), mover="sid"), names=("sid", "mara"))
    request.refresh_from_db()
    assert request.state == "in_review", "nothing is approved that a board has not judged"


def test_open_questions_stay_open_on_a_new_revision(house: House, review: BoardReview) -> None:
    ask_question(actor=house.milo, review_id=review.pk, text="Who was heard?", now=NOW)
    revise(house, review)
    assert review.state == ReviewState.QUESTIONS
    assert review.questions.get().is_open
