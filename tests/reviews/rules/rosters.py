"""Rosters for tests, written as one word a seat: "c" chair, "m" member; + present, - absent, x recused."""

from reviews.rules.roster import Attendance, Seated, SeatRole

_ATTENDANCE = {"+": Attendance.PRESENT, "-": Attendance.ABSENT, "x": Attendance.RECUSED}
_ROLES = {"c": SeatRole.CHAIR, "m": SeatRole.MEMBER, "a": SeatRole.ALTERNATE}


def roster(words: str) -> tuple[Seated, ...]:
    """Return the roster: "c+ m- ax" numbers its people from 1; "a+2" is an alternate who sits for 2.

    Attributes follow a colon: "m+:lay,external".
    """
    seats = []
    for number, word in enumerate(words.split(), start=1):
        place, _, attributes = word.partition(":")
        seats.append(
            Seated(
                person=number,
                role=_ROLES[place[0]],
                attributes=frozenset(filter(None, attributes.split(","))),
                attendance=_ATTENDANCE[place[1]],
                sits_for=int(place[2:]) if place[2:] else None,
            )
        )
    return tuple(seats)
