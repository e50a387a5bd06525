"""What an amendment or a renewal changes against what was approved."""

from reviews.models import ReviewRequest
from reviews.selectors.comparison import Comparison, compared
from reviews.selectors.reviews import last_revision
from reviews.selectors.revisions import approved_revision


def parent_of(request: ReviewRequest) -> ReviewRequest | None:
    """Return the approved request that this one amends or renews, or None."""
    return request.amends or request.renews


def against_approved(request: ReviewRequest, view: str) -> Comparison | None:
    """Compare the last revision with the approved one; None where there is nothing approved, or nothing submitted."""
    parent = parent_of(request)
    before = approved_revision(parent) if parent else None
    after = last_revision(request)
    if parent is None or before is None or after is None:
        return None
    before.request, after.request = parent, request
    return compared(request, before, after, (), view)
