"""Deadlines on working days, with holidays, zones and pauses."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.rules.clocks import (
    DEFAULT_TERMS,
    Pause,
    Procedure,
    Term,
    Unit,
    WorkingCalendar,
    chaser_at,
    deadline,
    paused_for,
    term_of,
)

# 1-7 October 2026 is the Chinese national holiday; Saturday 10 October is worked instead.
CHINA = WorkingCalendar(
    zone=ZoneInfo("Asia/Shanghai"),
    closed=frozenset(date(2026, 10, day) for day in range(1, 8)),
    open_instead=frozenset({date(2026, 10, 10)}),
)
PLAIN = WorkingCalendar()
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "count", "after"),
    [
        (date(2026, 11, 23), 1, date(2026, 11, 24)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 11, 20), 3, date(2026, 11, 25)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),
        (date(2026, 11, 21), 0, date(2026, 11, 23)),
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
        (date(2026, 11, 23), -1, date(2026, 11, 20)),
        (date(2026, 11, 23), 20, date(2026, 12, 21)),
    ],
)
def test_working_days_leave_out_the_weekend(day: date, count: int, after: date) -> None:
    assert PLAIN.add_working_days(day, count) == after


def test_holidays_and_worked_saturdays_count_as_they_are() -> None:
    assert CHINA.add_working_days(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert CHINA.add_working_days(date(2026, 10, 9), 1) == date(2026, 10, 10)
    assert not CHINA.works_on(date(2026, 10, 11))


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(1, 60))
def test_counting_back_finds_the_same_number(day: date, count: int) -> None:
    later = CHINA.add_working_days(day, count)
    assert CHINA.works_on(later)
    assert CHINA.working_days_until(day, later) == count
    assert CHINA.working_days_until(later, day) == -count


@pytest.mark.parametrize(
    ("term", "due"),
    [
        (Term(3, Unit.WORKING_DAYS), datetime(2026, 11, 26, 17, tzinfo=UTC)),
        (Term(14), datetime(2026, 12, 7, 17, tzinfo=UTC)),
        (Term(12), datetime(2026, 12, 7, 17, tzinfo=UTC)),  # a Saturday: the next working day
        (Term(72, Unit.HOURS), MONDAY + timedelta(hours=72)),
    ],
)
def test_a_term_ends_with_a_day_of_work(term: Term, due: datetime) -> None:
    assert term.due(MONDAY, PLAIN) == due


def test_the_day_is_that_of_the_zone() -> None:
    late = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)  # already Tuesday in Shanghai
    due = Term(1, Unit.WORKING_DAYS).due(late, CHINA)
    assert due == datetime(2026, 11, 25, 17, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert due.tzinfo == UTC


def test_the_end_of_a_day_of_work_follows_summer_time() -> None:
    berlin = WorkingCalendar(zone=ZoneInfo("Europe/Berlin"))
    assert berlin.end_of(date(2026, 7, 1)).hour == 15
    assert berlin.end_of(date(2026, 12, 1)).hour == 16


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Term(1).due(datetime(2026, 11, 23), PLAIN)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("procedure", "count", "unit"),
    [
        ("exempt", 3, "working_days"),
        ("expedited", 14, "days"),
        ("full", 30, "days"),
        ("emergency", 72, "hours"),
    ],
)
def test_each_procedure_has_its_term(procedure: str, count: int, unit: str) -> None:
    assert term_of(Procedure(procedure)) == Term(count, Unit(unit))


def test_a_clock_that_is_paused_has_no_deadline_and_afterwards_a_later_one() -> None:
    asked, answered = MONDAY + timedelta(days=2), MONDAY + timedelta(days=5)
    running = deadline(MONDAY, DEFAULT_TERMS.full, PLAIN, now=asked)
    assert running.due == datetime(2026, 12, 23, 17, tzinfo=UTC)
    still = deadline(MONDAY, DEFAULT_TERMS.full, PLAIN, [Pause(asked)], now=answered)
    assert still.is_paused
    assert still.paused == timedelta(days=3)
    moved = deadline(MONDAY, DEFAULT_TERMS.full, PLAIN, [Pause(asked, answered)], now=answered)
    assert moved.due == datetime(2026, 12, 28, 17, tzinfo=UTC)  # the 26th is a Saturday
    assert not moved.is_paused


def test_an_hour_of_pause_moves_an_emergency_by_an_hour() -> None:
    pause = Pause(MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=2))
    found = deadline(MONDAY, DEFAULT_TERMS.emergency, PLAIN, [pause], now=MONDAY + timedelta(hours=3))
    assert found.due == MONDAY + timedelta(hours=73)


def test_two_questions_at_once_pause_the_clock_once() -> None:
    hour = timedelta(hours=1)
    pauses = [
        Pause(MONDAY, MONDAY + 4 * hour),
        Pause(MONDAY + hour, MONDAY + 2 * hour),
        Pause(MONDAY + 6 * hour),
    ]
    assert paused_for(pauses, since=MONDAY, now=MONDAY + 7 * hour) == 5 * hour
    assert paused_for(pauses, since=MONDAY + 3 * hour, now=MONDAY + 7 * hour) == 2 * hour
    assert paused_for([], since=MONDAY, now=MONDAY + hour) == timedelta()


def test_the_chaser_of_a_question_comes_five_working_days_before_it_is_due() -> None:
    due = DEFAULT_TERMS.question.due(MONDAY, PLAIN)
    assert due == datetime(2026, 12, 21, 17, tzinfo=UTC)
    assert chaser_at(due, PLAIN) == datetime(2026, 12, 14, 17, tzinfo=UTC)
