"""When a stage of reminding begins, and that each outage ends with one reminder."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reminders.rules.clocks import Clock, next_digest, stage_now, stages

CLOCK = Clock(hour=8, digest_hour=9, late_days=10)
SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
DUE = datetime(2026, 12, 18, 9, 0, tzinfo=UTC)  # a Friday, 17:00 in Shanghai
LONG_AGO = DUE - timedelta(days=365)
ZONES = st.sampled_from(
    ["UTC", "Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe"]
)


def now_of(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("moment", "stage"),
    [
        ("2026-12-11T07:59", None),
        ("2026-12-11T08:00", "7d"),
        ("2026-12-16T07:59", "7d"),
        ("2026-12-16T08:00", "2d"),
        ("2026-12-17T23:00", "2d"),
        ("2026-12-18T08:00", "0d"),
        ("2026-12-18T17:00", "0d"),
        ("2026-12-19T07:59", "0d"),
        ("2026-12-19T08:00", "late-1"),
        ("2026-12-28T08:00", "late-10"),
        ("2026-12-29T07:59", "late-10"),
        ("2026-12-29T08:00", "escalate"),
        ("2027-06-01T08:00", "escalate"),
    ],
)
def test_a_stage_begins_in_the_morning_of_the_person_and_lasts_until_the_next(
    moment: str, stage: str | None
) -> None:
    found = stage_now(
        due=DUE, since=LONG_AGO, now=now_of(moment), days_before=(7, 2, 0), zone=SHANGHAI, clock=CLOCK
    )
    assert (found.code if found else None) == stage


@pytest.mark.parametrize(
    ("due", "morning"),
    [
        ("2026-12-18T17:00", "2026-12-18T08:00"),
        ("2026-12-18T08:01", "2026-12-18T08:00"),
        ("2026-12-18T08:00", "2026-12-17T08:00"),
        ("2026-12-18T00:00", "2026-12-17T08:00"),
    ],
)
def test_the_reminder_of_the_day_comes_before_the_due_moment(due: str, morning: str) -> None:
    found = stages(now_of(due), (0,), SHANGHAI, CLOCK)[0]
    assert found.code == "0d"
    assert found.begins == now_of(morning)
    assert found.begins < now_of(due)


@pytest.mark.parametrize(
    ("since", "now", "stage"),
    [
        ("2026-12-13T10:00", "2026-12-13T10:01", None),
        ("2026-12-13T10:00", "2026-12-16T08:00", "2d"),
        ("2026-12-18T10:00", "2026-12-18T16:00", None),
        ("2026-12-18T10:00", "2026-12-19T08:00", "late-1"),
        ("2026-12-24T10:00", "2026-12-25T07:00", None),
        ("2026-12-24T10:00", "2026-12-25T09:00", "late-7"),
    ],
)
def test_stages_from_before_it_waited_never_existed(since: str, now: str, stage: str | None) -> None:
    found = stage_now(
        due=DUE, since=now_of(since), now=now_of(now), days_before=(7, 2, 0), zone=SHANGHAI, clock=CLOCK
    )
    assert (found.code if found else None) == stage


def test_an_approval_is_announced_at_90_60_30_and_7_days_and_in_summer_time_at_the_same_hour() -> None:
    due = datetime(2027, 5, 3, 15, 0, tzinfo=UTC)
    found = stages(due, (90, 60, 30, 7), BERLIN, CLOCK)[:4]
    assert [stage.code for stage in found] == ["90d", "60d", "30d", "7d"]
    assert [stage.begins.astimezone(BERLIN).hour for stage in found] == [8, 8, 8, 8]
    assert {stage.begins.astimezone(BERLIN).utcoffset() for stage in found} == {
        timedelta(hours=1),
        timedelta(hours=2),
    }


def test_nobody_is_reminded_more_than_ten_times_of_what_is_late() -> None:
    codes = [stage.code for stage in stages(DUE, (7, 2, 0), SHANGHAI, CLOCK)]
    assert len([code for code in codes if code.startswith("late-")]) == 10
    assert codes[-1] == "escalate"
    assert len(codes) == len(set(codes))


DUES = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (bounds)


@given(due=DUES, zone=ZONES, gaps=st.lists(st.integers(1, 60 * 24 * 20), min_size=1, max_size=40))
@example(due=datetime(2012, 1, 3, tzinfo=UTC), zone="Pacific/Apia", gaps=[60] * 30)
def test_after_an_outage_of_any_length_one_reminder_comes_and_never_an_earlier_one(
    due: datetime, zone: str, gaps: list[int]
) -> None:
    now, sent = due - timedelta(days=9), []
    for gap in gaps:
        now += timedelta(minutes=gap)
        stage = stage_now(
            due=due,
            since=due - timedelta(days=30),
            now=now,
            days_before=(7, 2, 0),
            zone=ZoneInfo(zone),
            clock=CLOCK,
        )
        if stage is not None and stage not in sent:
            sent.append(stage)
    assert sent == sorted(sent)
    assert len(sent) <= min(len(gaps), 14)


@given(due=DUES, zone=ZONES)
def test_without_an_outage_every_stage_comes(due: datetime, zone: str) -> None:
    place = ZoneInfo(zone)
    expected = stages(due, (7, 2, 0), place, CLOCK)
    for stage in expected:
        for late in (timedelta(0), timedelta(minutes=1)):
            found = stage_now(
                due=due, since=due - timedelta(days=30), now=stage.begins + late, days_before=(7, 2, 0),
                zone=place, clock=CLOCK,
            )  # fmt: skip
            assert found == stage


@given(now=DUES, zone=ZONES)
def test_the_next_digest_is_later_than_now_within_two_days_and_at_its_hour(now: datetime, zone: str) -> None:
    at = next_digest(now, ZoneInfo(zone), CLOCK)
    assert timedelta(0) < at - now <= timedelta(hours=25)
    assert at.astimezone(ZoneInfo(zone)).hour == 9
