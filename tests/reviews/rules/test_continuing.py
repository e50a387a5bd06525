"""When the next continuing review is due, and what an overdue condition leads to."""

from datetime import UTC, date, datetime, timedelta

import pytest

from reviews.rules.continuing import next_review_day, opens_on
from reviews.rules.overdue import overdue_dates
from reviews.rules.policy import OverdueConditions


@pytest.mark.parametrize(
    ("months", "valid_until", "due"),
    [
        (6, date(2027, 1, 30), date(2026, 7, 31)),
        (12, date(2028, 1, 30), date(2027, 1, 31)),
        (24, date(2029, 1, 30), date(2027, 1, 31)),  # never less than yearly
        (12, date(2027, 1, 30), None),  # the approval ends before
        (12, date(2027, 1, 31), None),  # on that very day
        (0, date(2029, 1, 30), None),
        (1, date(2027, 1, 30), date(2026, 2, 28)),
    ],
)
def test_the_next_review_follows_from_the_policy_and_at_least_yearly(
    months: int, valid_until: date, due: date | None
) -> None:
    assert next_review_day(date(2026, 1, 31), months, valid_until) == due


def test_a_review_opens_ahead_of_its_date() -> None:
    assert opens_on(date(2026, 3, 1), 30) == date(2026, 1, 30)
    assert opens_on(date(2026, 3, 1), 0) == date(2026, 3, 1)


DUE = datetime(2026, 5, 29, 15, 59, 59, tzinfo=UTC)


def test_an_overdue_condition_escalates_and_suspends_so_many_days_later() -> None:
    dates = overdue_dates(DUE, OverdueConditions(escalate_days=7, suspend_days=30))
    assert dates.escalate_at == DUE + timedelta(days=7)
    assert dates.suspend_at == DUE + timedelta(days=30)


def test_no_days_in_the_policy_is_never_and_not_at_once() -> None:
    dates = overdue_dates(DUE, OverdueConditions(escalate_days=0, suspend_days=0))
    assert (dates.escalate_at, dates.suspend_at) == (None, None)
