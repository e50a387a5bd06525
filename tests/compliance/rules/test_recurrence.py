"""When schedules happen: wall time across clock changes, leap days, and rules that would leave dates out."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, takewhile
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.rules.recurrence import (
    Problem,
    Series,
    dates,
    due_at,
    next_after,
    next_dates,
    problem_of,
    rule_for,
)


def series(rule: str, starts: str = "2026-01-01T09:00", zone: str = "UTC", ends: str = "") -> Series:
    return Series(rule, datetime.fromisoformat(starts), zone, datetime.fromisoformat(ends) if ends else None)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def shown(found: list[datetime], zone: str = "UTC") -> list[str]:
    return [moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M") for moment in found]


def test_nine_in_the_morning_stays_nine_when_the_clocks_change() -> None:
    daily = series("FREQ=DAILY", "2026-03-28T09:00", "Europe/Berlin")
    found = next_dates(daily, at("2026-03-27"), 3)
    assert shown(found, "Europe/Berlin") == ["2026-03-28 09:00", "2026-03-29 09:00", "2026-03-30 09:00"]
    assert [moment.hour for moment in found] == [8, 7, 7]


def test_a_time_that_the_change_skips_is_read_with_the_offset_before_it() -> None:
    daily = series("FREQ=DAILY", "2026-03-28T02:30", "Europe/Berlin")
    found = next_dates(daily, at("2026-03-27"), 3)
    assert shown(found, "Europe/Berlin") == ["2026-03-28 02:30", "2026-03-29 03:30", "2026-03-30 02:30"]


def test_a_time_that_happens_twice_happens_once_the_first_time() -> None:
    daily = series("FREQ=DAILY", "2026-10-24T02:30", "Europe/Berlin")
    found = next_dates(daily, at("2026-10-23"), 3)
    assert shown(found) == ["2026-10-24 00:30", "2026-10-25 00:30", "2026-10-26 01:30"]


def test_the_last_day_of_february_comes_every_year() -> None:
    yearly = series("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", "2024-02-29T09:00")
    found = next_dates(yearly, at("2024-01-01"), 5)
    assert [moment.day for moment in found] == [29, 28, 28, 28, 29]


def test_a_rule_for_the_thirty_first_comes_every_month() -> None:
    found = next_dates(series(rule_for("monthly", at("2026-01-31")), "2026-01-31T09:00"), at("2026-01-01"), 4)
    assert [moment.day for moment in found] == [31, 28, 31, 30]


def test_a_rule_for_the_thirtieth_falls_back_in_february_only() -> None:
    found = next_dates(series(rule_for("monthly", at("2026-01-30")), "2026-01-30T09:00"), at("2026-01-01"), 3)
    assert [(moment.month, moment.day) for moment in found] == [(1, 30), (2, 28), (3, 30)]


@pytest.mark.parametrize(
    ("frequency", "starts", "expected"),
    [
        ("daily", "2026-03-02", ["2026-03-02", "2026-03-03", "2026-03-04"]),
        ("weekly", "2026-03-02", ["2026-03-02", "2026-03-09", "2026-03-16"]),
        ("monthly", "2026-03-02", ["2026-03-02", "2026-04-02", "2026-05-02"]),
        ("quarterly", "2026-03-31", ["2026-03-31", "2026-06-30", "2026-09-30"]),
        ("half_yearly", "2026-02-28", ["2026-02-28", "2026-08-28", "2027-02-28"]),
        ("yearly", "2024-02-29", ["2024-02-29", "2025-02-28", "2026-02-28"]),
        ("yearly", "2026-03-31", ["2026-03-31", "2027-03-31", "2028-03-31"]),
    ],
)
def test_a_chosen_interval_becomes_a_rule_that_leaves_nothing_out(
    frequency: str, starts: str, expected: list[str]
) -> None:
    made = Series(rule_for(frequency, datetime.fromisoformat(starts)), datetime.fromisoformat(starts), "UTC")
    assert problem_of(made) is None
    found = next_dates(made, at(starts) - timedelta(days=1), 3)
    assert [moment.strftime("%Y-%m-%d") for moment in found] == expected


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ("FREQ=MONTHLY;BYMONTHDAY=1", None),
        ("RRULE:FREQ=WEEKLY;BYDAY=MO,FR", None),
        ("FREQ=MONTHLY;BYDAY=-1FR", None),
        ("FREQ=MONTHLY;BYMONTHDAY=30;BYMONTH=1,4", None),
        ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=31", None),
        ("", Problem.UNREADABLE),
        ("every month", Problem.UNREADABLE),
        ("FREQ=MONTHLY;FREQ=DAILY", Problem.UNREADABLE),
        ("FREQ=FORTNIGHTLY", Problem.UNREADABLE),
        ("FREQ=DAILY;INTERVAL=0", Problem.UNREADABLE),
        ("FREQ=DAILY;INTERVAL=-1", Problem.UNREADABLE),
        ("FREQ=WEEKLY;BYDAY=XX", Problem.UNREADABLE),
        ("FREQ=MONTHLY;BYMONTHDAY=99", Problem.UNREADABLE),
        ("FREQ=MONTHLY;BYMONTHDAY=MO", Problem.UNREADABLE),
        ("FREQ=YEARLY;BYMONTH=13", Problem.UNREADABLE),
        ("FREQ=HOURLY", Problem.TOO_OFTEN),
        ("FREQ=SECONDLY", Problem.TOO_OFTEN),
        ("FREQ=DAILY;COUNT=3", Problem.PART_NOT_SUPPORTED),
        ("FREQ=DAILY;UNTIL=20270101", Problem.PART_NOT_SUPPORTED),
        ("FREQ=YEARLY;BYEASTER=0", Problem.PART_NOT_SUPPORTED),
        ("FREQ=DAILY;BYHOUR=9", Problem.PART_NOT_SUPPORTED),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", Problem.NEVER),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", Problem.NEVER),
        ("FREQ=MONTHLY;BYDAY=6MO", Problem.NEVER),
        ("FREQ=DAILY;BYSETPOS=5", Problem.NEVER),
        ("FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=-3", Problem.NEVER),
        ("FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=2", None),
        ("FREQ=MONTHLY;BYMONTHDAY=31", Problem.SKIPS_MONTHS),
        ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=30", Problem.SKIPS_MONTHS),
        ("FREQ=YEARLY;BYMONTHDAY=31", Problem.SKIPS_MONTHS),
        ("FREQ=YEARLY;BYMONTH=2,3;BYMONTHDAY=31", Problem.SKIPS_MONTHS),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", Problem.SKIPS_YEARS),
    ],
)
def test_a_rule_that_cannot_be_kept_is_named(rule: str, problem: Problem | None) -> None:
    assert problem_of(series(rule)) == problem


def test_a_start_on_the_29th_of_february_is_not_silently_a_leap_year_duty() -> None:
    assert problem_of(series("FREQ=YEARLY", "2024-02-29T09:00")) is Problem.SKIPS_YEARS
    assert problem_of(series("FREQ=MONTHLY", "2026-01-31T09:00")) is Problem.SKIPS_MONTHS
    assert problem_of(series("FREQ=MONTHLY", "2026-01-28T09:00")) is None


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "Europe"])
def test_an_unknown_time_zone_is_named(zone: str) -> None:
    assert problem_of(series("FREQ=DAILY", zone=zone)) is Problem.UNKNOWN_ZONE


def test_nothing_happens_after_the_end() -> None:
    ending = series("FREQ=MONTHLY;BYMONTHDAY=1", ends="2026-03-01T09:00:00+00:00")
    assert shown([*dates(ending, at("2025-12-01"))]) == [
        "2026-01-01 09:00", "2026-02-01 09:00", "2026-03-01 09:00",
    ]  # fmt: skip
    assert next_after(ending, at("2026-03-01T09:00")) is None


def test_the_moment_itself_counts_only_when_it_is_asked_for() -> None:
    monthly = series("FREQ=MONTHLY;BYMONTHDAY=1")
    assert next_after(monthly, at("2026-02-01T09:00"), inclusive=True) == at("2026-02-01T09:00")
    assert next_after(monthly, at("2026-02-01T09:00")) == at("2026-03-01T09:00")


def test_work_is_due_at_the_end_of_the_day_on_the_wall_of_its_zone() -> None:
    due = due_at(at("2026-03-25T23:30"), 5, "Europe/Berlin")
    assert shown([due], "Europe/Berlin") == ["2026-03-31 23:59"]
    assert due_at(at("2026-03-25T08:00"), 0, "UTC") == at("2026-03-25T23:59")


RULES = st.one_of(
    st.builds("FREQ=DAILY;INTERVAL={}".format, st.integers(1, 40)),
    st.builds(
        "FREQ=WEEKLY;INTERVAL={};BYDAY={}".format,
        st.integers(1, 6),
        st.lists(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1, unique=True).map(
            ",".join
        ),
    ),
    st.builds(
        "FREQ=MONTHLY;INTERVAL={};BYMONTHDAY={}".format,
        st.integers(1, 12),
        st.one_of(st.integers(1, 28), st.integers(-28, -1)),
    ),
    st.builds(
        "FREQ=MONTHLY;BYDAY={}{}".format,
        st.sampled_from([1, 2, 3, 4, -1]),
        st.sampled_from(["MO", "WE", "SU"]),
    ),
    st.builds(
        "FREQ=YEARLY;BYMONTH={};BYMONTHDAY={}".format, st.integers(1, 12), st.sampled_from([1, 15, 28, -1])
    ),
)
ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "America/St_Johns"]
)
STARTS = st.builds(
    "{}T{:02}:{:02}".format,
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.integers(0, 23),
    st.integers(0, 59),
).map(datetime.fromisoformat)  # wall times


@settings(deadline=None)
@given(RULES, ZONES, STARTS, st.integers(0, 900))
def test_every_series_agrees_with_dateutil_on_the_wall(
    rule: str, zone: str, starts: datetime, later: int
) -> None:
    made = Series(rule, starts, zone)
    assert problem_of(made) is None
    after = (starts + timedelta(days=later)).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    found = next_dates(made, after, 8)
    near = takewhile(lambda wall: wall.year < starts.year + 15, rrulestr(rule, dtstart=starts))
    expected = [
        moment
        for moment in (wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) for wall in near)
        if moment > after
    ][:8]
    assert found[: len(expected)] == expected
    assert found == sorted(set(found))
    assert all(moment > after for moment in found)


@settings(deadline=None)
@given(
    st.sampled_from(["daily", "weekly", "monthly", "quarterly", "half_yearly", "yearly"]),
    st.dates(date(2020, 1, 1), date(2032, 12, 31)),
)
def test_a_chosen_interval_begins_on_its_first_day_and_never_pauses(frequency: str, first: date) -> None:
    starts = datetime.fromisoformat(f"{first}T09:00")
    longest = {"daily": 1, "weekly": 7, "monthly": 31, "quarterly": 92, "half_yearly": 184, "yearly": 366}
    found = next_dates(
        Series(rule_for(frequency, starts), starts, "UTC"), starts.replace(tzinfo=UTC) - timedelta(1), 15
    )
    assert found[0].replace(tzinfo=None) == starts
    gaps = [(b - a).days for a, b in pairwise(found)]
    assert max(gaps) <= longest[frequency] + 1
