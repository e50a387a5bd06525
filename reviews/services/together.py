"""Several boards on one request: all must approve, one returns or rejects, and then the others' open work stops."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from reviews.models import BoardReview, ReviewRequest
from reviews.rules.ballot import MotionKind
from reviews.rules.boards_together import BoardOutcome, decide_together
from reviews.rules.clocks import Procedure
from reviews.rules.lifecycle import RequestEvent
from reviews.rules.panels import BoardPurpose, waits_for_experts
from reviews.rules.policy import parse
from reviews.rules.review_lifecycle import ReviewState
from reviews.selectors.reviews import current_reviews
from reviews.services.decisions import decide, passed_ballot
from reviews.services.stopping import stop_work


def consider(request: ReviewRequest, now: datetime) -> None:
    """Look whether the boards have decided the request, after one of them passed a motion; by the system."""
    reviews = list(current_reviews(request))
    together = decide_together([_outcome(review) for review in reviews])
    if together.event is None or _waits_for_experts(request, reviews, together.event):
        return
    deciding = [review for review in reviews if review.board_id in together.decided_by]
    stopping = [review for review in reviews if review.board_id in together.stops]
    if stopping:
        with override(request.language):
            note = _note(together.event, deciding[0])
        stop_work(request, stopping, note, now)
    decide(request=request, event=together.event, deciding=deciding, now=now)


def _waits_for_experts(request: ReviewRequest, reviews: Sequence[BoardReview], event: RequestEvent) -> bool:
    """Say whether the boards approve what a panel of experts has still to see, by the leading board's ballot."""
    if event != RequestEvent.BOARDS_APPROVE or request.procedure != Procedure.EXPERT:
        return False
    boards = [review for review in reviews if review.board.purpose != BoardPurpose.EXPERTS]
    minimum = parse(passed_ballot(boards[0]).policy).procedure(Procedure.EXPERT).panel_minimum
    return waits_for_experts(
        is_expert_procedure=minimum > 0, boards_approved=True, panel_assigned=len(boards) < len(reviews)
    )


def _outcome(review: BoardReview) -> BoardOutcome:
    passed = MotionKind(review.passed) if review.state == ReviewState.CLOSED and review.passed else None
    return BoardOutcome(review.board_id, passed)


def _note(event: RequestEvent, review: BoardReview) -> str:
    board = review.board.name
    if event == RequestEvent.BOARDS_REJECT:
        return _("Stopped, because {board} rejected the request.").format(board=board)
    return _("Stopped, because {board} returned the request for revision.").format(board=board)
