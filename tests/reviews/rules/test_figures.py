"""Figures: the middle and the slow end are values that somebody waited, shades grow with the count."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.rules.figures import SHADES, median, quantile, shade, slow_end, tenths

VALUES = st.lists(st.integers(0, 10**9), min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("values", "middle", "end"),
    [
        ([5], 5, 5),
        ([1, 9], 1, 9),
        ([3, 1, 2], 2, 3),
        (list(range(1, 11)), 5, 9),
        (list(range(1, 21)), 10, 18),
        (list(range(1, 12)), 6, 10),
    ],
)
def test_median_and_slow_end_of_known_values(values: list[int], middle: int, end: int) -> None:
    assert (median(values), slow_end(values)) == (middle, end)


@given(VALUES, st.fractions(0, 1))
def test_a_quantile_is_the_least_value_that_enough_do_not_exceed(values: list[int], share: Fraction) -> None:
    found = quantile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values)
    assert not any(
        sum(value <= smaller for value in values) >= share * len(values)
        for smaller in values
        if smaller < found
    )


def test_nothing_has_no_quantile() -> None:
    with pytest.raises(ValueError, match="nothing"):
        median([])


@given(st.integers(0, 1000), st.integers(1, 1000))
def test_only_nothing_is_blank_and_only_the_most_is_darkest_for_sure(count: int, most: int) -> None:
    assert (shade(count, most) == 0) == (count == 0)
    assert shade(count, most) <= SHADES
    assert shade(most, most) == SHADES


def test_days_are_rounded_to_tenths() -> None:
    assert [tenths(seconds) for seconds in (0, 4319, 4320, 86_400, 129_600)] == [0, 0, 1, 10, 15]
