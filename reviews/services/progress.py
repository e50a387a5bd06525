"""Moving a request or a board's review along its table, and the words for a move that doesn't exist."""

from datetime import datetime
from typing import TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from audit.refusal import IllegalTransition
from reviews.models import BoardReview, Motion, Question, ReviewRequest
from reviews.rules import lifecycle, review_lifecycle
from reviews.rules.explaining import DateKind
from reviews.rules.lifecycle import RequestEvent, RequestState
from reviews.rules.machine import NoSuchTransition
from reviews.rules.review_lifecycle import ReviewEvent, ReviewState
from reviews.services.attesting import after_move
from reviews.services.notices import tell
from reviews.services.reckoning import keep, reckon

Row = TypeVar("Row", Motion, Question)
TO_CHECK = {RequestState.SUBMITTED: DateKind.COMPLETENESS, RequestState.TRIAGE: DateKind.ROUTING}
"""What is due to the secretary in which state."""


def move_request(request: ReviewRequest, event: RequestEvent, now: datetime) -> None:
    """Move the request, whose row the caller has locked, and tell who asks; raises IllegalTransition.

    An event that leaves it in its state doesn't begin that state anew.
    """
    before = request.state
    try:
        request.state = lifecycle.next_state(RequestState(request.state), event)
    except NoSuchTransition:
        raise IllegalTransition(
            _("This isn't possible any more: the request has moved on. Load the page again.")
        ) from None
    if request.state != before:
        request.state_since = now
    request.check_by = None
    reckoned = None
    if kind := TO_CHECK.get(RequestState(request.state)):
        reckoned = reckon(kind, None, now)
        request.check_by = reckoned.due
    request.save(update_fields=["state", "state_since", "check_by"])
    if reckoned is not None:
        keep(request, reckoned, now=now, request=request)
    tell(request, event, now)
    after_move(request, event, now)


def move_review(review: BoardReview, event: ReviewEvent, now: datetime) -> None:
    """Move the board's review, whose request the caller has locked; raises IllegalTransition.

    Fields that belong to the new state (`closed_at`, `passed`, `return_on`) are the caller's, set beforehand.
    """
    try:
        review.state = review_lifecycle.next_state(ReviewState(review.state), event)
    except NoSuchTransition:
        raise IllegalTransition(
            _("This isn't possible any more: the board's review has moved on. Load the page again.")
        ) from None
    review.state_since = now
    review.save()


def withdraw(rows: "QuerySet[Row]", now: datetime) -> list[Row]:
    """Withdraw open motions or questions of a locked request, and return them for the event of the act."""
    open_ones = list(rows)
    for row in open_ones:
        row.withdrawn_at = now
    if open_ones:
        rows.update(withdrawn_at=now)
    return open_ones
