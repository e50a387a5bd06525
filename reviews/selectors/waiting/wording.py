"""What everything that waits in reviews has in common: what it is about, and the thing as my work shows it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TypedDict, Unpack

from django.utils.translation import gettext as _

from reminders.waiting import Waiting
from reviews.models import BoardReview, ReviewRequest
from reviews.rules.explaining import DateKind
from reviews.selectors.addresses import request_address
from reviews.selectors.waiting.rows import Reading
from reviews.selectors.waiting.why import why_of


def title_of(request: ReviewRequest) -> str:
    """Return what a person calls the request: model, version and reference."""
    return f"{request.version.model.name} {request.version.number}, {request.reference}"


class Apart(TypedDict, total=False):
    """Where a thing that waits inside a board differs from the board's review as a whole."""

    object_type: str
    object_id: str
    since: datetime
    due: datetime | None
    url: str
    holds_up: str
    one_of: str
    escalates_to: int | None
    why: str
    explain: Callable[[], str]


def of_board(
    reading: Reading,
    review: BoardReview,
    person_id: int,
    *,
    needs: str,
    act: str,
    short: str,
    **more: Unpack[Apart],
) -> Waiting:
    """Return a thing that waits inside a board, which only its own people may know of; late, its chair is told."""
    parties = reading.parties_of(review.request)
    chair = reading.office.chair_of(review.board_id)
    keepers = sorted(reading.office.keepers_of(review.board_id) - {person_id})
    whole = Waiting(
        person_id=person_id,
        object_type="reviews.boardreview",
        object_id=str(review.pk),
        since=review.state_since,
        due=review.due_at,
        title=title_of(review.request),
        needs=needs,
        act=act,
        url=request_address(review.request.reference),
        escalates_to=chair if chair != person_id else next(iter(keepers), None),
        insiders=reading.office.insiders_of(review.board_id, parties),
        root=str(review.request_id),
        part=str(review.pk),
        short=short,
        **why_of(DateKind.REVIEW, review.request, review.pk, reading.now),
    )
    return replace(whole, **more)


def later(one: datetime, other: datetime | None) -> datetime:
    """Return the later of both moments."""
    return one if other is None else max(one, other)


def chair_or_secretary() -> str:
    """Return the office of which any one leads a board."""
    return _("Chair or secretary")
