"""How long a disclosure counts, and when the next one is asked for."""

from datetime import UTC, datetime, timedelta

import pytest

from reviews.rules.disclosure import DisclosureState, check_disclosure

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=900)


def ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


@pytest.mark.parametrize(
    ("months", "last", "since", "state", "is_there"),
    [
        (0, None, LONG_AGO, DisclosureState.NOT_ASKED, True),
        (12, None, ago(29), DisclosureState.MISSING, False),
        (12, None, ago(30), DisclosureState.LATE, False),
        (12, ago(100), LONG_AGO, DisclosureState.COUNTS, True),
        (12, ago(340), LONG_AGO, DisclosureState.RUNS_OUT, True),
        (12, ago(366), LONG_AGO, DisclosureState.LATE, False),
        (12, ago(366), ago(5), DisclosureState.MISSING, False),
        (6, ago(340), LONG_AGO, DisclosureState.LATE, False),
    ],
)
def test_it_counts_for_the_months_of_the_policy(
    months: int, last: datetime | None, since: datetime, state: DisclosureState, is_there: bool
) -> None:
    check = check_disclosure(months=months, last=last, asked_since=since, now=NOW)
    assert (check.state, check.is_there) == (state, is_there)


def test_the_next_one_is_due_when_the_last_one_runs_out_and_the_first_one_a_month_after_it_is_asked() -> None:
    check = check_disclosure(months=12, last=datetime(2025, 12, 1, tzinfo=UTC), asked_since=LONG_AGO, now=NOW)
    assert (check.due, check.is_asked) == (datetime(2026, 12, 1, tzinfo=UTC), True)
    first = check_disclosure(months=12, last=None, asked_since=NOW, now=NOW)
    assert (first.due, first.is_asked) == (NOW + timedelta(days=30), True)


def test_nothing_is_asked_long_before_it_runs_out() -> None:
    assert not check_disclosure(months=12, last=ago(100), asked_since=LONG_AGO, now=NOW).is_asked
