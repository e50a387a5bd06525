"""Evidence that is used again is stale when it expired or is older than the time between two runs."""

from datetime import UTC, date, datetime, timedelta

import pytest

from compliance.rules.recurrence import Series
from compliance.rules.reuse import Stale, period_of, why_stale

TODAY = date(2026, 7, 1)
QUARTER = timedelta(days=91)


@pytest.mark.parametrize(
    ("effective_on", "expires_on", "period", "why"),
    [
        (date(2026, 6, 1), None, QUARTER, ()),
        (date(2026, 4, 1), None, QUARTER, ()),
        (date(2026, 3, 31), None, QUARTER, (Stale.OLDER_THAN_PERIOD,)),
        (date(2020, 1, 1), None, None, ()),
        (date(2026, 6, 1), date(2026, 7, 1), QUARTER, ()),
        (date(2026, 6, 1), date(2026, 6, 30), QUARTER, (Stale.EXPIRED,)),
        (date(2025, 1, 1), date(2026, 6, 30), QUARTER, (Stale.EXPIRED, Stale.OLDER_THAN_PERIOD)),
        (date(2026, 6, 29), None, timedelta(days=1, hours=1), ()),
    ],
)
def test_why_a_file_is_stale(
    effective_on: date, expires_on: date | None, period: timedelta | None, why: tuple[Stale, ...]
) -> None:
    assert why_stale(effective_on, expires_on, today=TODAY, period=period) == why


def test_the_period_is_the_time_to_the_next_date_also_after_the_last_one() -> None:
    series = Series(
        "FREQ=MONTHLY;BYMONTHDAY=1",
        datetime.fromisoformat("2026-01-01T09:00"),
        "UTC",
        datetime(2026, 4, 2, tzinfo=UTC),
    )
    assert period_of(series, datetime(2026, 2, 1, 9, tzinfo=UTC)) == timedelta(days=28)
    assert period_of(series, datetime(2026, 4, 1, 9, tzinfo=UTC)) == timedelta(days=30)
    assert (
        period_of(
            Series("", datetime.fromisoformat("2026-01-01T09:00"), "UTC"), datetime(2026, 4, 1, tzinfo=UTC)
        )
        is None
    )
