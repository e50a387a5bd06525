"""The review clock of a request: it runs while boards work, stands while questions are open, and keeps its spans."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from reviews.models import BoardReview, ClockSpan, Question, ReviewRequest
from reviews.rules.lifecycle import RequestState
from reviews.rules.review_lifecycle import ReviewState


def set_clock(request: ReviewRequest, now: datetime) -> None:
    """Bring the clock to what the request's state says; a new span begins when that differs from the running one.

    The caller has locked the request. When a pause ends, the deadlines of the open reviews move by its length.
    """
    state = _state_of(request)
    span = ClockSpan.objects.filter(request=request, until__isnull=True).first()
    if span is not None and span.state == state:
        return
    if span is None and state == "idle":
        return
    if span is not None:
        span.until = max(now, span.since)
        span.save(update_fields=["until"])
        if span.state == "paused":
            _move_deadlines(request, span.until - span.since)
    ClockSpan.objects.create(request=request, state=state, since=now)


def _state_of(request: ReviewRequest) -> str:
    if request.state != RequestState.IN_REVIEW:
        return "idle"
    if Question.objects.filter(request=request, answered_at__isnull=True, withdrawn_at__isnull=True).exists():
        return "paused"
    states = set(_open_reviews(request).values_list("state", flat=True))
    return "paused" if states == {ReviewState.DEFERRED.value} else "running"


def _move_deadlines(request: ReviewRequest, by: timedelta) -> None:
    for review in _open_reviews(request):
        review.due_at += by
        review.save(update_fields=["due_at"])


def _open_reviews(request: ReviewRequest) -> "QuerySet[BoardReview]":
    return BoardReview.objects.filter(request=request).exclude(state=ReviewState.CLOSED)
