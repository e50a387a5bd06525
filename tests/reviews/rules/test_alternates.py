"""Which alternate sits for whom."""

from reviews.rules.alternates import Place, SitsBy, StandsIn, who_stands_in
from reviews.rules.roster import Attendance, SeatRole

ABSENT, RECUSED = Attendance.ABSENT, Attendance.RECUSED


def member(person: str, attendance: Attendance = Attendance.PRESENT, alternate: str | None = None) -> Place:
    return Place(person, SeatRole.MEMBER, attendance, alternate)


def alternate(person: str, attendance: Attendance = Attendance.PRESENT) -> Place:
    return Place(person, SeatRole.ALTERNATE, attendance)


def test_nobody_sits_while_all_members_are_there() -> None:
    assert who_stands_in([member("a", alternate="x"), alternate("x")], {"a": "x"}) == ()


def test_the_named_alternate_sits_before_the_first_in_order() -> None:
    seats = [member("a", ABSENT, alternate="y"), member("b", RECUSED), alternate("x"), alternate("y")]
    assert who_stands_in(seats) == (StandsIn("y", "a", SitsBy.NAMED), StandsIn("x", "b", SitsBy.ORDER))


def test_whom_a_member_delegated_to_comes_before_who_is_named_for_another_seat() -> None:
    seats = [member("a", ABSENT, alternate="x"), member("b", ABSENT), alternate("x"), alternate("y")]
    found = who_stands_in(seats, {"b": "x"})
    assert set(found) == {StandsIn("x", "b", SitsBy.DELEGATION), StandsIn("y", "a", SitsBy.ORDER)}


def test_an_alternate_who_is_absent_or_recused_sits_for_nobody() -> None:
    seats = [
        member("a", ABSENT, alternate="x"),
        alternate("x", RECUSED),
        alternate("y", ABSENT),
        alternate("z"),
    ]
    assert who_stands_in(seats, {"a": "y"}) == (StandsIn("z", "a", SitsBy.ORDER),)


def test_each_alternate_sits_once_and_a_seat_may_stay_empty() -> None:
    seats = [member("a", ABSENT), member("b", ABSENT), alternate("x")]
    assert who_stands_in(seats) == (StandsIn("x", "a", SitsBy.ORDER),)


def test_a_member_never_sits_for_another() -> None:
    assert who_stands_in([member("a", ABSENT, alternate="b"), member("b")], {"a": "b"}) == ()
