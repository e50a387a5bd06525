"""Quorum after recusals, in people."""

import pytest

from reviews.rules.quorum import QuorumKind, QuorumRule, count_quorum

from .rosters import roster

MAJORITY = QuorumRule(QuorumKind.MAJORITY)


@pytest.mark.parametrize(
    ("seats", "needed"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (6, 4), (7, 4), (15, 8)]
)
def test_a_majority_is_more_than_half_of_the_seats(seats: int, needed: int) -> None:
    assert MAJORITY.needed(seats) == needed


@pytest.mark.parametrize(
    ("numerator", "denominator", "seats", "needed"),
    [(2, 3, 7, 5), (2, 3, 6, 4), (1, 2, 7, 4), (1, 2, 6, 3), (1, 1, 4, 4), (1, 3, 1, 1)],
)
def test_a_fraction_of_the_seats_is_rounded_up(
    numerator: int, denominator: int, seats: int, needed: int
) -> None:
    rule = QuorumRule(QuorumKind.FRACTION, numerator=numerator, denominator=denominator)
    assert rule.needed(seats) == needed


def test_a_count_does_not_depend_on_the_seats_and_nobody_is_never_enough() -> None:
    assert QuorumRule(QuorumKind.COUNT, count=5).needed(3) == 5
    assert QuorumRule(QuorumKind.COUNT, count=0).needed(3) == 1


@pytest.mark.parametrize(
    ("words", "present", "met"),
    [
        ("c+ m+ m+ m+ m+ m- mx", 5, True),
        ("c+ m+ m+ m+ mx mx mx", 4, True),
        ("c+ m+ m+ mx mx mx mx", 3, False),
        ("c+ m+ m+ m- m- m- m-", 3, False),
        ("c+ m+ m+ m- mx mx mx a+4", 4, True),
    ],
)
def test_a_recused_member_does_not_count_towards_quorum(words: str, present: int, met: bool) -> None:
    quorum = count_quorum(MAJORITY, roster(words))
    assert (quorum.seats, quorum.needed, quorum.present, quorum.met) == (7, 4, present, met)


def test_the_absent_are_who_is_neither_present_nor_recused() -> None:
    assert count_quorum(MAJORITY, roster("c+ m+ m+ m+ m+ m- mx")).absent == 1
    assert count_quorum(MAJORITY, roster("c+ mx a+2")).absent == 0
