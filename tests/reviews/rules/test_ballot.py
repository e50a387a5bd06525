"""What counts in a ballot, when it closes and with which result."""

import pytest

from reviews.rules.ballot import (
    BallotCount,
    BallotResult,
    Cast,
    ClosedBecause,
    Closing,
    MotionKind,
    NotYetClosable,
    Position,
    closing,
    closing_by_secretary,
    last_votes,
    result_now,
    settle_held,
    what_if,
    why_not_close,
)
from reviews.rules.threshold import Threshold

R, P = BallotResult, Position
WORDS = {"f": P.FOR, "a": P.AGAINST, "o": P.ABSTAIN}


def ballot(
    votes: str, *, of: int = 5, kind: MotionKind = MotionKind.APPROVE, quorum: bool = True, blocks: int = 0
) -> BallotCount:
    """Return a two-thirds ballot of so many people, in which the first have voted so."""
    return BallotCount(
        kind=kind,
        threshold=Threshold(2, 3),
        eligible=tuple(range(1, of + 1)),
        base=of,
        quorum_met=quorum,
        votes=tuple(Cast(number, WORDS[letter]) for number, letter in enumerate(votes, start=1)),
        standing_blocks=blocks,
    )


@pytest.mark.parametrize(
    ("votes", "result"),
    [
        ("ffffa", R.PASSED),
        ("fffaa", R.FAILED),
        ("fffoo", R.FAILED),
        ("ffffo", R.PASSED),
        ("ooooo", R.FAILED),
        ("aaaaa", R.FAILED),
    ],
)
def test_when_all_have_voted_the_ballot_closes_by_itself(votes: str, result: BallotResult) -> None:
    assert closing(ballot(votes), deadline_passed=False) == Closing(ClosedBecause.ALL_VOTED, result)


@pytest.mark.parametrize("votes", ["", "ffff", "aaaa", "ffo"])
def test_it_never_closes_by_itself_merely_because_the_result_shows(votes: str) -> None:
    assert closing(ballot(votes), deadline_passed=False) is None


def test_at_the_deadline_who_did_not_vote_stays_in_the_denominator() -> None:
    assert closing(ballot("fff"), deadline_passed=True) == Closing(ClosedBecause.DEADLINE, R.FAILED)
    assert closing(ballot("ffff"), deadline_passed=True) == Closing(ClosedBecause.DEADLINE, R.PASSED)


def test_without_quorum_nothing_is_decided_whatever_the_votes() -> None:
    for votes in ("fffff", "aaaaa"):
        assert result_now(ballot(votes, quorum=False)) == R.TABLED
        assert closing(ballot(votes, quorum=False, blocks=1), deadline_passed=True) == Closing(
            ClosedBecause.DEADLINE, R.TABLED
        )


def test_in_a_meeting_a_ballot_is_tabled_as_soon_as_its_quorum_is_lost_and_by_circulation_it_waits() -> None:
    lost = Closing(ClosedBecause.QUORUM_LOST, R.TABLED)
    for votes in ("", "ff", "ffff"):
        assert closing(ballot(votes, quorum=False), deadline_passed=False, in_meeting=True) == lost
        assert closing(ballot(votes, quorum=False), deadline_passed=False) is None
        assert closing(ballot(votes), deadline_passed=False, in_meeting=True) is None


@pytest.mark.parametrize("kind", [MotionKind.APPROVE, MotionKind.APPROVE_WITH_CONDITIONS])
def test_a_block_holds_an_approval_that_has_its_votes(kind: MotionKind) -> None:
    assert result_now(ballot("fffff", kind=kind, blocks=1)) == R.HELD
    assert result_now(ballot("fffaa", kind=kind, blocks=1)) == R.FAILED


@pytest.mark.parametrize("kind", [MotionKind.RETURN, MotionKind.REJECT, MotionKind.OVERRIDE])
def test_a_block_holds_nothing_but_an_approval(kind: MotionKind) -> None:
    assert result_now(ballot("fffff", kind=kind, blocks=1)) == R.PASSED


def test_at_its_deadline_a_blocked_approval_fails() -> None:
    assert result_now(ballot("fffff", blocks=2), deadline_passed=True) == R.FAILED


@pytest.mark.parametrize(
    ("blocks", "deadline_passed", "result"),
    [(1, False, R.HELD), (1, True, R.FAILED), (0, False, R.PASSED), (0, True, R.PASSED)],
)
def test_a_held_ballot_waits_for_its_last_block(
    blocks: int, deadline_passed: bool, result: BallotResult
) -> None:
    assert settle_held(standing_blocks=blocks, deadline_passed=deadline_passed) == result


def test_the_last_vote_of_a_person_counts_and_one_of_a_stranger_never() -> None:
    votes = [Cast(1, P.FOR), Cast(9, P.AGAINST), Cast(2, P.FOR), Cast(1, P.ABSTAIN)]
    assert last_votes(votes, [1, 2, 3]) == {1: P.ABSTAIN, 2: P.FOR}


@pytest.mark.parametrize(
    ("votes", "closes"),
    [("aa", R.FAILED), ("ffa", None), ("ffff", None), ("oo", R.FAILED), ("", None), ("ffffa", R.PASSED)],
)
def test_the_secretary_closes_early_only_what_cannot_change(votes: str, closes: BallotResult | None) -> None:
    found = closing_by_secretary(ballot(votes))
    assert found == (Closing(ClosedBecause.RESULT_CERTAIN, closes) if closes else None)
    assert why_not_close(ballot(votes)) == (None if closes else NotYetClosable.RESULT_MAY_CHANGE)


def test_the_secretary_may_table_a_ballot_that_lost_its_quorum() -> None:
    assert closing_by_secretary(ballot("f", quorum=False)) == Closing(ClosedBecause.RESULT_CERTAIN, R.TABLED)


def test_each_choice_says_what_it_would_do() -> None:
    open_ballot = ballot("fffa")
    choices = {position: what_if(open_ballot, 5, position) for position in P}
    assert [(choice.votes_for, choice.base, choice.needed) for choice in choices.values()] == [
        (4, 5, 4),
        (3, 5, 4),
        (3, 5, 4),
    ]
    assert [choice.result for choice in choices.values()] == [R.PASSED, R.FAILED, R.FAILED]
    assert all(choice.closes and choice.outstanding == 0 for choice in choices.values())


def test_a_choice_that_is_not_the_last_one_closes_nothing() -> None:
    first = what_if(ballot("ff"), 3, P.FOR)
    assert (first.closes, first.outstanding, first.result, first.can_still_pass) == (False, 2, R.FAILED, True)
    assert not what_if(ballot("aa"), 3, P.FOR).can_still_pass


def test_a_changed_mind_replaces_the_earlier_vote_and_a_block_holds() -> None:
    assert what_if(ballot("ffff"), 1, P.AGAINST).votes_for == 3
    assert what_if(ballot("ffff"), 5, P.FOR, blocks=True).result == R.HELD
    assert what_if(ballot("ffff"), 5, P.AGAINST).result == R.PASSED
