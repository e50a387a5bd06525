"""What a person may write beside an answer, and for which board they ask."""

from datetime import datetime

from accounts.models import User
from reviews.models import BoardReview, ReviewRequest
from reviews.permissions import reviewing
from reviews.selectors.reviews import current_reviews


def kinds_for(actor: User, request: ReviewRequest, now: datetime) -> list[str]:
    """Return the kinds: for the boards alone, for everyone, a question to the requester."""
    kinds = [
        audience
        for audience in ("board", "everyone")
        if reviewing.why_not_comment(actor, request, now, audience=audience) is None
    ]
    return [*kinds, "question"] if _asks_for(actor, request, now) else kinds


def review_to_ask_for(actor: User, request: ReviewRequest, now: datetime) -> BoardReview:
    """Return the board's review for which the person asks: the first in which they may, else the first of all.

    The service says why not.
    """
    return _asks_for(actor, request, now) or current_reviews(request)[0]


def _asks_for(actor: User, request: ReviewRequest, now: datetime) -> BoardReview | None:
    for review in current_reviews(request):
        review.request = request
        if reviewing.why_not_ask(actor, review, now) is None:
            return review
    return None
