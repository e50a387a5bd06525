"""Several boards on one request: all must approve, one returns or rejects, and then the others' open work stops."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from audit import trail
from reviews.models import Ballot, BoardReview, Motion, Question, ReviewRequest
from reviews.rules.ballot import ClosedBecause, MotionKind
from reviews.rules.boards_together import BoardOutcome, decide_together
from reviews.rules.lifecycle import RequestEvent
from reviews.rules.review_lifecycle import ReviewEvent, ReviewState
from reviews.selectors.ballots import closing_arithmetic, count_of
from reviews.selectors.reviews import current_reviews
from reviews.services.decisions import decide
from reviews.services.progress import move_review, withdraw


def consider(request: ReviewRequest, now: datetime) -> None:
    """Look whether the boards have decided the request, after one of them passed a motion; by the system."""
    reviews = list(current_reviews(request))
    together = decide_together([_outcome(review) for review in reviews])
    if together.event is None:
        return
    deciding = [review for review in reviews if review.board_id in together.decided_by]
    stopping = [review for review in reviews if review.board_id in together.stops]
    if stopping:
        with override(request.language):
            note = _note(together.event, deciding[0])
        stop_work(request, stopping, note, now)
    decide(request=request, event=together.event, deciding=deciding, now=now)


def _outcome(review: BoardReview) -> BoardOutcome:
    passed = MotionKind(review.passed) if review.state == ReviewState.CLOSED and review.passed else None
    return BoardOutcome(review.board_id, passed)


def _note(event: RequestEvent, review: BoardReview) -> str:
    board = review.board.name
    if event == RequestEvent.BOARDS_REJECT:
        return _("Stopped, because {board} rejected the request.").format(board=board)
    return _("Stopped, because {board} returned the request for revision.").format(board=board)


def stop_work(request: ReviewRequest, reviews: Sequence[BoardReview], note: str, now: datetime) -> None:
    """Stop the open work of these reviews with a note: ballots, motions, questions; also for a withdrawal.

    The caller has locked the request. Nothing is deleted: ballots end as stopped and keep their votes.
    """
    for review in reviews:
        if review.state == ReviewState.CLOSED:
            continue
        stop_ballots(request, review, note, now)
        unanswered = Question.objects.filter(
            review=review, answered_at__isnull=True, withdrawn_at__isnull=True
        )
        pending = Motion.objects.filter(review=review, ballot__isnull=True, withdrawn_at__isnull=True)
        stopped = [*withdraw(unanswered, now), *withdraw(pending, now)]
        review.note, review.closed_at, review.return_on = note, now, None
        move_review(review, ReviewEvent.STOP, now)
        data = {"board": review.board_id}
        trail.record("review.stopped", obj=review, actor=None, now=now, data=data, also=stopped)


def stop_ballots(request: ReviewRequest, review: BoardReview, note: str, now: datetime) -> list[Ballot]:
    """Stop the board's ballots that aren't closed, with a note; their votes are kept, and decide nothing."""
    stopped = list(
        request.ballots.filter(review=review).exclude(state="closed").select_related("review__board")
    )
    for ballot in stopped:
        ballot.state, ballot.result, ballot.because = "closed", "stopped", ClosedBecause.STOPPED.value
        ballot.closed_at, ballot.counted_at, ballot.note = now, ballot.counted_at or now, note
        ballot.closing = ballot.closing or closing_arithmetic(ballot, count_of(ballot))
        ballot.save()
        trail.record(
            "ballot.closed", obj=ballot, actor=None, now=now,
            data={"number": ballot.number, "kind": ballot.kind, "result": "stopped", "because": "stopped"},
        )  # fmt: skip
    return stopped
