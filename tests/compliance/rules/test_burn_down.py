"""How many actions were open, overdue, and will be left."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.rules.burn_down import Point, Span, burn_down

TODAY = date(2026, 11, 25)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("span", "points"),
    [
        (Span(ago(10), None, ago(-10)), [(0, 0), (1, 0), (1, 0), (1, 0), (0, 0)]),
        (Span(ago(10), None, ago(1)), [(0, 0), (1, 0), (0, 1), (0, 1), (0, 1)]),
        (Span(ago(14), ago(7), ago(1)), [(1, 0), (0, 0), (0, 0), (0, 0), (0, 0)]),
        (Span(ago(14), ago(6), ago(10)), [(1, 0), (0, 1), (0, 0), (0, 0), (0, 0)]),
        (Span(TODAY, None, TODAY), [(0, 0), (0, 0), (1, 0), (0, 0), (0, 0)]),
    ],
)
def test_an_action_counts_from_its_plan_to_its_end_and_is_late_after_its_day(
    span: Span, points: list[tuple[int, int]]
) -> None:
    shown = burn_down([span], TODAY, before=2, after=2)
    assert [(point.in_time, point.late) for point in shown] == points
    assert [point.ahead for point in shown] == [False, False, False, True, True]


_days = st.integers(-100, 100).map(ago)


@given(st.lists(st.builds(Span, _days, st.none() | _days, _days), max_size=20))
@settings(max_examples=50, deadline=None)
def test_what_lies_ahead_only_falls_and_never_grows_beyond_today(spans: list[Span]) -> None:
    shown = burn_down(spans, TODAY, before=3, after=5)
    now = next(point for point in shown if point.day == TODAY)
    ahead: list[Point] = [point for point in shown if point.ahead]
    assert all(later.in_time <= sooner.in_time for sooner, later in pairwise(ahead))
    assert all(point.open <= now.open for point in ahead)
    assert {point.late for point in ahead} <= {now.late}
