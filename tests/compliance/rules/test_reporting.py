"""The days of a report, and how what was due in them was done."""

from datetime import UTC, date, datetime

import pytest

from compliance.rules.reporting import (
    Outcome,
    Period,
    PeriodFault,
    counted,
    fault_of,
    last_months,
    months_of,
    outcome_of,
)

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("count", "today", "since", "until"),
    [
        (3, TODAY, date(2026, 7, 1), date(2026, 9, 30)),
        (6, TODAY, date(2026, 1, 1), date(2026, 6, 30)),
        (12, TODAY, date(2025, 1, 1), date(2025, 12, 31)),
        (3, date(2026, 1, 1), date(2025, 10, 1), date(2025, 12, 31)),
        (6, date(2026, 3, 1), date(2025, 7, 1), date(2025, 12, 31)),
        (3, date(2024, 4, 1), date(2024, 1, 1), date(2024, 3, 31)),
    ],
)
def test_the_last_stretch_that_is_over(count: int, today: date, since: date, until: date) -> None:
    assert last_months(count, today) == Period(since, until)


@pytest.mark.parametrize(
    ("since", "until", "fault"),
    [
        (date(2026, 7, 1), date(2026, 9, 30), None),
        (TODAY, TODAY, None),
        (date(2026, 9, 30), date(2026, 9, 29), PeriodFault.TURNED),
        (date(2026, 9, 30), date(2026, 11, 26), PeriodFault.AHEAD),
        (date(2020, 1, 1), date(2026, 1, 1), PeriodFault.LONG),
    ],
)
def test_a_report_is_for_days_in_their_order_that_have_come(
    since: date, until: date, fault: PeriodFault | None
) -> None:
    assert fault_of(Period(since, until), TODAY) == fault


def test_months_are_cut_to_the_period_and_leave_no_day_out() -> None:
    assert months_of(Period(date(2024, 1, 15), date(2024, 3, 2))) == [
        Period(date(2024, 1, 15), date(2024, 1, 31)),
        Period(date(2024, 2, 1), date(2024, 2, 29)),
        Period(date(2024, 3, 1), date(2024, 3, 2)),
    ]


@pytest.mark.parametrize(
    ("state", "submitted", "outcome"),
    [
        ("accepted", 10, Outcome.IN_TIME),
        ("accepted", 11, Outcome.LATE),
        ("submitted", 11, Outcome.WAITING),
        ("returned", 9, Outcome.MISSED),
        ("open", None, Outcome.MISSED),
    ],
)
def test_in_time_is_what_the_reviewer_had_by_the_due_moment(
    state: str, submitted: int | None, outcome: Outcome
) -> None:
    def day(number: int) -> datetime:
        return datetime(2026, 3, number, 12, tzinfo=UTC)

    assert outcome_of(state, day(10), day(submitted) if submitted else None, day(20)) == outcome


def test_what_is_not_due_yet_is_not_missed() -> None:
    due = datetime(2026, 3, 10, tzinfo=UTC)
    assert outcome_of("open", due, None, datetime(2026, 3, 9, tzinfo=UTC)) == Outcome.WAITING
    assert counted([Outcome.WAITING, Outcome.LATE]) == {"in_time": 0, "late": 1, "missed": 0, "waiting": 1}
