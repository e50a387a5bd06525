"""Fetching a thing of a request together with the lock on the request, which every act takes first."""

from datetime import datetime

from django.http import Http404

from accounts.models import User
from reviews.models import Ballot, BoardReview, Comment, Decision, Question, ReviewRequest
from reviews.permissions.reviewing import why_not_read_comment
from reviews.permissions.sight import request_to_change


def lock_request(request_id: int) -> ReviewRequest:
    """Return the request with its row locked, for an act of the system."""
    return (
        ReviewRequest.objects.select_related("requester").select_for_update(of=("self",)).get(pk=request_id)
    )


def review_to_change(actor: User, review_id: int, now: datetime) -> BoardReview:
    """Return the board's review, read after its request was locked; raises Http404."""
    request = _locked(actor, BoardReview, review_id, now)
    review = BoardReview.objects.select_related("board", "revision").get(pk=review_id)
    review.request = request
    return review


def question_to_change(actor: User, question_id: int, now: datetime) -> Question:
    """Return the question, read after its request was locked; raises Http404."""
    request = _locked(actor, Question, question_id, now)
    question = Question.objects.select_related("review__board").get(pk=question_id)
    question.request = question.review.request = request
    return question


def thread_to_change(actor: User, comment_id: int, now: datetime) -> Comment:
    """Return the first comment of a thread, read after its request was locked.

    Raises Http404 also when the thread is for the boards alone and the person may not know of it.
    """
    request = _locked(actor, Comment, comment_id, now)
    comment = Comment.objects.select_related("review__board").filter(pk=comment_id, answers=None).first()
    if comment is None:
        raise Http404
    comment.request = request
    if why_not_read_comment(actor, comment, now):
        raise Http404
    return comment


def ballot_to_change(actor: User, ballot_id: int, now: datetime) -> Ballot:
    """Return the ballot, read after its request was locked; raises Http404."""
    request = _locked(actor, Ballot, ballot_id, now)
    return ballot_of(request, ballot_id)


def ballot_of(request: ReviewRequest, ballot_id: int) -> Ballot:
    """Return a ballot of the locked request with its roster loaded."""
    ballot = (
        Ballot.objects.select_related("review__board", "motion__block", "revision")
        .prefetch_related("seats__person")
        .get(pk=ballot_id)
    )
    ballot.request = ballot.review.request = ballot.motion.review.request = request
    return ballot


def decision_to_change(actor: User, decision_id: int, now: datetime) -> Decision:
    """Return the decision, read after its request was locked; raises Http404."""
    request = _locked(actor, Decision, decision_id, now)
    decision = Decision.objects.select_related("record", "revision").get(pk=decision_id)
    decision.request = request
    return decision


def _locked(
    actor: User, model: type[BoardReview | Question | Comment | Ballot | Decision], key: int, now: datetime
) -> ReviewRequest:
    """Lock the request of the row, or raise Http404: absent and forbidden look the same."""
    request_id = model._default_manager.filter(pk=key).values_list("request_id", flat=True).first()
    if request_id is None:
        raise Http404
    return request_to_change(actor, request_id, now)
