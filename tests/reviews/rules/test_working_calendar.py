"""Calendars of boards: countries, the house's own days, and which of them is stronger."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from reviews.rules.clocks import Term, Unit
from reviews.rules.explaining import count
from reviews.rules.working_calendar import Closing, Told, WorkingCalendar

SHANGHAI, BERLIN, NEW_YORK = (
    ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Berlin", "America/New_York")
)
CHINA = WorkingCalendar(zone=SHANGHAI, country="CN")
BAVARIA = WorkingCalendar(zone=BERLIN, country="DE", subdivision="BY")
HOUSE = (Closing(date(2026, 12, 24), date(2027, 1, 1), "House closed"),)


@pytest.mark.parametrize(
    ("calendar", "start", "days", "due"),
    [
        # Thanksgiving and its Friday: the Friday is worked.
        (WorkingCalendar(zone=NEW_YORK, country="US"), date(2026, 11, 24), 3, date(2026, 11, 30)),
        # 1 to 7 October are off, Saturday the 10th is worked.
        (CHINA, date(2026, 9, 30), 3, date(2026, 10, 10)),
        (CHINA, date(2026, 9, 30), 4, date(2026, 10, 12)),
        # Epiphany is a holiday in Bavaria, not in Berlin.
        (BAVARIA, date(2026, 1, 5), 1, date(2026, 1, 7)),
        (WorkingCalendar(zone=BERLIN, country="DE", subdivision="BE"), date(2026, 1, 5), 1, date(2026, 1, 6)),
        (WorkingCalendar(zone=BERLIN), date(2026, 12, 24), 1, date(2026, 12, 25)),
        (WorkingCalendar(zone=BERLIN, closings=HOUSE), date(2026, 12, 23), 1, date(2027, 1, 4)),
    ],
)
def test_working_days_are_those_of_the_country_and_the_house(
    calendar: WorkingCalendar, start: date, days: int, due: date
) -> None:
    assert calendar.add_working_days(start, days) == due
    assert calendar.working_days_until(start, due) == days
    assert calendar.add_working_days(due, -days) <= start


def test_a_year_that_nobody_announced_keeps_its_festivals_and_has_no_make_up_day() -> None:
    assert not CHINA.works_on(date(2031, 10, 1))
    assert all(not CHINA.works_on(date(2031, 10, day)) for day in (4, 5, 11, 12))


def test_a_term_beyond_what_the_library_knows_counts_weekends_only() -> None:
    assert CHINA.add_working_days(date(2150, 9, 30), 2) == date(2150, 10, 2)


def test_the_boards_own_day_is_stronger_than_that_of_everybody() -> None:
    everybody = Closing(date(2026, 12, 28), date(2026, 12, 30), "Closed")
    own = Closing(date(2026, 12, 29), date(2026, 12, 29), "Audit", works=True)
    calendar = WorkingCalendar(closings=(own, everybody))
    assert [calendar.works_on(date(2026, 12, day)) for day in (28, 29, 30, 31)] == [False, True, False, True]
    assert calendar.tell(date(2026, 12, 29)).told is Told.OPENED


def test_the_house_may_work_on_a_weekend_and_on_a_holiday() -> None:
    opened = Closing(date(2026, 10, 3), date(2026, 10, 5), "Release weekend", works=True)
    calendar = WorkingCalendar(zone=SHANGHAI, country="CN", closings=(opened,))
    assert calendar.works_on(date(2026, 10, 3))
    assert not calendar.works_on(date(2026, 10, 6))


def test_a_day_is_told_with_its_names_in_both_languages() -> None:
    told = CHINA.tell(date(2026, 10, 1))
    assert (told.told, told.names_en, told.names_zh) == (Told.HOLIDAY, "National Day", "国庆节")
    assert CHINA.tell(date(2026, 10, 10)).told is Told.MAKE_UP
    assert CHINA.tell(date(2026, 10, 11)).told is Told.WEEKEND
    assert CHINA.tell(date(2026, 10, 9)).told is Told.WORKING
    house = WorkingCalendar(closings=HOUSE).tell(date(2026, 12, 25))
    assert (house.told, house.reason) == (Told.CLOSING, "House closed")


def test_working_days_name_each_day_that_did_not_count_and_each_weekend_that_did() -> None:
    start = datetime(2026, 9, 30, 1, tzinfo=UTC)
    found = count(start, Term(3, Unit.WORKING_DAYS), CHINA)
    assert found.due == datetime(2026, 10, 10, 17, tzinfo=SHANGHAI)
    assert [one.day.day for one in found.off] == [1, 2, 3, 4, 5, 6, 7]
    assert [(one.day.day, one.told) for one in found.worked] == [(10, Told.MAKE_UP)]


def test_days_of_the_calendar_name_only_what_moved_the_end() -> None:
    start = datetime(2026, 11, 25, 12, tzinfo=UTC)  # 30 days later is Christmas, a Friday
    found = count(start, Term(30), WorkingCalendar(zone=BERLIN, country="DE"))
    assert found.due == datetime(2026, 12, 28, 17, tzinfo=BERLIN)
    assert [(one.day.day, one.told) for one in found.off] == [
        (25, Told.HOLIDAY), (26, Told.WEEKEND), (27, Told.WEEKEND),
    ]  # fmt: skip
    assert not count(start, Term(29), WorkingCalendar(zone=BERLIN, country="DE")).days


def test_hours_leave_out_no_day() -> None:
    start = datetime(2026, 12, 24, 20, tzinfo=UTC)
    found = count(start, Term(72, Unit.HOURS), BAVARIA)
    assert found.due == datetime(2026, 12, 27, 20, tzinfo=UTC)
    assert found.days == ()
