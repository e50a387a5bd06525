"""The moment of the weekly mail: on the chosen day, at its hour, once a week, also where clocks change."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reminders.rules.clocks import WEEKDAYS, Clock, last_weekly, next_digest, weekly_due

CLOCK = Clock(digest_hour=9)
BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [
    "UTC",
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
]
NOWS = st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (bounds)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("now", "hour", "moment"),
    [
        ("2026-11-23T08:59", 9, "2026-11-16T09:00"),
        ("2026-11-23T09:00", 9, "2026-11-23T09:00"),
        ("2026-11-29T23:59", 9, "2026-11-23T09:00"),
        ("2026-03-30T09:00", 9, "2026-03-30T09:00"),  # the day after the clocks went forward
        ("2026-10-26T09:00", 9, "2026-10-26T09:00"),  # the day after they went back
    ],
)
def test_it_leaves_on_the_day_at_the_hour_of_the_person(now: str, hour: int, moment: str) -> None:
    assert last_weekly(berlin(now), 0, BERLIN, Clock(digest_hour=hour)) == berlin(moment).astimezone(UTC)


def test_an_hour_that_the_clocks_skip_comes_right_after_and_of_one_that_they_repeat_the_first_counts() -> (
    None
):
    two = Clock(digest_hour=2)
    skipped = last_weekly(berlin("2026-03-29T12:00"), 6, BERLIN, two)
    assert skipped.astimezone(BERLIN).replace(tzinfo=None) == datetime(2026, 3, 29, 3, 0)  # noqa: DTZ001 (local)
    repeated = last_weekly(berlin("2026-10-25T12:00"), 6, BERLIN, two)
    assert repeated == datetime(2026, 10, 25, 0, 0, tzinfo=UTC)
    between = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)  # the second 02:00 of that night
    assert last_weekly(between, 6, BERLIN, two) == repeated


@settings(max_examples=50)
@given(now=NOWS, zone=st.sampled_from(ZONES), weekday=st.integers(0, 6))
@example(now=datetime(2018, 11, 4, 12, 0, tzinfo=UTC), zone="America/Sao_Paulo", weekday=6)
def test_it_is_always_the_last_such_morning_and_one_each_week(now: datetime, zone: str, weekday: int) -> None:
    place = ZoneInfo(zone)
    moment = last_weekly(now, weekday, place, CLOCK)
    local = moment.astimezone(place)
    assert (local.weekday(), local.hour) == (weekday, 9)
    assert timedelta(0) <= now - moment < timedelta(days=7, hours=2)
    assert last_weekly(moment, weekday, place, CLOCK) == moment
    before = last_weekly(moment - timedelta(microseconds=1), weekday, place, CLOCK)
    assert timedelta(days=7, hours=-2) <= moment - before <= timedelta(days=7, hours=2)


@settings(max_examples=50)
@given(hour=st.integers(0, 23), zone=st.sampled_from(ZONES), day=st.integers(0, 364 * 10))
def test_whatever_the_hour_each_day_has_one_daily_digest(hour: int, zone: str, day: int) -> None:
    clock, place = Clock(digest_hour=hour), ZoneInfo(zone)
    now = datetime(2015, 1, 1, tzinfo=UTC) + timedelta(days=day)
    moments = []
    for _ in range(8):
        now = next_digest(now, place, clock)
        moments.append(now)
    assert all(timedelta(hours=22) <= b - a <= timedelta(hours=26) for a, b in pairwise(moments))
    assert len({moment.astimezone(place).date() for moment in moments}) == 8


@pytest.mark.parametrize(
    ("day", "last", "due"),
    [
        ("mo", None, True),
        ("mo", "2026-11-16T09:00", True),
        ("mo", "2026-11-23T09:00", False),
        ("tu", "2026-11-23T09:00", False),  # moved to the next day: the week has had its mail
        ("fr", "2026-11-23T09:00", True),  # moved to the end of the week
        ("never", None, False),
    ],
)
def test_whoever_moves_the_day_gets_neither_two_at_once_nor_none(
    day: str, last: str | None, due: bool
) -> None:
    now = berlin("2026-11-28T12:00")
    found = weekly_due(
        now, weekday=day, zone=BERLIN, clock=CLOCK, last=berlin(last) if last else None, begins=LONG_AGO
    )
    assert (found is not None) is due


def test_nobody_gets_the_mail_of_a_week_in_which_they_were_not_there() -> None:
    now = berlin("2026-11-25T12:00")
    asked = {"weekday": "mo", "zone": BERLIN, "clock": CLOCK, "last": None}
    assert weekly_due(now, begins=berlin("2026-11-24T10:00"), **asked) is None  # type: ignore[arg-type]
    assert weekly_due(now, begins=berlin("2026-11-23T08:00"), **asked) is not None  # type: ignore[arg-type]


@settings(max_examples=50)
@given(gaps=st.lists(st.integers(1, 60 * 24 * 12), min_size=1, max_size=30), zone=st.sampled_from(ZONES))
def test_however_long_beat_was_down_a_week_has_at_most_one_mail(gaps: list[int], zone: str) -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    sent: list[datetime] = []
    for gap in gaps:
        now += timedelta(minutes=gap)
        at = weekly_due(
            now, weekday=WEEKDAYS[2], zone=ZoneInfo(zone), clock=CLOCK, last=sent[-1] if sent else None, begins=LONG_AGO
        )  # fmt: skip
        if at is not None:
            sent.append(at)
    assert sent == sorted(set(sent))
    assert sent, "the first run catches up"
    assert sent[-1] == last_weekly(now, 2, ZoneInfo(zone), CLOCK)
