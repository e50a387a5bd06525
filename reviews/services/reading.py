"""Reading: questions to the requester and their answers, deliberation and deferral."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reviews.models import BoardReview, Deferral, Question
from reviews.permissions import reviewing
from reviews.permissions.reasons import require
from reviews.rules.deadlines import FARTHEST
from reviews.rules.explaining import DateKind
from reviews.rules.review_lifecycle import ReviewEvent, ReviewState
from reviews.selectors.calendar import calendar_of, local_day
from reviews.services.clock import set_clock
from reviews.services.locking import lock_request, question_to_change, review_to_change
from reviews.services.mentions import people_named, tell_named
from reviews.services.passages import place_of
from reviews.services.progress import move_review
from reviews.services.reckoning import keep, reckon


@transaction.atomic
def ask_question(
    *,
    actor: User,
    review_id: int,
    text: str,
    now: datetime,
    question_key: str = "",
    quote: str = "",
    nth: int | None = None,
) -> Question:
    """Ask the requester; the clock stands until all open questions are answered. `quote`, `nth`: see `place_of`."""
    review = review_to_change(actor, review_id, now)
    require(reviewing.why_not_ask(actor, review, now))
    if not text.strip():
        raise Refused(_("Write the question first."))
    place = place_of(review.revision, question_key, quote, nth)
    named = people_named(text, review.request, "everyone", now)
    if review.state == ReviewState.ASSIGNED:
        move_review(review, ReviewEvent.READ, now)
    move_review(review, ReviewEvent.ASK, now)
    last = Question.objects.filter(request=review.request).aggregate(last=Max("number"))["last"] or 0
    reckoned = reckon(DateKind.QUESTION, review.board, now, procedure=review.request.procedure)
    question = Question.objects.create(
        request=review.request,
        review=review,
        number=last + 1,
        **place,
        text=text.strip(),
        asked_by=actor,
        asked_at=now,
        due_at=reckoned.due,
    )
    keep(question, reckoned, now=now, request=review.request)
    set_clock(review.request, now)
    trail.record(
        "question.asked", obj=question, actor=actor, now=now, also=[review],
        data={"number": question.number, "question": question_key},
    )  # fmt: skip
    tell_named(named, question, actor, f"question-{question.number}", now)
    return question


@transaction.atomic
def answer_question(*, actor: User, question_id: int, text: str, now: datetime) -> Question:
    """Answer a question; with the last answer the board reads on and the clock runs again.

    An answer that changes the dossier is a new revision, which the requester submits apart from it.
    """
    question = question_to_change(actor, question_id, now)
    require(reviewing.why_not_answer(actor, question, now))
    if not text.strip():
        raise Refused(_("Write the answer first."))
    question.answer, question.answered_by, question.answered_at = text.strip(), actor, now
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    moved = _read_on(question, now)
    data = {"number": question.number}
    trail.record("question.answered", obj=question, actor=actor, now=now, data=data, also=moved)
    return question


@transaction.atomic
def withdraw_question(*, actor: User, question_id: int, now: datetime) -> Question:
    """Withdraw an open question."""
    question = question_to_change(actor, question_id, now)
    require(reviewing.why_not_withdraw_question(actor, question, now))
    question.withdrawn_at = now
    question.save(update_fields=["withdrawn_at"])
    moved = _read_on(question, now)
    data = {"number": question.number}
    trail.record("question.withdrawn", obj=question, actor=actor, now=now, data=data, also=moved)
    return question


def _read_on(question: Question, now: datetime) -> list[BoardReview]:
    """Let the board read on when nothing is open any more; return its review if it was moved."""
    review, moved = question.review, []
    still_open = Question.objects.filter(review=review, answered_at__isnull=True, withdrawn_at__isnull=True)
    if review.state == ReviewState.QUESTIONS and not still_open.exists():
        move_review(review, ReviewEvent.ALL_ANSWERED, now)
        moved.append(review)
    set_clock(question.request, now)
    return moved


@transaction.atomic
def begin_deliberation(*, actor: User, review_id: int, now: datetime) -> BoardReview:
    """Let the board go from reading to deliberating; open questions stay open."""
    review = review_to_change(actor, review_id, now)
    require(reviewing.why_not_deliberate(actor, review, now))
    deliberate(review, now)
    trail.record("review.deliberating", obj=review, actor=actor, now=now, data={"board": review.board_id})
    return review


def deliberate(review: BoardReview, now: datetime) -> None:
    """Move the review to deliberating from wherever the table leads there; nothing when it is there already."""
    if review.state == ReviewState.ASSIGNED:
        move_review(review, ReviewEvent.READ, now)
    if review.state in (ReviewState.READING, ReviewState.QUESTIONS):
        move_review(review, ReviewEvent.DELIBERATE, now)


@transaction.atomic
def defer_review(*, actor: User, review_id: int, until: date, reason: str, now: datetime) -> Deferral:
    """Put the review off until a day, once for each member; it goes on by itself on that day."""
    review = review_to_change(actor, review_id, now)
    require(reviewing.why_not_defer(actor, review, now))
    if until <= local_day(now, review.board):
        raise Refused(_("The day of return has to lie ahead."))
    if until > now.date() + FARTHEST:
        raise Refused(_("The day of return lies more than five years ahead."))
    if not reason.strip():
        raise Refused(_("Say what you need the time for."))
    calendar = calendar_of(review.board)
    review.return_on = calendar.end_of(calendar.next_working(until))
    move_review(review, ReviewEvent.DEFER, now)
    deferral = Deferral.objects.create(
        review=review, person=actor, reason=reason.strip(), until=review.return_on, made_at=now
    )
    set_clock(review.request, now)
    trail.record(
        "review.deferred", obj=review, actor=actor, now=now, reason=reason, also=[deferral],
        data={"board": review.board_id, "until": until.isoformat()},
    )  # fmt: skip
    return deferral


@transaction.atomic
def resume_review(*, actor: User, review_id: int, now: datetime) -> BoardReview:
    """Let a deferred review go on before its day."""
    review = review_to_change(actor, review_id, now)
    require(reviewing.why_not_resume(actor, review, now))
    return resume(review, actor, now)


@transaction.atomic
def resume_on_day(*, review_id: int, now: datetime) -> bool:
    """Let a deferred review go on when its day has come; by the system, may run twice."""
    request = lock_request(BoardReview.objects.values_list("request_id", flat=True).get(pk=review_id))
    review = BoardReview.objects.select_related("board").get(pk=review_id)
    review.request = request
    if review.state != ReviewState.DEFERRED or review.return_on is None or now < review.return_on:
        return False
    resume(review, None, now)
    return True


def resume(review: BoardReview, actor: User | None, now: datetime) -> BoardReview:
    """Let a deferred review go on; `actor` None: its day has come."""
    review.return_on = None
    move_review(review, ReviewEvent.RESUME, now)
    set_clock(review.request, now)
    trail.record("review.resumed", obj=review, actor=actor, now=now, data={"board": review.board_id})
    return review
