"""The review clock of a request: it runs while boards work, stands while questions are open, and keeps its spans."""

from datetime import datetime

from django.db.models import QuerySet

from reviews.models import BoardReview, ClockSpan, Question, ReviewRequest
from reviews.rules.clocks import Pause, Procedure, term_of
from reviews.rules.explaining import Base, DateKind, with_pauses
from reviews.rules.lifecycle import RequestState
from reviews.rules.review_lifecycle import ReviewState
from reviews.selectors.calendar import Calendars
from reviews.selectors.reckoned import bases_of


def set_clock(request: ReviewRequest, now: datetime) -> None:
    """Bring the clock to what the request's state says; a new span begins when that differs from the running one.

    The caller has locked the request. When a pause ends, the deadlines of the open reviews move: by all pauses
    together, to the end of a working day (`rules.clocks.after_pauses`, the one rule for all of them).
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
            _move_deadlines(request, span, now)
    ClockSpan.objects.create(request=request, state=state, since=now)


def _state_of(request: ReviewRequest) -> str:
    if request.state != RequestState.IN_REVIEW:
        return "idle"
    if Question.objects.filter(request=request, answered_at__isnull=True, withdrawn_at__isnull=True).exists():
        return "paused"
    states = set(_open_reviews(request).values_list("state", flat=True))
    return "paused" if states == {ReviewState.DEFERRED.value} else "running"


def _move_deadlines(request: ReviewRequest, last: ClockSpan, now: datetime) -> None:
    """Move what is due from where it was written, by all pauses since; where nothing was written, by the last one."""
    reviews = list(_open_reviews(request).select_related("board"))
    bases = bases_of("reviews.boardreview", [review.pk for review in reviews], DateKind.REVIEW)
    spans = ClockSpan.objects.filter(request=request, state="paused").order_by("id")
    pauses = [Pause(since, until) for since, until in spans.values_list("since", "until")]
    calendars, unit = Calendars(), term_of(Procedure(request.procedure or Procedure.FULL)).unit
    for review in reviews:
        base = bases.get(review.pk, Base(review.due_at, unit, last.since))
        review.due_at = with_pauses(base, pauses, calendars.of(review.board), now)
        review.save(update_fields=["due_at"])


def _open_reviews(request: ReviewRequest) -> "QuerySet[BoardReview]":
    return BoardReview.objects.filter(request=request).exclude(state=ReviewState.CLOSED)
