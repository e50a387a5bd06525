"""Days of work of several countries: make-up days, states, languages, and years that nobody announced yet."""

from datetime import date

import pytest

from reminders.rules.working_days import (
    DayKind,
    announced_until,
    countries,
    day_of,
    is_announced,
    is_known,
    is_working_day,
    name_of_subdivision,
    subdivisions_of,
)


@pytest.mark.parametrize(
    ("day", "country", "subdivision", "kind", "name"),
    [
        (date(2026, 11, 26), "US", "", DayKind.HOLIDAY, "Thanksgiving"),
        (date(2026, 7, 3), "US", "", DayKind.HOLIDAY, "Independence Day"),  # the 4th is a Saturday
        (date(2026, 7, 4), "US", "", DayKind.WEEKEND, "Independence Day"),
        (date(2026, 11, 27), "US", "", DayKind.WORKING, ""),
        (date(2026, 10, 1), "CN", "", DayKind.HOLIDAY, "National Day"),
        (date(2026, 10, 10), "CN", "", DayKind.MAKE_UP, ""),
        (date(2026, 10, 11), "CN", "", DayKind.WEEKEND, ""),
        (date(2026, 2, 14), "CN", "", DayKind.MAKE_UP, ""),
        (date(2026, 1, 6), "DE", "BY", DayKind.HOLIDAY, "Epiphany"),
        (date(2026, 1, 6), "DE", "BE", DayKind.WORKING, ""),
        (date(2026, 1, 6), "DE", "", DayKind.WORKING, ""),
        (date(2026, 11, 27), "SA", "", DayKind.WEEKEND, ""),  # a Friday
        (date(2026, 11, 29), "SA", "", DayKind.WORKING, ""),  # a Sunday
        (date(2026, 12, 25), "", "", DayKind.WORKING, ""),
        (date(2026, 12, 26), "", "", DayKind.WEEKEND, ""),
    ],
)
def test_a_day_is_what_the_country_makes_of_it(
    day: date, country: str, subdivision: str, kind: DayKind, name: str
) -> None:
    found = day_of(day, country, subdivision, "en")
    assert found.kind is kind
    assert name in "; ".join(found.names)
    assert found.works == is_working_day(day, country, subdivision)


def test_names_are_in_the_language_of_the_page_else_in_english() -> None:
    assert day_of(date(2026, 10, 1), "CN", "", "zh-hans").names == ("国庆节",)
    assert day_of(date(2026, 10, 1), "CN", "", "en").names == ("National Day",)
    assert day_of(date(2026, 12, 25), "DE", "", "zh-hans").names == ("Christmas Day",)
    assert day_of(date(2026, 12, 25), "DE").names == ("Erster Weihnachtstag",), "not the machine's language"


def test_a_year_that_china_has_not_announced_has_its_festivals_but_no_make_up_days() -> None:
    last = announced_until("CN")
    assert last is not None
    assert is_announced("CN", last)
    assert not is_announced("CN", last + 1)
    assert day_of(date(last + 1, 10, 1), "CN").kind is DayKind.HOLIDAY
    days = [date.fromordinal(date(last + 1, 1, 1).toordinal() + n) for n in range(365)]
    assert not any(day_of(day, "CN").kind is DayKind.MAKE_UP for day in days)


def test_what_follows_from_the_law_needs_no_announcement() -> None:
    assert announced_until("DE") is None
    assert announced_until("") is None
    assert is_announced("DE", 2060)
    assert is_announced("US", 2060)


def test_beyond_what_the_library_knows_only_weekends_are_off() -> None:
    assert day_of(date(2150, 10, 1), "CN").kind is DayKind.WORKING
    assert day_of(date(2150, 10, 3), "CN").kind is DayKind.WEEKEND
    assert not is_working_day(date(2150, 10, 3), "CN")
    assert not is_announced("DE", 2150)


def test_only_countries_and_states_that_the_library_knows_are_known() -> None:
    assert is_known("")
    assert is_known("DE", "BY")
    assert not is_known("DE", "XX")
    assert not is_known("ZZ")
    assert not is_known("", "BY")
    assert {"CN", "DE", "US"} <= countries()
    assert subdivisions_of("ZZ") == ()
    assert name_of_subdivision("DE", "BY") == "Bayern"
    assert name_of_subdivision("DE", "XX") == "XX"
