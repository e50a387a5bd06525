"""Reading: comments, questions that pause the clock, deliberation, deferral."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from audit.refusal import IllegalTransition, Refused
from reviews.models import BoardReview, ClockSpan, Comment, Question
from reviews.rules.review_lifecycle import ReviewState
from reviews.services.discussing import comment_on_answer, settle_comment
from reviews.services.reading import (
    answer_question,
    ask_question,
    begin_deliberation,
    defer_review,
    resume_review,
    withdraw_question,
)
from reviews.tasks import meet_deadlines
from tests.boardrooms import House, a_house, in_review, verbs_about
from tests.dossiers import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines, pytest.mark.usefixtures("standing_house")]
LATER = NOW + timedelta(days=4)


@pytest.fixture
def house() -> House:
    return a_house()


@pytest.fixture
def review(house: House) -> BoardReview:
    return house.ethics_review(in_review(house))


def state_of(review: BoardReview) -> str:
    return BoardReview.objects.values_list("state", flat=True).get(pk=review.pk)


def clock(review: BoardReview) -> list[str]:
    return list(
        ClockSpan.objects.filter(request=review.request).order_by("id").values_list("state", flat=True)
    )


def test_an_open_question_pauses_the_clock_and_the_deadline_moves_by_the_pause(
    house: House, review: BoardReview
) -> None:
    due = review.due_at
    first = ask_question(
        actor=house.milo, review_id=review.pk, text="Who was heard?", question_key="need", now=NOW
    )
    second = ask_question(actor=house.lena, review_id=review.pk, text="And when?", now=NOW)
    assert (first.number, second.number, state_of(review)) == (1, 2, ReviewState.QUESTIONS)
    answer_question(actor=house.ravi, question_id=first.pk, text="Two councils.", now=LATER)
    assert (state_of(review), clock(review)) == (ReviewState.QUESTIONS, ["running", "paused"])
    answer_question(actor=house.ravi, question_id=second.pk, text="In May.", now=LATER)
    review.refresh_from_db()
    assert (review.state, clock(review)) == (ReviewState.READING, ["running", "paused", "running"])
    assert review.due_at == due + timedelta(days=4)


def test_questions_are_answered_by_the_requesters_side_and_once(house: House, review: BoardReview) -> None:
    question = ask_question(actor=house.milo, review_id=review.pk, text="Who was heard?", now=NOW)
    for name in ("chloe", "sena", "rex", "lex"):
        with pytest.raises(PermissionDenied):
            answer_question(actor=house.people[name], question_id=question.pk, text="Nobody.", now=NOW)
    with pytest.raises(Http404):
        answer_question(actor=house.ugo, question_id=question.pk, text="Nobody.", now=NOW)
    answer_question(actor=house.ravi, question_id=question.pk, text="Two councils.", now=NOW)
    with pytest.raises(IllegalTransition):
        answer_question(actor=house.ravi, question_id=question.pk, text="Three.", now=NOW)
    assert Question.objects.get().answer == "Two councils."
    assert verbs_about(review.request).count("question.answered") == 1


@pytest.mark.parametrize("name", ["rex", "ravi", "lex"])
def test_who_does_not_sit_on_the_board_or_is_recused_asks_nothing(
    house: House, review: BoardReview, name: str
) -> None:
    with pytest.raises(PermissionDenied):
        ask_question(actor=house.people[name], review_id=review.pk, text="Why?", now=NOW)
    assert not Question.objects.exists()


def test_a_withdrawn_question_lets_the_clock_run_on(house: House, review: BoardReview) -> None:
    question = ask_question(actor=house.milo, review_id=review.pk, text="Who was heard?", now=NOW)
    with pytest.raises(PermissionDenied):
        withdraw_question(actor=house.mara, question_id=question.pk, now=NOW)
    withdraw_question(actor=house.milo, question_id=question.pk, now=NOW)
    assert (state_of(review), clock(review)[-1]) == (ReviewState.READING, "running")


def test_what_a_board_says_among_itself_is_not_for_the_requester(house: House, review: BoardReview) -> None:
    given: dict[str, Any] = {"request_id": review.request_id, "question_key": "need", "now": NOW}
    ours = comment_on_answer(actor=house.milo, text="Thin.", audience="board", **given)
    assert (ours.review, ours.audience) == (review, "board")
    for name in ("ravi", "rex"):
        with pytest.raises(Http404):  # as if there were no such comment
            comment_on_answer(
                actor=house.people[name], text="I saw that.", answers=ours.pk, audience="everyone", **given
            )
    shared = comment_on_answer(actor=house.milo, text="Say more.", audience="everyone", **given)
    reply = comment_on_answer(actor=house.ravi, text="Done.", answers=shared.pk, **given)
    assert (reply.audience, reply.review) == ("everyone", None)
    question = ask_question(actor=house.milo, review_id=review.pk, text="Who was heard?", now=NOW)
    with pytest.raises(Http404):  # would bring the requester into what the board says among itself
        comment_on_answer(actor=house.milo, text="x", answers=ours.pk, question=question.pk, **given)
    with pytest.raises(Http404):
        comment_on_answer(actor=house.ugo, text="Hello.", audience="everyone", **given)
    assert Comment.objects.count() == 3


def test_a_thread_is_settled_by_its_author_or_a_chair_and_once(house: House, review: BoardReview) -> None:
    comment = comment_on_answer(actor=house.milo, request_id=review.request_id, text="Thin.", now=NOW)
    with pytest.raises(PermissionDenied):
        settle_comment(actor=house.mara, comment_id=comment.pk, now=NOW)
    settle_comment(actor=house.chloe, comment_id=comment.pk, now=NOW)
    with pytest.raises(IllegalTransition):
        settle_comment(actor=house.milo, comment_id=comment.pk, now=NOW)


def test_the_chair_or_the_secretary_begins_the_deliberation(house: House, review: BoardReview) -> None:
    with pytest.raises(PermissionDenied):
        begin_deliberation(actor=house.milo, review_id=review.pk, now=NOW)
    begin_deliberation(actor=house.sena, review_id=review.pk, now=NOW)
    assert state_of(review) == ReviewState.DELIBERATING
    with pytest.raises(IllegalTransition):
        begin_deliberation(actor=house.chloe, review_id=review.pk, now=NOW)


def test_a_review_is_put_off_once_for_each_member_and_goes_on_by_itself_on_its_day(
    house: House, review: BoardReview
) -> None:
    begin_deliberation(actor=house.sena, review_id=review.pk, now=NOW)
    given: dict[str, Any] = {"actor": house.milo, "review_id": review.pk, "reason": "I was away."}
    with pytest.raises(Refused):
        defer_review(until=date(2026, 11, 24), now=NOW, **given)
    with pytest.raises(Refused, match="five years"):
        defer_review(until=date(9999, 12, 31), now=NOW, **given)
    deferral = defer_review(until=date(2026, 11, 28), now=NOW, **given)
    assert deferral.until.date() == date(2026, 11, 30), "28 November is a Saturday"
    assert clock(review)[-1] == "paused"
    assert meet_deadlines(NOW) == 0
    assert meet_deadlines(deferral.until + timedelta(days=3)) == 1
    assert (state_of(review), clock(review)[-1]) == (ReviewState.DELIBERATING, "running")
    with pytest.raises(Refused, match="once"):
        defer_review(until=date(2026, 12, 9), now=NOW + timedelta(days=10), **given)


def test_the_chair_lets_a_deferred_review_go_on_earlier(house: House, review: BoardReview) -> None:
    begin_deliberation(actor=house.sena, review_id=review.pk, now=NOW)
    defer_review(actor=house.milo, review_id=review.pk, until=date(2026, 12, 9), reason="Away.", now=NOW)
    with pytest.raises(PermissionDenied):
        resume_review(actor=house.milo, review_id=review.pk, now=LATER)
    resume_review(actor=house.chloe, review_id=review.pk, now=LATER)
    assert state_of(review) == ReviewState.DELIBERATING
