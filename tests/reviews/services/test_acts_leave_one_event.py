"""Each act of a person leaves exactly one event of theirs; a refused act leaves none; a reader needs few queries."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Event
from audit.reconciling.running import reconcile
from reviews.models import Decision
from reviews.services.blocks import clear_block, raise_block
from reviews.services.discussing import comment_on_answer, settle_comment
from reviews.services.interests import declare_interest, recuse
from reviews.services.motions import move_motion, second_motion, withdraw_motion
from reviews.services.opening import open_ballot
from reviews.services.positions import take_position
from reviews.services.reading import (
    answer_question,
    ask_question,
    begin_deliberation,
)
from reviews.services.signing import refuse_to_sign
from tests.boardrooms import House, a_ballot, a_house, a_motion, all_vote, decided, in_review, sign, vote
from tests.dossiers import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines, pytest.mark.usefixtures("standing_review")]
PUT_THERE = ("reviews.answer", "reviews.answerfile")  # by the tests, without their services


@pytest.fixture
def house() -> House:
    return a_house()


def events_of(house: House, name: str) -> int:
    return Event.objects.filter(actor=str(house.people[name].pseudonym)).count()


def one(house: House, name: str, act: Callable[[], object]) -> object:
    before = events_of(house, name)
    result = act()
    assert events_of(house, name) == before + 1
    return result


def test_reading_and_talking(house: House) -> None:
    request = in_review(house)
    review = house.ethics_review(request)
    given: dict[str, Any] = {"review_id": review.pk, "now": NOW}
    comment = comment_on_answer(actor=house.milo, request_id=request.pk, text="Thin.", now=NOW)
    assert events_of(house, "milo") == 1
    one(house, "chloe", lambda: settle_comment(actor=house.chloe, comment_id=comment.pk, now=NOW))
    question = ask_question(actor=house.lena, review_id=review.pk, text="Who?", now=NOW)
    assert events_of(house, "lena") == 1
    one(
        house,
        "ravi",
        lambda: answer_question(actor=house.ravi, question_id=question.pk, text="They.", now=NOW),
    )
    one(house, "sena", lambda: begin_deliberation(actor=house.sena, **given))
    one(house, "milo", lambda: take_position(actor=house.milo, position="for", reason="Good.", **given))
    one(
        house,
        "mara",
        lambda: declare_interest(actor=house.mara, request_id=request.pk, kind="other", text="x", now=NOW),
    )
    one(
        house,
        "mara",
        lambda: recuse(actor=house.mara, request_id=request.pk, kind="other", reason="x", now=NOW),
    )
    block = raise_block(actor=house.lena, text="Not yet.", **given)
    one(house, "lena", lambda: clear_block(actor=house.lena, block_id=block.pk, reason="Now.", now=NOW))


def test_from_the_motion_to_the_signature(house: House) -> None:
    review = house.ethics_review(in_review(house))
    motion = move_motion(actor=house.milo, review_id=review.pk, kind="approve", text="Yes.", now=NOW)
    assert events_of(house, "milo") == 1
    one(house, "milo", lambda: withdraw_motion(actor=house.milo, motion_id=motion.pk, now=NOW))
    again = move_motion(actor=house.milo, review_id=review.pk, kind="approve", text="Yes.", now=NOW)
    one(house, "mara", lambda: second_motion(actor=house.mara, motion_id=again.pk, now=NOW))
    ballot = open_ballot(actor=house.chloe, motion_id=again.pk, now=NOW)
    assert events_of(house, "chloe") == 1
    all_vote(house, ballot, names=("chloe", "milo", "mara"))
    one(house, "lena", lambda: vote(house, ballot, "lena"))
    decision = review.request.decisions.get()
    one(house, "lex", lambda: sign(house, decision, "legal", "lex"))
    one(house, "chloe", lambda: sign(house, decision, "chair", "chloe"))


def test_refusing_to_sign(house: House) -> None:
    decision = decided(house, in_review(house))
    one(
        house,
        "lex",
        lambda: refuse_to_sign(actor=house.lex, decision_id=decision.pk, role="legal", reason="No.", now=NOW),
    )


def test_an_act_that_was_refused_leaves_nothing(house: House) -> None:
    review = house.ethics_review(in_review(house))
    motion = a_motion(house, review)
    before = Event.objects.count()
    with pytest.raises(PermissionDenied):
        open_ballot(actor=house.milo, motion_id=motion.pk, now=NOW)
    with pytest.raises(PermissionDenied):
        raise_block(actor=house.rex, review_id=review.pk, text="I block.", now=NOW)
    assert Event.objects.count() == before
    review.refresh_from_db()
    assert not review.blocks.exists()


def test_a_vote_takes_few_queries(house: House) -> None:
    ballot = a_ballot(house, house.ethics_review(in_review(house)))
    with CaptureQueriesContext(
        connection,
    ) as captured:
        vote(house, ballot, "chloe")
    assert len(captured) <= 24, [query["sql"][:90] for query in captured.captured_queries]


def test_what_the_log_says_of_each_row_is_what_the_row_is(house: House) -> None:
    request = in_review(house)
    review = house.ethics_review(request)
    first = a_ballot(house, review)
    vote(house, first, "mara", "against", block_text="Not yet.")
    all_vote(house, first, names=("chloe", "milo", "lena"))
    recuse(actor=house.mara, request_id=request.pk, kind="other", reason="Shares.", now=NOW)
    refuse_to_sign(
        actor=house.lex, decision_id=Decision.objects.get().pk, role="legal", reason="Unclear.", now=NOW
    )
    all_vote(house, a_ballot(house, review, "return", seconder="lena"), names=("chloe", "milo", "lena"))
    result = reconcile()
    named = [
        found for found in result.first if found.type.startswith("reviews.") and found.type not in PUT_THERE
    ]
    assert named == []
    assert result.compared.rows > 30
