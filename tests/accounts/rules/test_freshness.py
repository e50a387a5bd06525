"""All components at the first signature of a sitting, one at each further (21 CFR 11.200(a)(1))."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.rules.freshness import Given, Lacks, in_a_sitting, lacks

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


@pytest.mark.parametrize(
    ("ago", "window", "expected"),
    [
        (None, QUARTER, False),
        (timedelta(0), QUARTER, True),
        (timedelta(minutes=14, seconds=59), QUARTER, True),
        (QUARTER, QUARTER, False),
        (timedelta(hours=2), QUARTER, False),
        (timedelta(seconds=-1), QUARTER, False),
        (timedelta(0), timedelta(0), False),
    ],
)
def test_a_sitting_goes_on_for_minutes_after_each_signature(
    ago: timedelta | None, window: timedelta, expected: bool
) -> None:
    assert in_a_sitting(None if ago is None else NOW - ago, NOW, window) is expected


@pytest.mark.parametrize(
    ("password", "code", "first", "further"),
    [
        (True, True, Lacks.NOTHING, Lacks.NOTHING),
        (True, False, Lacks.CODE, Lacks.NOTHING),
        (False, True, Lacks.PASSWORD, Lacks.NOTHING),
        (False, False, Lacks.BOTH, Lacks.ONE),
    ],
)
def test_what_is_missing(password: bool, code: bool, first: Lacks, further: Lacks) -> None:
    assert lacks(Given(password, code), sitting=False) is first
    assert lacks(Given(password, code), sitting=True) is further
