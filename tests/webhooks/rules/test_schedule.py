"""When messages go again, and when an endpoint rests or is given up."""

from datetime import UTC, datetime, timedelta

import pytest

from webhooks.rules.schedule import GIVEN_UP_AFTER, PAUSES, TRIES, is_given_up, next_try, rest_until

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_the_schedule_is_that_of_the_specification() -> None:
    hours = [5 / 3600, 5 / 60, 0.5, 2, 5, 10, 14, 20, 24]
    assert [pause / timedelta(hours=1) for pause in PAUSES] == pytest.approx(hours)
    assert TRIES == 10
    assert sum(PAUSES, timedelta()) > GIVEN_UP_AFTER


@pytest.mark.parametrize("tries", range(1, TRIES))
def test_a_pause_is_never_shorter_than_planned_and_a_tenth_longer_at_most(tries: int) -> None:
    assert next_try(tries, NOW, chance=0) == NOW + PAUSES[tries - 1]
    assert next_try(tries, NOW, chance=1) == NOW + PAUSES[tries - 1] * 1.1


def test_after_the_last_try_there_is_none() -> None:
    assert next_try(TRIES, NOW, chance=0) is None


def test_a_receiver_may_ask_for_an_hour_at_most_and_never_for_less_than_the_schedule() -> None:
    assert next_try(1, NOW, chance=0, asked=timedelta(minutes=2)) == NOW + timedelta(minutes=2)
    assert next_try(1, NOW, chance=0, asked=timedelta(days=300)) == NOW + timedelta(hours=1)
    assert next_try(5, NOW, chance=0, asked=timedelta(seconds=1)) == NOW + timedelta(hours=5)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, None), (2, None), (3, 15), (4, 60), (5, 300), (1000, 300)]
)
def test_an_endpoint_that_fails_again_and_again_rests(failures: int, seconds: int | None) -> None:
    expected = None if seconds is None else NOW + timedelta(seconds=seconds)
    assert rest_until(failures, NOW) == expected


def test_an_endpoint_is_given_up_after_the_last_try_and_three_days_of_failures_only() -> None:
    long_ago = NOW - GIVEN_UP_AFTER
    assert is_given_up(failing_since=long_ago, tries=TRIES, now=NOW)
    assert not is_given_up(failing_since=long_ago, tries=TRIES - 1, now=NOW)
    assert not is_given_up(failing_since=long_ago + timedelta(seconds=1), tries=TRIES, now=NOW)
    assert not is_given_up(failing_since=None, tries=TRIES, now=NOW)
