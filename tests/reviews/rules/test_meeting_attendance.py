"""Who will come, who is there, and what follows for quorum."""

from collections.abc import Hashable
from datetime import UTC, datetime, timedelta

import pytest

from reviews.rules.attendance import (
    Foreseen,
    Span,
    foresee,
    reserve_of,
    roster_in_room,
    sitting_in_room,
    was_there,
)
from reviews.rules.quorum import QuorumKind, QuorumRule
from reviews.rules.roster import Attendance, Seated, SeatRole

MAJORITY = QuorumRule(QuorumKind.MAJORITY)
TEN = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
SEATS = (
    Seated(1, SeatRole.CHAIR),
    *(Seated(person) for person in range(2, 8)),
    Seated(8, SeatRole.ALTERNATE, sits_for=7),
)


def minutes(count: int) -> datetime:
    return TEN + timedelta(minutes=count)


def test_who_leaves_and_comes_back_was_away_in_between() -> None:
    spans = [Span(minutes(-2), minutes(30)), Span(minutes(45))]
    there = [moment for moment in (-5, -2, 29, 30, 44, 45, 90) if was_there(spans, minutes(moment))]
    assert there == [-2, 29, 45, 90]


def test_four_of_seven_will_come_and_four_are_needed() -> None:
    answers: dict[Hashable, str] = {
        1: "accepted",
        2: "accepted",
        3: "accepted",
        4: "accepted",
        5: "declined",
        6: "declined",
    }
    assert foresee(MAJORITY, SEATS, answers) == Foreseen(seats=7, coming=4, declined=2, silent=1, needed=4)
    assert foresee(MAJORITY, SEATS, answers).met
    assert not foresee(MAJORITY, SEATS, answers).lost


def test_quorum_is_lost_beforehand_only_when_those_who_are_silent_cannot_save_it() -> None:
    declined: dict[Hashable, str] = dict.fromkeys((1, 2, 3), "declined")
    assert not foresee(MAJORITY, SEATS, declined).lost
    assert not foresee(MAJORITY, SEATS, declined).met
    assert foresee(MAJORITY, SEATS, {**declined, 4: "declined"}).lost


def test_an_alternate_who_comes_replaces_the_member_who_declined_and_adds_no_seat() -> None:
    answers: dict[Hashable, str] = {1: "accepted", 2: "accepted", 3: "accepted", 7: "declined", 8: "accepted"}
    found = foresee(MAJORITY, SEATS, answers)
    assert (found.seats, found.coming, found.declined) == (7, 4, 0)
    both = foresee(MAJORITY, SEATS, {**answers, 7: "accepted"})
    assert both.coming == 4


def test_who_is_recused_from_an_item_does_not_come_to_it_but_their_alternate_does() -> None:
    answers: dict[Hashable, str] = dict.fromkeys(range(1, 9), "accepted")
    assert foresee(MAJORITY, SEATS, answers, recused=[1]).coming == 6
    assert foresee(MAJORITY, SEATS, answers, recused=[7]).coming == 7
    assert foresee(MAJORITY, SEATS, answers, recused=[7, 8]).coming == 6


@pytest.mark.parametrize(
    ("there", "recused", "people", "none_left"),
    [
        ((1, 2, 3, 4), (), 0, True),
        ((1, 2, 3, 4, 5), (), 1, False),
        ((1, 2, 3, 4, 5), (5,), 0, True),
        ((1, 2, 3), (), -1, False),
        ((1, 2, 3, 8), (), 0, True),
    ],
)
def test_the_reserve_says_how_many_may_still_leave(
    there: tuple[int, ...], recused: tuple[int, ...], people: int, none_left: bool
) -> None:
    found = reserve_of(MAJORITY, roster_in_room(SEATS, there, recused))
    assert (found.people, found.none_left) == (people, none_left)


def test_an_alternate_sits_only_for_a_member_who_is_not_there() -> None:
    both = (*SEATS, Seated(9, SeatRole.ALTERNATE, sits_for=7), Seated(10, SeatRole.ALTERNATE))
    assert sitting_in_room(roster_in_room(both, (1, 2, 8, 9, 10), ())) == {8: 7}
    assert sitting_in_room(roster_in_room(both, (1, 2, 7, 8, 9), ())) == {}
    assert sitting_in_room(roster_in_room(both, (1, 2, 7, 8), (7,))) == {8: 7}
    assert sitting_in_room(roster_in_room(both, (1, 2, 8), (8,))) == {}


def test_who_is_recused_counts_as_recused_although_they_are_in_the_building() -> None:
    roster = roster_in_room(SEATS, (1, 2), (2,))
    assert [seat.attendance for seat in roster[:3]] == [
        Attendance.PRESENT,
        Attendance.RECUSED,
        Attendance.ABSENT,
    ]
