"""A ballot as the rules count it: its roster, its last votes, its policy, the blocks that stand."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q

from reviews.models import Ballot, BallotSeat, Block, BoardReview, Vote
from reviews.permissions.policies import rules_of
from reviews.rules.ballot import BallotCount, Cast, MotionKind, Position, last_votes, tally
from reviews.rules.composition import CompositionCheck, check_composition, is_composed
from reviews.rules.policy import BoardPolicy, parse
from reviews.rules.quorum import Quorum, count_quorum
from reviews.rules.roster import Attendance, Seated, SeatRole, eligible_of
from reviews.rules.threshold import Threshold


def seated(seat: BallotSeat) -> Seated:
    """Return a line of the roster as the rules see it; people are told apart by their id."""
    attendance = Attendance.PRESENT if seat.present else Attendance.ABSENT
    if seat.recused:
        attendance = Attendance.RECUSED
    return Seated(
        person=seat.person_id,
        role=SeatRole(seat.role),
        attributes=frozenset(seat.attributes),
        attendance=attendance,
        sits_for=seat.sits_for_id,
    )


def roster_of(seats: Iterable[BallotSeat]) -> tuple[Seated, ...]:
    """Return the roster as the rules see it."""
    return tuple(seated(seat) for seat in seats)


def threshold_of(policy: BoardPolicy, kind: str) -> Threshold:
    """Return the threshold that a motion of this kind needs."""
    return policy.override if kind == MotionKind.OVERRIDE else policy.threshold


def standing_blocks(review: BoardReview) -> int:
    """Return how many blocking positions stand in the board's review, stale ones included."""
    return Block.objects.filter(review=review, state="standing").count()


def count_of(ballot: Ballot) -> BallotCount:
    """Return all that decides the ballot now, from its copies of roster and policy; three queries.

    Who has to be among those present, has to be so when it is counted, too: without them there is no quorum
    (45 CFR 46.108(b): a majority of the members, including a nonscientist).
    """
    policy = rules_of(ballot)
    roster = roster_of(ballot.seats.all())
    rule = threshold_of(policy, ballot.kind)
    rows = ballot.votes.order_by("id").values_list("seat__person_id", "position")
    return BallotCount(
        kind=MotionKind(ballot.kind),
        threshold=rule,
        eligible=eligible_of(roster),
        base=rule.base(roster),
        quorum_met=count_quorum(policy.quorum, roster).met and is_composed(policy.composition, roster),
        votes=tuple(Cast(person, Position(position)) for person, position in rows),
        standing_blocks=standing_blocks(ballot.review),
    )


def attendance_arithmetic(policy: BoardPolicy, roster: Iterable[Seated]) -> dict[str, Any]:
    """Return quorum and composition as they are kept with the ballot."""
    seats = tuple(roster)
    return {
        "quorum": quorum_json(count_quorum(policy.quorum, seats)),
        "composition": [composition_json(check) for check in check_composition(policy.composition, seats)],
    }


def closing_arithmetic(ballot: Ballot, count: BallotCount) -> dict[str, Any]:
    """Return quorum, composition and threshold as they are kept when the ballot is counted."""
    policy = rules_of(ballot)
    counted = tally(count)
    return attendance_arithmetic(policy, roster_of(ballot.seats.all())) | {
        "threshold": {
            "numerator": count.threshold.numerator,
            "denominator": count.threshold.denominator,
            "strict": count.threshold.strict,
            "of": count.threshold.of.value,
            "base": counted.base,
            "votes_for": counted.votes_for,
            "votes_against": counted.votes_against,
            "votes_abstaining": counted.votes_abstaining,
            "needed": count.threshold.needed(counted.base),
            "passed": counted.passes(count.threshold),
        },
        "standing_blocks": count.standing_blocks,
    }


def quorum_json(quorum: Quorum) -> dict[str, int]:
    """Return the arithmetic of quorum."""
    return {
        "seats": quorum.seats,
        "recused": quorum.recused,
        "needed": quorum.needed,
        "present": quorum.present,
    }


def composition_json(check: CompositionCheck) -> dict[str, Any]:
    """Return one rule of composition with what was found."""
    return {"any_of": list(check.rule.any_of), "needed": check.rule.at_least, "found": check.found}


def last_vote_of(seat: BallotSeat) -> Vote | None:
    """Return the last row of the seat: the vote that counts."""
    return seat.votes.order_by("-id").first()


def last_votes_by_seat(ballot: Ballot) -> dict[int, Vote]:
    """Return for each seat its last vote, in one query."""
    rows = ballot.votes.order_by("id").select_related("entered_by")
    return {vote.seat_id: vote for vote in rows}


def not_voted(ballot: Ballot) -> list[int]:
    """Return the eligible people who have not voted."""
    count = count_of(ballot)
    voted = last_votes(count.votes, count.eligible)
    return [person for person in count.eligible if person not in voted]  # type: ignore[misc]


def hidden_ballots(request_id: int) -> list[int]:
    """Return the open ballots of the request whose policy hides positions until they close."""
    running = Ballot.objects.filter(request=request_id, state="open").values_list("pk", "policy")
    return [key for key, policy in running if parse(policy).positions_hidden]


def running_ballots(now: datetime) -> list[int]:
    """Return the ballots whose deadline has passed and that nobody closed, oldest deadline first."""
    due = Ballot.objects.filter(~Q(state="closed"), deadline__lte=now).order_by("deadline", "id")
    return list(due.values_list("pk", flat=True))
