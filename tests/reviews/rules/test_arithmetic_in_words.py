"""A ballot's arithmetic in one sentence, from what it kept, or from the context of a record."""

from typing import Any

import pytest

from records.counts import count_in_words, count_of_context, share_in_words
from reviews.models import Ballot
from reviews.selectors.arithmetic_in_words import ballot_in_words

QUORUM = {"seats": 7, "recused": 1, "needed": 4, "present": 5}
THRESHOLD: dict[str, Any] = {
    "numerator": 2, "denominator": 3, "strict": False, "of": "present_and_eligible", "base": 5, "votes_for": 4,
    "votes_against": 1, "votes_abstaining": 0, "needed": 4, "passed": True,
}  # fmt: skip


def ballot(**changes: object) -> Ballot:
    """Return a ballot that passed: it kept the arithmetic of its opening and of its closing."""
    threshold = THRESHOLD | {key: changes.pop(key) for key in list(changes) if key in THRESHOLD}
    closing = {"quorum": QUORUM, "composition": [], "threshold": threshold, "standing_blocks": 0}
    kept: dict[str, Any] = {
        "kind": "approve", "state": "closed", "result": "passed",
        "opening": {"quorum": QUORUM, "composition": []}, "closing": closing,
    }  # fmt: skip
    return Ballot(**(kept | changes))


def closed(present: int, before: int = 5, **changes: object) -> Ballot:
    """Return a ballot at whose closing so many were present."""
    found = ballot(**changes)
    found.opening = {"quorum": QUORUM | {"present": before}, "composition": []}
    found.closing = found.closing | {"quorum": QUORUM | {"present": present}}
    return found


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        (
            ballot(),
            "7 seats, 1 recused, 5 present of 4 needed, 4 of 5 for, two thirds needed: passed",
        ),
        (
            ballot(votes_for=3, passed=False, result="failed"),
            "7 seats, 1 recused, 5 present of 4 needed, 3 of 5 for, two thirds needed: failed",
        ),
        (
            ballot(numerator=1, denominator=2, strict=True),
            "7 seats, 1 recused, 5 present of 4 needed, 4 of 5 for, more than half needed: passed",
        ),
        (
            ballot(of="seated_minus_recused", base=6),
            (
                "7 seats, 1 recused, 5 present of 4 needed, 4 for of 6 seats that are not recused, two thirds needed: "
                "passed"
            ),
        ),
        (
            ballot(of="all_seated", base=7, votes_for=5),
            "7 seats, 1 recused, 5 present of 4 needed, 5 for of all 7 seats, two thirds needed: passed",
        ),
        (
            ballot(kind="override"),
            "7 seats, 1 recused, 5 present of 4 needed, 4 of 5 for, two thirds needed to override: passed",
        ),
        (
            ballot(result="failed"),
            (
                "7 seats, 1 recused, 5 present of 4 needed, 4 of 5 for, two thirds needed: failed, because a blocking "
                "position stood at the deadline"
            ),
        ),
        (
            closed(3, result="tabled"),
            "7 seats, 1 recused, 5 present at opening and 3 at closing of 4 needed: tabled, nothing was decided",
        ),
        (
            closed(4, before=6),
            (
                "7 seats, 1 recused, 6 present at opening and 4 at closing of 4 needed, 4 of 5 for, two thirds needed: "
                "passed"
            ),
        ),
        (
            ballot(result="stopped"),
            "7 seats, 1 recused, 5 present of 4 needed, 4 of 5 for, two thirds needed: stopped before it was decided",
        ),
    ],
)
def test_a_ballot_tells_its_arithmetic(kept: Ballot, words: str) -> None:
    assert ballot_in_words(kept) == words


def test_a_held_ballot_tells_what_holds_it() -> None:
    kept = ballot(state="held", result="")
    kept.closing["standing_blocks"] = 1
    assert ballot_in_words(kept) == (
        "7 seats, 1 recused, 5 present of 4 needed, 4 of 5 for, two thirds needed, 1 blocking position stands: held "
        "until the blocking position ends, at the latest at the deadline"
    )


def test_it_tells_when_those_were_missing_whom_the_policy_asks_for() -> None:
    kept = ballot(result="tabled")
    kept.closing["composition"] = [{"any_of": ["lay"], "needed": 1, "found": 0}]
    assert "not everybody present whom the policy asks for: tabled" in ballot_in_words(kept)


def test_an_open_ballot_tells_no_vote_and_no_end() -> None:
    kept = ballot(state="open", result="", closing={})
    assert ballot_in_words(kept) == "7 seats, 1 recused, 5 present of 4 needed"


def test_a_record_tells_it_with_the_same_words() -> None:
    quorum = {
        "seats": 7, "recused": 1, "needed": 4, "present_at_opening": 5, "present_at_closing": 5,
    }  # fmt: skip
    context = {
        "kind": "approve", "result": "passed", "quorum": quorum, "threshold": THRESHOLD, "composition": [],
    }  # fmt: skip
    assert count_in_words(count_of_context(context)) == ballot_in_words(ballot())


def test_a_share_is_named_as_people_name_it() -> None:
    assert [share_in_words(*pair) for pair in [(1, 2), (2, 3), (3, 4), (1, 1), (5, 7)]] == [
        "half", "two thirds", "three quarters", "all", "5/7",
    ]  # fmt: skip
