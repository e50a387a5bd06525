"""Ten thousand random ballots against a count that is written here a second time, naively.

The naive count uses no code of the rules but their names: it lists people, asks each for the last thing
they said, and compares fractions.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.rules.ballot import (
    BallotCount,
    Cast,
    MotionKind,
    Position,
    closing,
    closing_by_secretary,
    result_now,
)
from reviews.rules.quorum import QuorumKind, QuorumRule, count_quorum
from reviews.rules.roster import Attendance, Seated, SeatRole, eligible_of
from reviews.rules.threshold import Threshold, ThresholdOf

BALLOTS = 10_000


@dataclass(frozen=True)
class Made:
    """A ballot made by chance: the roster as words, the rules as numbers, the votes in order."""

    seats: list[tuple[str, str]]  # role, attendance
    quorum: tuple[str, int, int]  # kind, and what it takes
    share: tuple[int, int, bool, str]
    kind: str
    votes: list[tuple[int, str]]
    blocks: int
    deadline_passed: bool


def made_by(chance: random.Random) -> Made:
    """Return a ballot of up to eleven seats with a rule that nobody needs a casting vote for."""
    seats = [
        (
            chance.choice(["chair", "member", "member", "member"]),
            chance.choice(["present"] * 5 + ["absent", "recused"]),
        )
        for _ in range(chance.randint(1, 11))
    ]
    denominator = chance.randint(1, 6)
    numerator = chance.randint(denominator // 2 + 1, denominator)
    strict = numerator < denominator and chance.random() < 0.3
    voters = list(range(len(seats)))
    return Made(
        seats=seats,
        quorum=chance.choice(
            [
                ("majority_of_seats", 0, 1),
                ("count", chance.randint(1, 6), 1),
                ("fraction", chance.randint(1, 3), 3),
            ]
        ),
        share=(
            numerator,
            denominator,
            strict,
            chance.choice(["present_and_eligible", "seated_minus_recused"]),
        ),
        kind=chance.choice(["approve", "approve_with_conditions", "return", "reject", "override"]),
        votes=votes_by(chance, voters),
        blocks=chance.choice([0, 0, 1, 2]),
        deadline_passed=chance.random() < 0.3,
    )


def votes_by(chance: random.Random, voters: list[int]) -> list[tuple[int, str]]:
    """Return votes in some order: in half of the ballots few, in half nearly all, some of them twice."""
    mood = chance.choice([["for", "for", "for", "against", "abstain"], ["for"] * 12 + ["against", "abstain"]])
    if chance.random() < 0.5:
        voting = [chance.choice(voters) for _ in range(chance.randint(0, 2 * len(voters)))]
    else:
        voting = voters + [chance.choice(voters) for _ in range(chance.randint(0, 3))]
        chance.shuffle(voting)
    return [(person, chance.choice(mood)) for person in voting]


def naive(ballot: Made) -> tuple[str, bool, bool]:
    """Return the result at this moment, whether all have voted, and whether it could still get its votes."""
    present = [n for n, (_, attendance) in enumerate(ballot.seats) if attendance == "present"]
    recused = [n for n, (_, attendance) in enumerate(ballot.seats) if attendance == "recused"]
    kind, top, bottom = ballot.quorum
    if kind == "majority_of_seats":
        quorate = Fraction(len(present)) > Fraction(len(ballot.seats), 2)
    elif kind == "count":
        quorate = len(present) >= top
    else:
        quorate = len(present) > 0 and Fraction(len(present), len(ballot.seats)) >= Fraction(top, bottom)
    said = {}
    for person in present:
        for voter, position in ballot.votes:
            if voter == person:
                said[person] = position
    people = len(present)
    if ballot.share[3] == "seated_minus_recused":
        people = len(ballot.seats) - len(recused)
    yes = len([position for position in said.values() if position == "for"])
    silent = len(present) - len(said)
    enough = suffices(yes, people, ballot.share)
    result = "passed" if enough else "failed"
    if enough and ballot.blocks and ballot.kind in ("approve", "approve_with_conditions"):
        result = "failed" if ballot.deadline_passed else "held"
    if not quorate:
        result = "tabled"
    return result, silent == 0, suffices(yes + silent, people, ballot.share)


def suffices(yes: int, people: int, share: tuple[int, int, bool, str]) -> bool:
    """Compare fractions, and let nothing pass of nobody."""
    if people == 0 or yes == 0:
        return False
    asked = Fraction(share[0], share[1])
    return Fraction(yes, people) > asked if share[2] else Fraction(yes, people) >= asked


def counted(ballot: Made) -> BallotCount:
    """Return the same ballot in the terms of the rules."""
    roster = [
        Seated(number, SeatRole(role), attendance=Attendance(attendance))
        for number, (role, attendance) in enumerate(ballot.seats)
    ]
    kind, top, bottom = ballot.quorum
    rule = QuorumRule(QuorumKind(kind), count=top, numerator=top, denominator=bottom)
    numerator, denominator, strict, of = ballot.share
    threshold = Threshold(numerator, denominator, strict, ThresholdOf(of))
    return BallotCount(
        kind=MotionKind(ballot.kind),
        threshold=threshold,
        eligible=eligible_of(roster),
        base=threshold.base(roster),
        quorum_met=count_quorum(rule, roster).met,
        votes=tuple(Cast(person, Position(position)) for person, position in ballot.votes),
        standing_blocks=ballot.blocks,
    )


def agree(ballot: Made) -> str:
    """Assert that rules and naive count agree on result and closing; return the result."""
    result, all_voted, could_pass = naive(ballot)
    count = counted(ballot)
    assert result_now(count, deadline_passed=ballot.deadline_passed) == result, ballot
    closed = closing(count, deadline_passed=ballot.deadline_passed)
    assert (closed is not None) == (all_voted or ballot.deadline_passed), ballot
    assert closed is None or closed.result == result, ballot
    early = closing_by_secretary(count)
    assert (early is not None) == (all_voted or not could_pass or result == "tabled"), ballot
    return result


def test_ten_thousand_random_ballots_agree_with_the_naive_count() -> None:
    chance = random.Random(20261123)
    seen = [agree(made_by(chance)) for _ in range(BALLOTS)]
    least = {result: seen.count(result) for result in ("passed", "failed", "held", "tabled")}
    assert len(seen) == BALLOTS
    assert all(number > BALLOTS // 60 for number in least.values()), least


@settings(max_examples=300, deadline=None)
@given(st.randoms(use_true_random=False))
def test_and_so_do_those_that_hypothesis_looks_for(chance: random.Random) -> None:
    agree(made_by(chance))


@settings(max_examples=300, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_votes_of_different_people_does_not_matter(chance: random.Random) -> None:
    ballot = made_by(chance)
    by_person: dict[int, list[tuple[int, str]]] = {}
    for vote in ballot.votes:
        by_person.setdefault(vote[0], []).append(vote)
    people = list(by_person)
    chance.shuffle(people)
    shuffled: Sequence[Any] = [vote for person in people for vote in by_person[person]]
    other = Made(**{**vars(ballot), "votes": list(shuffled)})
    assert result_now(counted(other)) == result_now(counted(ballot))


@settings(max_examples=300, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_vote_of_somebody_recused_or_absent_changes_nothing(chance: random.Random) -> None:
    ballot = made_by(chance)
    away = [n for n, (_, attendance) in enumerate(ballot.seats) if attendance != "present"]
    with_intruders = Made(**{**vars(ballot), "votes": ballot.votes + [(n, "for") for n in [*away, 99]]})
    assert result_now(counted(with_intruders)) == result_now(counted(ballot))
