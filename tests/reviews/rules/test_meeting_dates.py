"""On which dates a board meets."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from reviews.rules.clocks import WorkingCalendar
from reviews.rules.meeting_dates import DaysOff, at_wall, day_for, meeting_dates, ordinal

BERLIN = ZoneInfo("Europe/Berlin")
CHRISTMAS = WorkingCalendar(zone=BERLIN, closed=frozenset({date(2026, 12, 25), date(2026, 12, 28)}))


def fridays(*days: date) -> list[datetime]:
    return [at_wall(day, time(10), BERLIN) for day in days]


@pytest.mark.parametrize(
    ("choice", "day"),
    [
        (DaysOff.KEEP, date(2026, 12, 25)),
        (DaysOff.LATER, date(2026, 12, 29)),
        (DaysOff.EARLIER, date(2026, 12, 24)),
        (DaysOff.DROP, None),
    ],
)
def test_a_holiday_is_kept_moved_or_dropped_as_the_board_chose(choice: DaysOff, day: date | None) -> None:
    assert day_for(date(2026, 12, 25), CHRISTMAS, choice) == day
    assert day_for(date(2026, 12, 18), CHRISTMAS, choice) == date(2026, 12, 18)


def test_a_moved_meeting_keeps_the_time_on_the_wall_and_the_name_of_its_date() -> None:
    found = list(meeting_dates(fridays(date(2026, 12, 25)), BERLIN, CHRISTMAS, DaysOff.LATER))
    assert [each.starts_at for each in found] == [datetime(2026, 12, 29, 9, 0, tzinfo=UTC)]
    assert found[0].scheduled_for == datetime(2026, 12, 25, 9, 0, tzinfo=UTC)
    assert found[0].moved


def test_ten_o_clock_stays_ten_o_clock_when_the_clocks_change() -> None:
    found = list(
        meeting_dates(fridays(date(2026, 10, 23), date(2026, 10, 30)), BERLIN, CHRISTMAS, DaysOff.LATER)
    )
    assert [each.starts_at.hour for each in found] == [8, 9]
    assert [each.starts_at.astimezone(BERLIN).hour for each in found] == [10, 10]
    assert not any(each.moved for each in found)


def test_a_day_off_that_moves_across_the_change_of_the_clocks_keeps_its_time() -> None:
    closed = WorkingCalendar(zone=BERLIN, closed=frozenset({date(2026, 10, 23)}))
    found = list(meeting_dates(fridays(date(2026, 10, 23)), BERLIN, closed, DaysOff.LATER))
    assert found[0].starts_at.astimezone(BERLIN).isoformat() == "2026-10-26T10:00:00+01:00"


def test_a_time_that_the_clocks_skip_is_read_with_the_offset_before() -> None:
    assert at_wall(date(2026, 3, 29), time(2, 30), BERLIN) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_two_dates_that_a_holiday_moves_to_one_day_are_one_meeting() -> None:
    days = [at_wall(date(2026, 12, day), time(10), BERLIN) for day in (25, 26, 29, 30)]
    found = list(meeting_dates(days, BERLIN, CHRISTMAS, DaysOff.LATER))
    assert [each.starts_at.astimezone(BERLIN).day for each in found] == [29, 30]
    dropped = list(meeting_dates(days, BERLIN, CHRISTMAS, DaysOff.DROP))
    assert [each.starts_at.astimezone(BERLIN).day for each in dropped] == [29, 30]
    assert not any(each.moved for each in dropped)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (22, "22nd"),
        (113, "113th"),
    ],
)
def test_numbers_of_meetings_are_read_aloud(number: int, words: str) -> None:
    assert ordinal(number) == words
