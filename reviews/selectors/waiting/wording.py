"""What everything that waits in reviews has in common: what it is about, and the thing as my work shows it."""

from datetime import datetime

from django.utils.translation import gettext as _

from reminders.waiting import Waiting
from reviews.models import BoardReview, ReviewRequest
from reviews.selectors.addresses import request_address
from reviews.selectors.waiting.rows import Reading


def title_of(request: ReviewRequest) -> str:
    """Return what a person calls the request: model, version and reference."""
    return f"{request.version.model.name} {request.version.number}, {request.reference}"


def of_board(
    reading: Reading, review: BoardReview, person_id: int, *, needs: str, act: str, short: str, **more: object
) -> Waiting:
    """Return a thing that waits inside a board, which only its own people may know of; late, its chair is told.

    `more`: whatever differs from the review itself: `since`, `due`, `url`, `object_type`, `object_id`, …
    """
    parties = reading.parties_of(review.request)
    chair = reading.office.chair_of(review.board_id)
    keepers = sorted(reading.office.keepers_of(review.board_id) - {person_id})
    given: dict[str, object] = {
        "object_type": "reviews.boardreview",
        "object_id": str(review.pk),
        "since": review.state_since,
        "due": review.due_at,
        "url": request_address(review.request.reference),
        "escalates_to": chair if chair != person_id else next(iter(keepers), None),
        **more,
    }
    return Waiting(
        person_id=person_id, title=title_of(review.request), needs=needs, act=act, short=short,
        root=str(review.request_id), part=str(review.pk),
        insiders=reading.office.insiders_of(review.board_id, parties), **given,
    )  # type: ignore[arg-type]  # fmt: skip


def later(one: datetime, other: datetime | None) -> datetime:
    """Return the later of both moments."""
    return one if other is None else max(one, other)


def chair_or_secretary() -> str:
    """Return the office of which any one leads a board."""
    return _("Chair or secretary")
