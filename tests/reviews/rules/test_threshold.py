"""Thresholds with a named denominator, in whole numbers."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.rules.threshold import Tally, Threshold, ThresholdOf

from .rosters import roster

TWO_THIRDS = Threshold(2, 3)
MORE_THAN_HALF = Threshold(1, 2, strict=True)


@pytest.mark.parametrize(
    ("rule", "base", "needed"),
    [
        (TWO_THIRDS, 5, 4),
        (TWO_THIRDS, 6, 4),
        (TWO_THIRDS, 3, 2),
        (TWO_THIRDS, 1, 1),
        (MORE_THAN_HALF, 4, 3),
        (MORE_THAN_HALF, 5, 3),
        (Threshold(1, 1), 7, 7),
        (Threshold(3, 4), 7, 6),
        (Threshold(2, 3, strict=True), 6, 5),
    ],
)
def test_the_least_number_that_passes(rule: Threshold, base: int, needed: int) -> None:
    assert rule.needed(base) == needed
    assert rule.passed(needed, base)
    assert not rule.passed(needed - 1, base)


rules = st.builds(
    Threshold,
    numerator=st.integers(1, 12),
    denominator=st.integers(1, 12),
    strict=st.booleans(),
).filter(lambda rule: rule.is_sound)


@given(rules, st.integers(1, 60), st.integers(0, 60))
def test_it_agrees_with_fractions(rule: Threshold, base: int, votes_for: int) -> None:
    share, asked = Fraction(votes_for, base), Fraction(rule.numerator, rule.denominator)
    assert rule.passed(votes_for, base) == (share > asked if rule.strict else share >= asked)
    assert rule.passed(votes_for, base) == (votes_for >= rule.needed(base))


@given(rules, st.integers(1, 40))
def test_a_tie_never_passes(rule: Threshold, half: int) -> None:
    assert not Tally(half, half, 0, 0, 2 * half).passes(rule)


@given(rules, st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_one_more_vote_for_never_undoes_a_passing(
    rule: Threshold, votes_for: int, against: int, abstaining: int, outstanding: int
) -> None:
    base = votes_for + against + abstaining + outstanding
    tally = Tally(votes_for, against, abstaining, outstanding, base)
    if tally.passes(rule) and outstanding:
        assert Tally(votes_for + 1, against, abstaining, outstanding - 1, base).passes(rule)
    if tally.passes(rule):
        assert tally.can_still_pass(rule)


@pytest.mark.parametrize(
    ("rule", "sound"),
    [
        (Threshold(1, 2), False),
        (Threshold(1, 3), False),
        (Threshold(1, 2, strict=True), True),
        (Threshold(2, 3), True),
        (Threshold(1, 1), True),
        (Threshold(1, 1, strict=True), False),
        (Threshold(4, 3), False),
        (Threshold(0, 3), False),
        (Threshold(1, 0), False),
    ],
)
def test_a_rule_by_which_half_or_nobody_could_carry_a_motion_is_not_sound(
    rule: Threshold, sound: bool
) -> None:
    assert rule.is_sound == sound


def test_of_nobody_nothing_passes() -> None:
    assert not TWO_THIRDS.passed(0, 0)
    assert not MORE_THAN_HALF.passed(0, 0)
    assert TWO_THIRDS.needed(0) == 1


def test_abstentions_stay_in_the_denominator() -> None:
    assert not Tally(3, 0, 2, 0, 5).passes(TWO_THIRDS)
    assert Tally(4, 0, 1, 0, 5).passes(TWO_THIRDS)


def test_the_denominator_is_the_one_that_the_rule_names() -> None:
    people = roster("c+ m+ m+ m+ m+ m- mx")
    assert TWO_THIRDS.base(people) == 5
    assert Threshold(2, 3, of=ThresholdOf.SEATED_MINUS_RECUSED).base(people) == 6


def test_two_thirds_of_all_experts_count_who_is_absent_or_recused_and_no_alternate() -> None:
    all_of_them = Threshold(2, 3, of=ThresholdOf.ALL_SEATED)
    people = roster("c+ m+ m+ m- mx a+")
    assert all_of_them.base(people) == 5
    assert not all_of_them.passed(3, all_of_them.base(people))
    assert all_of_them.passed(4, all_of_them.base(people))
    assert TWO_THIRDS.passed(3, TWO_THIRDS.base(people))


@pytest.mark.parametrize(
    ("tally", "certain"),
    [
        (Tally(4, 1, 0, 0, 5), True),
        (Tally(4, 0, 0, 1, 5), False),  # has its votes, but the last one may block
        (Tally(2, 2, 0, 1, 5), True),  # 3 of 5 at best
        (Tally(3, 1, 0, 1, 5), False),
        (Tally(0, 0, 2, 3, 5), True),
        (Tally(0, 0, 0, 5, 5), False),
    ],
)
def test_only_a_failure_is_certain_before_all_have_voted(tally: Tally, certain: bool) -> None:
    assert tally.is_certain(TWO_THIRDS) == certain
