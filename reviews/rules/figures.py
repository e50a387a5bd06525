"""How figures of requests are counted: ages in steps, the middle and the slow end of durations."""

from collections.abc import Sequence
from fractions import Fraction

AGES = (7, 14, 30, 60)
"""Days at which a step of age ends: up to 7, up to 14, up to 30, up to 60, and more."""
SECONDS_A_DAY = 86_400
SHADES = 5


def quantile(values: Sequence[int], share: Fraction) -> int:
    """Return the smallest value that at least this share of the values does not exceed (nearest rank).

    It is always one of the values, so that a median of two is not a day that nobody waited. Raises ValueError when
    there are no values.
    """
    if not values:
        raise ValueError("There is no quantile of nothing.")
    rank = -(-share.numerator * len(values) // share.denominator)
    return sorted(values)[max(rank, 1) - 1]


def median(values: Sequence[int]) -> int:
    """Return the value that half of them do not exceed."""
    return quantile(values, Fraction(1, 2))


def slow_end(values: Sequence[int]) -> int:
    """Return the value that nine of ten do not exceed."""
    return quantile(values, Fraction(9, 10))


def shade(count: int, most: int) -> int:
    """Return how dark a field with this count is, 0 (nothing) to SHADES; the largest count is the darkest."""
    return 0 if count <= 0 else max(1, -(-count * SHADES // max(most, count)))


def tenths(seconds: int) -> int:
    """Return a duration in tenths of days, rounded half up."""
    return (seconds * 20 + SECONDS_A_DAY) // (2 * SECONDS_A_DAY)
