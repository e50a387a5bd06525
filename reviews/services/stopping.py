"""Stopping what boards still do on a request; nothing is deleted, and a note says why."""

from collections.abc import Sequence
from datetime import datetime

from audit import trail
from reviews.models import Ballot, BoardReview, Motion, Question, ReviewRequest
from reviews.rules.ballot import ClosedBecause
from reviews.rules.review_lifecycle import Matter, ReviewEvent, ReviewState
from reviews.selectors.ballots import closing_arithmetic, count_of
from reviews.services.progress import move_review, withdraw


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
        review.return_on = None
        if review.matter == Matter.RELEASE:
            review.note, review.closed_at = note, now
        else:  # when and with what it closed about the release stays
            review.closed_at = review.closed_at or now
        move_review(review, ReviewEvent.STOP, now)
        data = {"board": review.board_id}
        trail.record("review.stopped", obj=review, actor=None, now=now, data=data, reason=note, also=stopped)


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
