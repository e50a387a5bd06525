"""What stands on an agenda, and when each item begins."""

from datetime import UTC, datetime, timedelta

import pytest

from reviews.rules.agenda import ORDER, TAKES, Asked, Planned, asked_of, minutes_over, reordered, times_of
from reviews.rules.review_lifecycle import ReviewState

TEN = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "has_motion", "return_on", "asked"),
    [
        (ReviewState.ASSIGNED, False, None, Asked.FIRST_READING),
        (ReviewState.READING, False, None, Asked.FIRST_READING),
        (ReviewState.DELIBERATING, False, None, Asked.DELIBERATE),
        (ReviewState.DELIBERATING, True, None, Asked.VOTE),
        (ReviewState.TABLED, True, None, Asked.GO_ON),
        (ReviewState.DEFERRED, False, TEN, Asked.COMES_BACK),
        (ReviewState.DEFERRED, False, TEN + timedelta(days=1), None),
        (ReviewState.QUESTIONS, False, None, None),
        (ReviewState.BALLOTING, True, None, None),
        (ReviewState.CLOSED, False, None, None),
    ],
)
def test_a_review_stands_on_the_agenda_when_the_board_can_do_something_with_it(
    state: ReviewState, has_motion: bool, return_on: datetime | None, asked: Asked | None
) -> None:
    assert asked_of(state, has_motion=has_motion, return_on=return_on, meets_at=TEN) == asked


def test_everything_that_can_be_asked_has_a_length_and_a_place_in_the_order() -> None:
    assert set(TAKES) == set(ORDER) == set(Asked)
    assert ORDER.index(Asked.RATIFY) < ORDER.index(Asked.FIRST_READING) < ORDER.index(Asked.OTHER)


def test_items_begin_one_after_the_other() -> None:
    times = times_of(TEN, [Planned(10), Planned(20), Planned(30)])
    assert [f"{time:%H:%M}" for time in times] == ["10:00", "10:10", "10:30"]


def test_what_is_late_moves_what_comes_after_it_and_never_what_was() -> None:
    done = Planned(10, TEN + timedelta(minutes=2), TEN + timedelta(minutes=25))
    runs = Planned(20, TEN + timedelta(minutes=25))
    late = times_of(TEN, [done, runs, Planned(30)], TEN + timedelta(minutes=70))
    assert [f"{time:%H:%M}" for time in late] == ["10:02", "10:25", "11:10"]
    early = times_of(TEN, [done, runs, Planned(30)], TEN + timedelta(minutes=30))
    assert [f"{time:%H:%M}" for time in early] == ["10:02", "10:25", "10:45"]


def test_an_agenda_says_by_how_much_it_is_too_long() -> None:
    assert minutes_over(TEN, TEN + timedelta(minutes=90), [Planned(60), Planned(45)]) == 15
    assert minutes_over(TEN, TEN + timedelta(minutes=90), [Planned(60), Planned(30)]) == 0


@pytest.mark.parametrize(
    ("item", "by", "order"),
    [(3, -1, [1, 3, 2]), (1, 1, [2, 1, 3]), (1, -1, [1, 2, 3]), (3, 1, [1, 2, 3]), (1, 9, [2, 3, 1])],
)
def test_an_item_moves_by_places_and_not_beyond_the_ends(item: int, by: int, order: list[int]) -> None:
    assert reordered([1, 2, 3], item, by) == order
