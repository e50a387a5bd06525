"""When a date may be moved."""

from datetime import UTC, datetime, timedelta

import pytest

from reviews.rules.deadlines import DeadlineKind, NotMovable, why_not_move_to

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
OLD = NOW + timedelta(days=10)
K, N = DeadlineKind, NotMovable


@pytest.mark.parametrize(
    ("kind", "days", "at_most", "reason"),
    [
        (K.REVIEW, 20, None, None),
        (K.REVIEW, 5, None, None),
        (K.QUESTION, 5, None, None),
        (K.CONDITION, 5, None, None),
        (K.BALLOT, 11, None, None),
        (K.BALLOT, 9, None, N.ONLY_LATER),
        (K.BALLOT, 10, None, N.SAME),
        (K.REVIEW, 10, None, N.SAME),
        (K.REVIEW, 0, None, N.NOT_AHEAD),
        (K.BALLOT, -1, None, N.NOT_AHEAD),
        (K.CONDITION, -1, None, N.NOT_AHEAD),
        (K.BALLOT, 12, 12, None),
        (K.BALLOT, 13, 12, N.BEYOND_THE_HELD_BALLOT),
        (K.REVIEW, 13, 12, None),
    ],
)
def test_a_date_moves_ahead_and_a_ballots_only_later(
    kind: DeadlineKind, days: int, at_most: int | None, reason: NotMovable | None
) -> None:
    new, most = NOW + timedelta(days=days), NOW + timedelta(days=at_most) if at_most else None
    assert why_not_move_to(kind, OLD, new, now=NOW, at_most=most) == reason


def test_a_date_that_has_passed_may_be_moved_ahead_again() -> None:
    late = NOW - timedelta(days=3)
    assert why_not_move_to(K.QUESTION, late, NOW + timedelta(days=1), now=NOW) is None
