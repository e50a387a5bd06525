"""Closing ballots: when all have voted, at the deadline, by the secretary once the result is certain, or stopped.

Whoever calls a function of this module has locked the request; so two last votes, or a vote and the closing, come one
after the other, and the second finds the ballot closed.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reviews.models import Ballot, BoardReview, ReviewRequest
from reviews.permissions import balloting
from reviews.permissions.reasons import require
from reviews.rules.ballot import (
    AFTER_APPROVAL,
    BallotResult,
    ClosedBecause,
    Closing,
    MotionKind,
    closing,
    closing_by_secretary,
    settle_held,
)
from reviews.rules.review_lifecycle import ReviewEvent, ReviewState
from reviews.selectors.ballots import closing_arithmetic, count_of, standing_blocks
from reviews.services.after_approval import follow
from reviews.services.leavers import mark_leavers
from reviews.services.locking import ballot_of, ballot_to_change, lock_request
from reviews.services.meetings.leaving import table_item_of
from reviews.services.progress import move_review
from reviews.services.screening import screen_conflicts
from reviews.services.together import consider


def settle(ballot: Ballot, now: datetime) -> bool:
    """Close an open ballot if that is due by itself, or a held one if it is decided; say whether it was closed."""
    late = now >= ballot.deadline
    if ballot.state == "open":
        if mark_leavers(ballot, now):
            ballot = ballot_of(ballot.request, ballot.pk)
        in_meeting = ballot.meeting_id is not None
        due = closing(count_of(ballot), deadline_passed=late, in_meeting=in_meeting)
        if due is not None and screened(ballot, now):
            ballot = ballot_of(ballot.request, ballot.pk)
            due = closing(count_of(ballot), deadline_passed=late, in_meeting=in_meeting)
        return due is not None and count_and_close(ballot, due, None, now)
    if ballot.state == "held":
        if late and _overridden_in_time(ballot, now):
            return True
        result = settle_held(standing_blocks=standing_blocks(ballot.review), deadline_passed=late)
        if result != BallotResult.HELD:
            _close(ballot, result, None, now)
            return True
    return False


def screened(ballot: Ballot, now: datetime) -> bool:
    """Screen the board once more before its ballot is counted; say whether somebody is recused who wasn't before."""
    return bool(screen_conflicts(request=ballot.request, boards=[ballot.review.board], now=now))


def _overridden_in_time(held: Ballot, now: datetime) -> bool:
    """Count a ballot to override that ends with the held one before that fails; say whether it ended the held one."""
    overrides = Ballot.objects.filter(review=held.review_id, kind=MotionKind.OVERRIDE, state="open")
    for ballot_id in list(overrides.filter(deadline__lte=held.deadline).values_list("pk", flat=True)):
        settle(ballot_of(held.request, ballot_id), now)
    return not Ballot.objects.filter(pk=held.pk, state="held").exists()


def settle_open_ballots(request: ReviewRequest, now: datetime) -> None:
    """Look at every ballot of the request that isn't closed, after something changed that it counts."""
    waiting = Ballot.objects.filter(request=request).exclude(state="closed").order_by("id")
    for ballot_id in list(waiting.values_list("pk", flat=True)):
        settle(ballot_of(request, ballot_id), now)


def count_and_close(ballot: Ballot, due: Closing, actor: User | None, now: datetime) -> bool:
    """Count an open ballot for good, and close it unless a blocking position holds it; say whether it was closed."""
    ballot.closing = closing_arithmetic(ballot, count_of(ballot))
    ballot.because = due.because.value
    ballot.counted_at = _moment(ballot, due.because, now)
    if due.result == BallotResult.HELD:
        ballot.state = "held"
        ballot.save(update_fields=["closing", "because", "counted_at", "state"])
        trail.record(
            "ballot.held", obj=ballot, actor=actor, now=now,
            data={"number": ballot.number, "because": ballot.because, "closing": ballot.closing},
        )  # fmt: skip
        return False
    _close(ballot, due.result, actor, now)
    return True


def _close(ballot: Ballot, result: BallotResult, actor: User | None, now: datetime) -> None:
    """Write the result down and let the review go on by it."""
    if ballot.state == "held" and result == BallotResult.FAILED:
        ballot.because = ClosedBecause.DEADLINE.value
    ballot.state, ballot.result, ballot.closed_by = "closed", result.value, actor
    ballot.closed_at = _moment(ballot, ClosedBecause(ballot.because), now)
    ballot.save()
    moved = _follow(ballot, now)
    trail.record(
        "ballot.closed", obj=ballot, actor=actor, now=now, also=moved,
        data={
            "number": ballot.number, "kind": ballot.kind, "result": ballot.result, "because": ballot.because,
            "closing": ballot.closing,
        },
    )  # fmt: skip
    if result == BallotResult.TABLED and ballot.meeting_id and ballot.because != ClosedBecause.TABLED:
        table_item_of(ballot, now)
    if ballot.kind == MotionKind.OVERRIDE:
        _after_override(ballot, now)
    elif ballot.kind in AFTER_APPROVAL:
        follow(ballot, now)
    elif result == BallotResult.PASSED:
        consider(ballot.review.request, now)


def _moment(ballot: Ballot, because: ClosedBecause, now: datetime) -> datetime:
    """Return when the ballot ended: at its deadline, also when that is noticed later."""
    return min(ballot.deadline, now) if because == ClosedBecause.DEADLINE else now


def _follow(ballot: Ballot, now: datetime) -> list[BoardReview]:
    """Let the review follow its ballot: closed when a motion about the request passed, else it goes on or is tabled.

    One that has left the ballot behind (stopped, or tabled by a ballot to override) stays as it is, and so does one
    whose held ballot a ballot to override doesn't settle. Returns the review if it was moved.
    """
    review, overriding = ballot.review, ballot.kind == MotionKind.OVERRIDE
    if review.state != ReviewState.BALLOTING:
        return []
    if overriding and Ballot.objects.filter(review=review, state="held").exists():
        return []
    if ballot.result == BallotResult.TABLED:
        move_review(review, ReviewEvent.LOSE_QUORUM, now)
    elif ballot.result != BallotResult.PASSED:
        move_review(review, ReviewEvent.MOTION_FAILED, now)
    elif overriding:
        move_review(review, ReviewEvent.OVERRIDDEN, now)
    else:
        if ballot.kind in AFTER_APPROVAL:  # when and with what it closed about the release stays
            review.closed_at = review.closed_at or now
        else:
            review.passed, review.closed_at = ballot.kind, now
        move_review(review, ReviewEvent.MOTION_PASSED, now)
    return [review]


def _after_override(ballot: Ballot, now: datetime) -> None:
    """End the block that was overridden, and look at what it held."""
    block = ballot.motion.block
    if ballot.result == BallotResult.PASSED and block is not None and block.state == "standing":
        block.state, block.ended_at, block.ended_by_ballot = "overridden", now, ballot
        block.save(update_fields=["state", "ended_at", "ended_by_ballot"])
        trail.record("block.overridden", obj=block, actor=None, now=now, data={"ballot": ballot.number})
    settle_open_ballots(ballot.review.request, now)


@transaction.atomic
def close_ballot(*, actor: User, ballot_id: int, now: datetime) -> Ballot:
    """Close a ballot early, as its secretary, once the result cannot change any more."""
    ballot = ballot_to_change(actor, ballot_id, now)
    require(balloting.why_not_close(actor, ballot, now))
    if mark_leavers(ballot, now) | screened(ballot, now):
        ballot = ballot_of(ballot.request, ballot_id)
    due = closing_by_secretary(count_of(ballot))
    if due is None:
        raise Refused(
            _("The result can still change. The ballot closes when all have voted, or at its deadline.")
        )
    count_and_close(ballot, due, actor, now)
    return ballot


@transaction.atomic
def close_at_deadline(*, ballot_id: int, now: datetime) -> bool:
    """Close a ballot whose deadline has passed; by the system, may run twice. Say whether it was closed now."""
    ballot = Ballot.objects.only("request_id").get(pk=ballot_id)
    request = lock_request(ballot.request_id)
    return settle(ballot_of(request, ballot_id), now)
