"""What of a request can be appealed now, and the appeals that there were."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import Http404

from reviews.models import Appeal, Board, BoardReview, Decision, ReviewRequest, Suspension
from reviews.permissions.appealing import Chance
from reviews.permissions.policies import board_rules
from reviews.rules.appeals import OPEN, BoardBefore
from reviews.rules.ballot import MotionKind
from reviews.rules.lifecycle import RequestState
from reviews.rules.review_lifecycle import ReviewState
from reviews.selectors.calendar import local_day


@dataclass(frozen=True, slots=True)
class Appealed:
    """The decision that an appeal is about, or whose suspension it is about, with the board that leads the request."""

    decision: Decision
    suspension: Suspension | None
    board: Board
    chance: Chance


def appealed_in(request: ReviewRequest, now: datetime) -> Appealed | None:
    """Return what could be appealed now, or None when the request is in no such state; four queries at most."""
    if request.state not in (RequestState.REJECTED, RequestState.SUSPENDED):
        return None
    found = Decision.objects.filter(request=request).order_by("-id")
    if request.state == RequestState.SUSPENDED:
        suspension = (
            Suspension.objects.filter(decision__request=request, ended_at__isnull=True)
            .select_related("decision", "suspended_by")
            .first()
        )
        decision = suspension.decision if suspension else None
    else:
        suspension, decision = None, found.filter(outcome="rejected").first()
    if decision is None:
        return None
    board = leading_board(request)
    return Appealed(
        decision=decision,
        suspension=suspension,
        board=board,
        chance=Chance(
            until=until_of(decision, suspension, board),
            today=local_day(now, board),
            filed_already=Appeal.objects.filter(decision=decision, suspension=suspension).exists(),
        ),
    )


def until_of(decision: Decision, suspension: Suspension | None, board: Board) -> date | None:
    """Return the last day of an appeal where the board sits; None: final.

    A decision names its day. A suspension is appealed within as many days as the decision gave for itself; where that
    was none, because an appeal panel had decided, within those of the board's policy.
    """
    if suspension is None:
        return decision.appeal_until
    if decision.appeal_until is not None:
        days = decision.appeal_until - local_day(decision.decided_at, board)
    else:
        days = timedelta(days=board_rules(board).appeal_days)
    return local_day(suspension.suspended_at, board) + days


def before_appeal(reviews: Sequence[BoardReview]) -> list[BoardBefore]:
    """Return the boards of the round that is appealed with what each passed, as the rules take them."""
    return [
        BoardBefore(
            review.board_id,
            MotionKind(review.passed) if review.state == ReviewState.CLOSED and review.passed else None,
            review.leading,
        )
        for review in reviews
    ]


def leading_board(request: ReviewRequest) -> Board:
    """Return the board that leads the request."""
    return next(review.board for review in request.board_reviews.all() if review.leading)


def open_appeal(request: ReviewRequest) -> Appeal | None:
    """Return the appeal that isn't decided yet, or None."""
    return Appeal.objects.filter(request=request, state__in=OPEN).select_related("panel").first()


def appeal_of(request: ReviewRequest, number: int) -> Appeal:
    """Return the appeal of this number with its panel and what it is about; raises Http404."""
    rows = Appeal.objects.select_related(
        "panel", "decision__record", "suspension", "filed_by", "formed_by", "led_to"
    )
    found = rows.filter(request=request, number=number).first()
    if found is None:
        raise Http404
    found.request = request
    return found
