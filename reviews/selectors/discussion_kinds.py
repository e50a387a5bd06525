"""What a person may write beside an answer, and for which board they ask or find."""

from collections.abc import Callable
from datetime import datetime

from accounts.models import User
from reviews.models import BoardReview, ReviewRequest
from reviews.models.talk import AUDIENCES, FINDINGS, READERS
from reviews.permissions import noting, reviewing
from reviews.selectors.reviews import current_reviews

Reason = Callable[[User, BoardReview, datetime], str | None]


def kinds_for(actor: User, request: ReviewRequest, now: datetime) -> list[str]:
    """Return what the person may write now: for the boards alone, for everyone, a question, findings, notes."""
    kinds = [
        audience
        for audience in AUDIENCES
        if reviewing.why_not_comment(actor, request, now, audience=audience) is None
    ]
    if kinds:
        reviews = _reviews(request)
        kinds += ["question"] if _first(reviews, actor, now, reviewing.why_not_ask) else []
        kinds += FINDINGS if _first(reviews, actor, now, reviewing.why_not_find) else []
    return kinds + [r for r in READERS if noting.why_not_note(actor, request, now, r) is None]


def review_to_ask_for(actor: User, request: ReviewRequest, now: datetime) -> BoardReview:
    """Return the board's review for which the person asks: the first in which they may, else the first of all.

    The service says why not.
    """
    reviews = _reviews(request)
    return _first(reviews, actor, now, reviewing.why_not_ask) or reviews[0]


def review_to_find_for(actor: User, request: ReviewRequest, now: datetime) -> BoardReview:
    """Return the board's review for which the person finds, as in `review_to_ask_for`."""
    reviews = _reviews(request)
    return _first(reviews, actor, now, reviewing.why_not_find) or reviews[0]


def _reviews(request: ReviewRequest) -> list[BoardReview]:
    reviews = list(current_reviews(request))
    for review in reviews:
        review.request = request
    return reviews


def _first(reviews: list[BoardReview], actor: User, now: datetime, why_not: Reason) -> BoardReview | None:
    return next((review for review in reviews if why_not(actor, review, now) is None), None)
