"""A ballot on a frozen motion: what counts, when it closes, what its result is, what a vote would do."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from reviews.rules.review_lifecycle import Matter
from reviews.rules.roster import Person
from reviews.rules.threshold import Tally, Threshold


class MotionKind(StrEnum):
    """What a motion asks; the codes are those of `records.context.MotionKind`."""

    APPROVE = "approve"
    APPROVE_WITH_CONDITIONS = "approve_with_conditions"
    RETURN = "return"
    REJECT = "reject"
    OVERRIDE = "override"
    RATIFY = "ratify"
    LIFT = "lift"
    CONTINUE = "continue"
    WAIVE = "waive"


class Position(StrEnum):
    """What a vote says; a block comes on top of it."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


class BallotResult(StrEnum):
    """How a ballot ended. `HELD` is not yet an end: it waits for the blocks or for its deadline."""

    PASSED = "passed"
    FAILED = "failed"
    HELD = "held"
    TABLED = "tabled"
    STOPPED = "stopped"


class ClosedBecause(StrEnum):
    """Why a ballot takes no more votes."""

    ALL_VOTED = "all_voted"
    DEADLINE = "deadline"
    RESULT_CERTAIN = "result_certain"
    QUORUM_LOST = "quorum_lost"
    TABLED = "tabled"
    STOPPED = "stopped"


APPROVALS = frozenset({MotionKind.APPROVE, MotionKind.APPROVE_WITH_CONDITIONS})
"""Motions that a blocking position holds."""


AFTER_APPROVAL = frozenset({MotionKind.RATIFY, MotionKind.LIFT, MotionKind.CONTINUE, MotionKind.WAIVE})
"""Motions about an approval that is in force or suspended; none of them decides the request anew."""

_ON: dict[Matter, tuple[MotionKind, ...]] = {
    Matter.RELEASE: tuple(kind for kind in MotionKind if kind not in AFTER_APPROVAL),
    Matter.SUSPENSION: (MotionKind.RATIFY, MotionKind.LIFT),
    Matter.CONTINUING: (MotionKind.CONTINUE,),
    Matter.CONDITION: (MotionKind.WAIVE,),
}


def motions_on(matter: Matter) -> tuple[MotionKind, ...]:
    """Return what can be moved while the board deliberates on the matter."""
    return _ON[Matter(matter)]


@dataclass(frozen=True, slots=True)
class Cast:
    """One row of the ballot: a changed mind is a new row, later in the order."""

    person: Person
    position: Position


@dataclass(frozen=True, slots=True)
class BallotCount:
    """All that decides a ballot at one moment.

    `quorum_met` is computed on the present roster, `base` on the policy's denominator, `votes` are in the
    order in which they were accepted, `standing_blocks` those that nobody has cleared or overridden.
    """

    kind: MotionKind
    threshold: Threshold
    eligible: tuple[Person, ...]
    base: int
    quorum_met: bool
    votes: tuple[Cast, ...] = ()
    standing_blocks: int = 0


@dataclass(frozen=True, slots=True)
class Closing:
    """That a ballot closes now, why, and with which result."""

    because: ClosedBecause
    result: BallotResult


def last_votes(votes: Iterable[Cast], eligible: Iterable[Person]) -> dict[Person, Position]:
    """Return the vote of each eligible person that counts: the last one. Others, as recused since, fall out."""
    allowed = set(eligible)
    return {vote.person: Position(vote.position) for vote in votes if vote.person in allowed}


def tally(count: BallotCount) -> Tally:
    """Count the last vote of everybody eligible."""
    positions = list(last_votes(count.votes, count.eligible).values())
    return Tally(
        votes_for=positions.count(Position.FOR),
        votes_against=positions.count(Position.AGAINST),
        votes_abstaining=positions.count(Position.ABSTAIN),
        outstanding=len(set(count.eligible)) - len(positions),
        base=count.base,
    )


def result_now(count: BallotCount, *, deadline_passed: bool = False) -> BallotResult:
    """Return the result if the ballot closed at this moment.

    Quorum first: without it nothing is decided. A block holds an approval that has its votes, until the
    deadline, at which it fails.
    """
    if not count.quorum_met:
        return BallotResult.TABLED
    if not tally(count).passes(count.threshold):
        return BallotResult.FAILED
    if count.kind in APPROVALS and count.standing_blocks:
        return BallotResult.FAILED if deadline_passed else BallotResult.HELD
    return BallotResult.PASSED


def closing(count: BallotCount, *, deadline_passed: bool, in_meeting: bool = False) -> Closing | None:
    """Return the closing that is due by itself, or None: all have voted, or the deadline is over.

    Never merely because the threshold is reached. A ballot in a meeting is tabled as soon as its quorum is lost.
    """
    if in_meeting and not count.quorum_met:
        return Closing(ClosedBecause.QUORUM_LOST, BallotResult.TABLED)
    if deadline_passed:
        return Closing(ClosedBecause.DEADLINE, result_now(count, deadline_passed=True))
    if tally(count).outstanding == 0:
        return Closing(ClosedBecause.ALL_VOTED, result_now(count))
    return None


class NotYetClosable(StrEnum):
    """Why the secretary may not close a ballot."""

    RESULT_MAY_CHANGE = "result_may_change"


def why_not_close(count: BallotCount) -> NotYetClosable | None:
    """Return why the secretary may not close the ballot before its time; None when they may.

    A lost quorum may always be stated: the ballot is tabled.
    """
    if not count.quorum_met or tally(count).is_certain(count.threshold):
        return None
    return NotYetClosable.RESULT_MAY_CHANGE


def closing_by_secretary(count: BallotCount) -> Closing | None:
    """Return the closing by the secretary, or None while the result may still change."""
    if why_not_close(count):
        return None
    return Closing(ClosedBecause.RESULT_CERTAIN, result_now(count))


def settle_held(*, standing_blocks: int, deadline_passed: bool) -> BallotResult:
    """Return what a held ballot is now: passed once no block stands, failed at its deadline, else held."""
    if standing_blocks == 0:
        return BallotResult.PASSED
    return BallotResult.FAILED if deadline_passed else BallotResult.HELD


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What one choice would do now: "4 of 5 for, 4 needed: passes".

    `closes` says that it is the last vote out; `result` is then the result, otherwise what it would be if
    nobody else voted. `can_still_pass` tells whether the rest could carry the motion.
    """

    position: Position
    blocks: bool
    votes_for: int
    base: int
    needed: int
    outstanding: int
    closes: bool
    result: BallotResult
    can_still_pass: bool


def what_if(count: BallotCount, person: Person, position: Position, *, blocks: bool = False) -> WhatIf:
    """Return what the person's vote would do; a changed mind replaces the earlier vote."""
    after = replace(
        count,
        votes=(*count.votes, Cast(person, position)),
        standing_blocks=count.standing_blocks + (1 if blocks else 0),
    )
    counted = tally(after)
    return WhatIf(
        position=position,
        blocks=blocks,
        votes_for=counted.votes_for,
        base=count.base,
        needed=count.threshold.needed(count.base),
        outstanding=counted.outstanding,
        closes=counted.outstanding == 0,
        result=result_now(after),
        can_still_pass=counted.can_still_pass(count.threshold),
    )
