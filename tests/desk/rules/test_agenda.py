"""How my work is laid out; times are the person's."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from desk.rules.agenda import Part, lay_out

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 6, 10, tzinfo=UTC)  # a Monday, 14:10 in Shanghai


@dataclass(frozen=True)
class Thing:
    due: datetime | None
    since: datetime = NOW - timedelta(days=3)


def at(day: int, hour: int = 12, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("due", "part", "days"),
    [
        (at(20), Part.LATE, 3),
        (at(23, 14), Part.LATE, 0),
        (at(23, 18), Part.TOMORROW, 0),
        (at(24, 23), Part.TOMORROW, 1),
        (at(25, 0), Part.TOMORROW, 1),
        (at(25, 1), Part.WEEK, 2),
        (at(29, 23), Part.WEEK, 6),
        (at(30, 0), Part.WEEK, 6),
        (at(30, 1), Part.LATER, 7),
        (at(1, 12, month=12), Part.LATER, 8),
        (None, Part.OPEN, 0),
    ],
)
def test_each_thing_stands_in_its_part(due: datetime | None, part: Part, days: int) -> None:
    laid_out = lay_out([Thing(due)], NOW, SHANGHAI)
    assert [(found, item.days) for found, items in laid_out.items() for item in items] == [(part, days)]


def test_a_day_is_a_day_of_the_person_not_of_the_server() -> None:
    evening = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)  # Wednesday already in Shanghai
    assert list(lay_out([Thing(evening)], NOW, SHANGHAI)) == [Part.WEEK]
    assert list(lay_out([Thing(evening)], NOW, UTC)) == [Part.TOMORROW]


def test_on_a_sunday_nothing_is_left_of_this_week_but_tomorrow_is_near() -> None:
    sunday = at(29, 9)
    assert list(lay_out([Thing(at(30)), Thing(at(1, month=12))], sunday, SHANGHAI)) == [
        Part.TOMORROW,
        Part.LATER,
    ]


def test_parts_come_in_the_order_of_the_page_and_empty_ones_not_at_all() -> None:
    laid_out = lay_out([Thing(None), Thing(at(30)), Thing(at(20))], NOW, SHANGHAI)
    assert list(laid_out) == [Part.LATE, Part.LATER, Part.OPEN]
    assert lay_out([], NOW, SHANGHAI) == {}


def test_what_is_due_first_stands_first_and_without_a_date_what_waits_longest() -> None:
    first, second = Thing(at(26)), Thing(at(27))
    old, new = Thing(None, NOW - timedelta(days=9)), Thing(None, NOW - timedelta(days=1))
    laid_out = lay_out([second, new, first, old], NOW, SHANGHAI)
    assert [item.thing for item in laid_out[Part.WEEK]] == [first, second]
    assert [item.thing for item in laid_out[Part.OPEN]] == [old, new]


moments = some.integers(-500_000, 500_000).map(lambda minutes: NOW + timedelta(minutes=minutes))


@given(some.lists(some.builds(Thing, due=some.none() | moments, since=moments)), moments)
def test_nothing_is_lost_and_late_is_exactly_what_is_past(things: list[Thing], now: datetime) -> None:
    laid_out = lay_out(things, now, SHANGHAI)
    found = [item.thing for items in laid_out.values() for item in items]
    assert sorted(map(repr, found)) == sorted(map(repr, things))
    late = {id(item.thing) for item in laid_out.get(Part.LATE, [])}
    assert late == {id(thing) for thing in things if thing.due is not None and thing.due < now}
