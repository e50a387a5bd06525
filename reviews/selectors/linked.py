"""What stands beside a request: its full review, what it reviews in full, its appeals, the panel that it waits for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reviews.models import Appeal, BoardReview, Decision, ReviewRequest
from reviews.rules.appeals import AppealState
from reviews.rules.clocks import Procedure
from reviews.rules.lifecycle import RequestState
from reviews.rules.panels import BoardPurpose
from reviews.selectors.appeal_page import badge_of_appeal
from reviews.selectors.boards_page import policy_of
from reviews.selectors.words import Badge


@dataclass(frozen=True, slots=True)
class Linked:
    """What was found. `child`: the full review of this provisional approval, `until` the last day of the approval.

    `reviews_until`: this request is itself the full review of an approval that holds until then. `needs_experts`: so
    many experts are still to be asked, 0 for none. `reads_appeals`: the reader may read what panels decided.
    """

    child: ReviewRequest | None = None
    until: date | None = None
    reviews_until: date | None = None
    appeals: tuple[Appeal, ...] = ()
    needs_experts: int = 0
    reads_appeals: bool = True

    @property
    def badges(self) -> list[tuple[Appeal, Badge]]:
        """Return the appeals with their states."""
        return [(appeal, badge_of_appeal(appeal)) for appeal in self.appeals]

    @property
    def to_hear(self) -> Appeal | None:
        """Return the appeal that waits for its panel, or None."""
        return next((appeal for appeal in self.appeals if appeal.state == AppealState.FILED), None)


def linked_to(
    request: ReviewRequest,
    decision: Decision | None,
    reviews: Sequence[BoardReview],
    *,
    reads_appeals: bool = True,
) -> Linked:
    """Return what stands beside the request; a query for each thing that there can be, none for most requests."""
    child, until = None, None
    if decision is not None and decision.provisional and decision.status == "in_force":
        child = ReviewRequest.objects.filter(amends=request, is_full_review=True).first()
        until = decision.valid_until
    appealed = decision is not None and getattr(decision, "appealed", True)
    appeals = tuple(Appeal.objects.filter(request=request)) if appealed else ()
    for appeal in appeals:
        appeal.request = request
    return Linked(
        child=child,
        until=until,
        reviews_until=_provisional_until(request) if request.is_full_review else None,
        appeals=appeals,
        needs_experts=_experts_missing(request, reviews),
        reads_appeals=reads_appeals,
    )


def _provisional_until(request: ReviewRequest) -> date | None:
    found = Decision.objects.filter(request=request.amends_id, provisional=True, status="in_force")
    return found.values_list("valid_until", flat=True).first()


def _experts_missing(request: ReviewRequest, reviews: Sequence[BoardReview]) -> int:
    """Return how many experts the leading board's policy asks for, where no panel reviews the request yet."""
    if request.state != RequestState.IN_REVIEW or request.procedure != Procedure.EXPERT or not reviews:
        return 0
    if any(review.board.purpose == BoardPurpose.EXPERTS for review in reviews):
        return 0
    return policy_of(reviews[0].board).procedure(Procedure.EXPERT).panel_minimum
