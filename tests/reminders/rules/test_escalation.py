"""When a step of escalation comes, and which one is next."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reminders.rules.clocks import Clock
from reminders.rules.escalation import Step, begun, steps_of, upcoming

CLOCK = Clock(hour=8, manager_days=3, board_days=10)
BERLIN = ZoneInfo("Europe/Berlin")
DUE = datetime(2026, 10, 23, 15, 0, tzinfo=UTC)  # a Friday, two days before the clocks go back in Berlin
BOTH = (Step.MANAGER, Step.BOARD)


def at(since: datetime = DUE - timedelta(days=30), clock: Clock = CLOCK) -> dict[Step, datetime]:
    return {
        each.step: each.at.astimezone(BERLIN)
        for each in steps_of(BOTH, due=DUE, since=since, zone=BERLIN, clock=clock)
    }


def test_a_step_comes_in_the_morning_of_the_day_on_which_one_is_so_many_days_late_also_when_clocks_change() -> (
    None
):
    found = at()
    assert found[Step.MANAGER] == datetime(2026, 10, 26, 8, 0, tzinfo=BERLIN)
    assert found[Step.BOARD] == datetime(2026, 11, 2, 8, 0, tzinfo=BERLIN)
    assert {moment.utcoffset() for moment in found.values()} == {timedelta(hours=1)}


def test_what_came_late_to_the_person_gives_them_the_same_days() -> None:
    came = DUE + timedelta(days=20)
    assert at(since=came)[Step.MANAGER] == datetime(2026, 11, 15, 8, 0, tzinfo=BERLIN)


def test_the_days_are_settings_and_never_the_moment_itself() -> None:
    found = at(clock=Clock(hour=8, manager_days=0, board_days=5))
    assert found[Step.MANAGER] == datetime(2026, 10, 24, 8, 0, tzinfo=BERLIN)
    assert found[Step.BOARD] == datetime(2026, 10, 28, 8, 0, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("days", "told", "now_due", "next_one"),
    [
        (1, (), [], "manager"),
        (4, (), ["manager"], "board"),
        (4, ("manager",), [], "board"),
        (30, (), ["manager", "board"], None),
        (30, ("manager",), ["board"], None),
        (30, ("manager", "board"), [], None),
    ],
)
def test_after_an_outage_each_step_that_was_missed_comes_and_none_that_was_told(
    days: int, told: tuple[str, ...], now_due: list[str], next_one: str | None
) -> None:
    steps = steps_of(BOTH, due=DUE, since=DUE - timedelta(days=30), zone=BERLIN, clock=CLOCK)
    now = DUE + timedelta(days=days)
    assert [each.step.value for each in begun(steps, told, now)] == now_due
    coming = upcoming(steps, told, now)
    assert (coming.step.value if coming else None) == next_one


@settings(max_examples=50)
@given(
    due=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 (bounds)
    zone=st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "Pacific/Apia", "Australia/Lord_Howe", "America/St_Johns"]),
    days=st.integers(1, 30),
)  # fmt: skip
def test_a_step_comes_on_the_morning_of_its_day_whatever_the_clocks_do(
    due: datetime, zone: str, days: int
) -> None:
    (step,) = steps_of(
        [Step.MANAGER], due=due, since=due, zone=ZoneInfo(zone), clock=Clock(hour=8, manager_days=days)
    )
    late = step.at - due
    assert timedelta(days=days, hours=-17) <= late <= timedelta(days=days, hours=9)
    assert late > timedelta(0)
    assert step.at.astimezone(ZoneInfo(zone)).hour == 8
