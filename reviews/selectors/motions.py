"""Reads for moving a motion and for opening its ballot."""

from dataclasses import dataclass
from datetime import datetime

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
from reviews.selectors.policy_in_words import composition_in_words, quorum_in_words, threshold_in_words
from reviews.selectors.readiness import must_fix_open, why_not_fixed, why_not_ready
from reviews.selectors.words import role_in_words


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
    """What the page for opening a ballot shows: seats, who keeps out, the rules in words, the deadline.

    `why_not`: which checklists have to be accepted or findings to be resolved first, or None. `must_fix`: how many
    findings of what must be fixed are open in the request.
    """

    seats: tuple[Seat, ...]
    recused: tuple[User, ...]
    conditions: tuple[MotionCondition, ...]
    policy: BoardPolicy | None
    version: int
    rules: tuple[str, ...]
    deadline: datetime | None
    why_not: str | None
    must_fix: int = 0

    @property
    def initial(self) -> dict[str, bool]:
        """Return that all members are there; the secretary takes out who is not."""
        return {f"here_{seat.person_id}": True for seat in self.seats if seat.role != "alternate"}

    @property
    def roles(self) -> dict[int, str]:
        """Return role and attributes of each seat by person."""
        return {seat.person_id: role_in_words(seat.role, seat.attributes) for seat in self.seats}


def opening_of(motion: Motion, actor: User, now: datetime) -> Opening:
    """Return what is needed to open a ballot on the motion; who has a part is known from who asks."""
    review = motion.review
    parties = standing_of(actor, review.request, now).parties
    rows = Seat.objects.filter(board=review.board, until__isnull=True).select_related("person")
    order = {"chair": 0, "member": 1, "alternate": 2}
    seats = sorted(rows, key=lambda seat: (order[seat.role], seat.pk))
    kept = policy_in_force(review.board)
    policy = rules_of_review(review) if kept else None
    judging = [seat for seat in seats if not conflicts_of(seat.person_id, parties)]
    if policy is not None and (needed := policy.procedure(procedure_of(review)).reviewers):
        chosen = reviewers_of(review, judging, needed)
        judging = [seat for seat in judging if seat.person_id in chosen]
    return Opening(
        seats=tuple(judging),
        recused=tuple(seat.person for seat in seats if conflicts_of(seat.person_id, parties)),
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
