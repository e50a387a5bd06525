"""Reads for moving a motion and for opening its ballot."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import Truncator

from accounts.models import User
from reviews.models import Block, BoardReview, Motion, MotionCondition, Seat
from reviews.permissions.policies import policy_in_force, procedure_of, reviewers_of, rules_of_review
from reviews.permissions.standing import standing_of
from reviews.rules.ballot import MotionKind
from reviews.rules.boards_together import BoardKind, may_override
from reviews.rules.clocks import Term, Unit
from reviews.rules.policy import BoardPolicy
from reviews.rules.recusal import conflicts_of
from reviews.selectors.ballots import hidden_ballots
from reviews.selectors.calendar import calendar_of
from reviews.selectors.conflicts import found_conflicts
from reviews.selectors.policy_in_words import composition_in_words, quorum_in_words, threshold_in_words
from reviews.selectors.readiness import must_fix_open, why_not_fixed, why_not_ready
from reviews.selectors.seating import Line, seating_of, seats_in_order, stands_in_words


def blocks_to_override(review: BoardReview) -> list[tuple[int, str]]:
    """Return the standing blocks that this board may override: its own, and ethics' by any board.

    One that came with a vote on a ballot that hides positions is told when that ballot has closed.
    """
    standing = Block.objects.filter(review__request=review.request_id, state="standing")
    told = standing.exclude(ballot__in=hidden_ballots(review.request_id))
    blocks = told.select_related("review__board", "holder")
    return [
        (block.pk, f"{block.holder.display_name}: {Truncator(block.text).chars(80)}")
        for block in blocks
        if may_override(
            blocking=block.review.board_id,
            blocking_kind=BoardKind(block.review.board.kind),
            overriding=review.board_id,
        )
    ]


@dataclass(frozen=True, slots=True)
class Opening:
    """What the page for opening a ballot shows: who sits, who keeps out or is away, the rules in words, the deadline.

    `lines` are seats of who may vote, with the alternates as the rules propose them while everybody else is there;
    `out` those who are recused or will be when the ballot opens, `away` members who delegated their seat.
    `why_not`: which checklists have to be accepted or findings to be resolved first, or None. `must_fix`: how many
    findings of what must be fixed are open in the request.
    """

    lines: tuple[Line, ...]
    out: tuple[Seat, ...]
    away: tuple[Line, ...]
    conditions: tuple[MotionCondition, ...]
    policy: BoardPolicy | None
    version: int
    rules: tuple[str, ...]
    deadline: datetime | None
    why_not: str | None
    must_fix: int = 0

    @property
    def seats(self) -> tuple[Seat, ...]:
        """Return the seats of who may vote."""
        return tuple(line.seat for line in self.lines)

    @property
    def initial(self) -> dict[str, Any]:
        """Return that all members are there, and the alternates as proposed; the secretary takes out who is not."""
        here: dict[str, Any] = {
            f"here_{line.seat.person_id}": True for line in self.lines if line.seat.role != "alternate"
        }
        return here | {f"sits_{line.seat.person_id}": line.sits_for for line in self.lines if line.sits_for}

    @property
    def replaceable(self) -> tuple[Seat, ...]:
        """Return the full seats that an alternate may fill."""
        seats = (*self.seats, *(line.seat for line in self.away), *self.out)
        return tuple(seat for seat in seats if seat.role != "alternate")

    @property
    def proposals(self) -> dict[int, str]:
        """Return for each alternate whom the rules let sit, for whom and why."""
        names = {seat.person_id: seat.person.display_name for seat in self.replaceable}
        return {line.seat.person_id: stands_in_words(line, names) for line in self.lines if line.sits_for}


def opening_of(motion: Motion, actor: User, now: datetime) -> Opening:
    """Return what is needed to open a ballot on the motion; who has a part is known from who asks."""
    review = motion.review
    parties = standing_of(actor, review.request, now).parties
    seats = seats_in_order(review.board, now)
    conflicts = found_conflicts(review.request, [review.board], now, seats=seats, parties=parties)
    found = {one.seat.person_id for one in conflicts}
    kept_out = {seat.person_id for seat in seats if conflicts_of(seat.person_id, parties)} | found
    lines = seating_of(seats, kept_out=kept_out, absent=())
    kept = policy_in_force(review.board)
    policy = rules_of_review(review) if kept else None
    judging = [line for line in lines if line.seat.person_id not in kept_out]
    if policy is not None and (needed := policy.procedure(procedure_of(review)).reviewers):
        chosen = reviewers_of(review, [line.seat for line in judging], needed)
        judging = [line for line in judging if line.seat.person_id in chosen]
    return Opening(
        lines=tuple(line for line in judging if not line.is_away),
        out=tuple(seat for seat in seats if seat.person_id in kept_out),
        away=tuple(line for line in judging if line.is_away),
        conditions=_conditions(motion),
        policy=policy,
        version=kept.version if kept else 0,
        rules=_rules(policy, motion.kind) if policy else (),
        deadline=Term(policy.ballot_days, Unit.WORKING_DAYS).due(now, calendar_of(review.board))
        if policy
        else None,
        why_not=_why_not(motion, policy, now) if policy else None,
        must_fix=len(must_fix_open(review.request_id, motion.kind)),
    )


def _conditions(motion: Motion) -> tuple[MotionCondition, ...]:
    if motion.kind != MotionKind.APPROVE_WITH_CONDITIONS:
        return ()
    return tuple(motion.conditions.select_related("owner", "verifier"))


def _why_not(motion: Motion, policy: BoardPolicy, now: datetime) -> str | None:
    return why_not_ready(motion.review.request.version_id, motion.kind, policy.gates, now) or why_not_fixed(
        motion.review, motion.kind, policy
    )


def _rules(policy: BoardPolicy, kind: str) -> tuple[str, ...]:
    threshold = policy.override if kind == "override" else policy.threshold
    composition = [composition_in_words(rule) for rule in policy.composition]
    return (quorum_in_words(policy.quorum), *composition, threshold_in_words(threshold))
