"""The reviews of a request that belong to its present round."""

from django.db.models import QuerySet, Subquery

from reviews.models import BoardReview, Question, ReviewRequest, Revision
from reviews.rules.review_lifecycle import ReviewState


def current_reviews(request: ReviewRequest) -> "QuerySet[BoardReview]":
    """Return the boards' reviews of the last round, the leading board first; one query."""
    newest = BoardReview.objects.filter(request=request).order_by("-round").values("round")[:1]
    return (
        BoardReview.objects.filter(request=request, round=Subquery(newest))
        .select_related("board", "revision")
        .order_by("-leading", "id")
    )


def open_reviews_of(request: ReviewRequest) -> "QuerySet[BoardReview]":
    """Return the boards' reviews that go on."""
    return current_reviews(request).exclude(state=ReviewState.CLOSED)


def open_questions(request: ReviewRequest) -> "QuerySet[Question]":
    """Return the questions that wait for the requester's side, oldest first."""
    return Question.objects.filter(
        request=request, answered_at__isnull=True, withdrawn_at__isnull=True
    ).select_related("asked_by", "review__board")


def last_revision(request: ReviewRequest) -> Revision | None:
    """Return the last frozen revision, or None before the first submission."""
    return Revision.objects.filter(request=request).order_by("-number").first()
