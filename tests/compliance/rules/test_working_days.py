"""Dates on days off move to working days; leap days, clock changes and long closures included."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.rules.recurrence import Series, dates, next_dates
from compliance.rules.working_days import Shift, shifted
from reminders.rules.working_days import is_working_day

SATURDAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("day", "shift", "country", "found"),
    [
        (SATURDAY, Shift.NONE, "DE", SATURDAY),
        (SATURDAY, Shift.LATER, "", date(2026, 11, 30)),
        (SATURDAY, Shift.EARLIER, "", date(2026, 11, 27)),
        (date(2026, 12, 25), Shift.LATER, "DE", date(2026, 12, 28)),
        (date(2026, 12, 25), Shift.LATER, "", date(2026, 12, 25)),
        (date(2026, 2, 14), Shift.LATER, "CN", date(2026, 2, 14)),
        (date(2026, 10, 1), Shift.EARLIER, "CN", date(2026, 9, 30)),
        (date(2028, 2, 29), Shift.LATER, "DE", date(2028, 2, 29)),
    ],
)
def test_a_day_off_moves_to_a_working_day(day: date, shift: Shift, country: str, found: date) -> None:
    assert shifted(day, shift, country) == found


def test_the_spring_festival_is_passed_whole() -> None:
    first = date(2026, 2, 17)
    found = shifted(first, Shift.LATER, "CN")
    closed = [first + timedelta(days=n) for n in range((found - first).days)]
    assert is_working_day(found, "CN")
    assert closed
    assert not any(is_working_day(day, "CN") for day in closed)


def test_dates_keep_their_hour_and_two_on_one_day_are_one() -> None:
    friday = datetime(2026, 3, 27, 9)  # noqa: DTZ001  (a wall time)
    daily = Series("FREQ=DAILY", friday, "Europe/Berlin", shift=Shift.LATER, country="DE")
    hours = [datetime(2026, 3, day, hour, tzinfo=UTC) for day, hour in ((27, 8), (30, 7), (31, 7))]
    found = next_dates(daily, datetime(2026, 3, 26, tzinfo=UTC), 3)
    assert found == hours, "Saturday and Sunday are Monday's, after the clocks went forward"


def test_where_a_run_begins_does_not_matter() -> None:
    """A date that moved across the moment from which one asks is neither lost nor made twice."""
    monthly = Series("FREQ=MONTHLY;BYMONTHDAY=1", datetime(2026, 8, 1, 9), "UTC", shift=Shift.LATER)  # noqa: DTZ001
    third = datetime(2026, 8, 3, 9, tzinfo=UTC)
    for asked in (
        datetime(2026, 7, 1, tzinfo=UTC),
        datetime(2026, 8, 2, tzinfo=UTC),
        third - timedelta(seconds=1),
    ):
        assert next(dates(monthly, asked)) == third
    assert next(dates(monthly, third, inclusive=True)) == third
    assert next(dates(monthly, third)) == datetime(2026, 9, 1, 9, tzinfo=UTC)


def test_no_date_moves_before_the_schedule_begins() -> None:
    """A Saturday on which it begins goes to the Monday after, not to the Friday before."""
    saturday = datetime(2026, 11, 28, 9)  # noqa: DTZ001  (a wall time)
    weekly = Series("FREQ=WEEKLY;BYDAY=SA", saturday, "UTC", shift=Shift.EARLIER)
    found = next_dates(weekly, datetime(2026, 11, 1, tzinfo=UTC), 3)
    assert [f"{moment:%a %d %b}" for moment in found] == ["Mon 30 Nov", "Fri 04 Dec", "Fri 11 Dec"]


@settings(max_examples=50, deadline=None)
@given(
    start=st.dates(date(2024, 1, 1), date(2029, 12, 31)),
    shift=st.sampled_from([Shift.LATER, Shift.EARLIER]),
    country=st.sampled_from(["", "DE", "CN", "US"]),
    rule=st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY;BYMONTHDAY=-1"]),
)
def test_every_date_is_a_working_day_next_to_its_own_and_in_order(
    start: date, shift: Shift, country: str, rule: str
) -> None:
    wall = datetime(start.year, start.month, start.day, 9)  # noqa: DTZ001  (a wall time)
    series = Series(rule, wall, "UTC", shift=shift, country=country)
    plain = Series(rule, wall, "UTC")
    begin = datetime(start.year, start.month, start.day, tzinfo=UTC) - timedelta(days=40)
    found, own = next_dates(series, begin, 12), next_dates(plain, begin, 48)
    assert all(is_working_day(moment.date(), country) and moment.date() >= start for moment in found)
    moved = [(moment.date(), shifted(moment.date(), shift, country)) for moment in own]
    later = [shifted(day, Shift.LATER, country) if there < start else there for day, there in moved]
    expected = dict.fromkeys(later)
    assert [moment.date() for moment in found] == list(expected)[:12]
