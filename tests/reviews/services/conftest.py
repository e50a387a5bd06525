"""Fixtures of these tests."""

from tests.worlds import (  # noqa: F401  (fixtures)
    _worlds,
    standing_approval,
    standing_house,
    standing_review,
    standing_reviews,
)
