"""The panels of a request."""

from reviews.models import Board, ReviewRequest
from reviews.rules.panels import BoardPurpose


def expert_panel(request: ReviewRequest) -> Board | None:
    """Return the expert panel that was formed for the request and goes on, or None."""
    return Board.objects.filter(
        formed_for=request, purpose=BoardPurpose.EXPERTS, closed_at__isnull=True
    ).first()


def has_expert_panel(request: ReviewRequest) -> bool:
    """Say whether a panel of experts reviews the request; from its reviews, as a page has read them."""
    return any(
        review.board.purpose == BoardPurpose.EXPERTS and review.board.closed_at is None
        for review in request.board_reviews.all()
    )
