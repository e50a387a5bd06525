"""Fixtures of these tests: worlds."""

from tests.worlds import _worlds, standing_approval, standing_house, standing_review  # noqa: F401  (fixtures)
