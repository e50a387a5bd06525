"""Which alternate sits for whom when a ballot opens: who was delegated, who is named for the seat, then by order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from reviews.rules.roster import Attendance, Person, SeatRole


class SitsBy(StrEnum):
    """Why it is this alternate who sits."""

    DELEGATION = "delegation"
    NAMED = "named"
    ORDER = "order"
    CHOSEN = "chosen"


@dataclass(frozen=True, slots=True)
class Place:
    """A seat of the board before the ballot opens; `alternate` is the one who is named for it."""

    person: Person
    role: SeatRole
    attendance: Attendance = Attendance.PRESENT
    alternate: Person | None = None


@dataclass(frozen=True, slots=True)
class StandsIn:
    """An alternate who sits, for whom, and why it is them."""

    alternate: Person
    sits_for: Person
    by: SitsBy


def who_stands_in(
    places: Iterable[Place], delegations: Mapping[Person, Person] | None = None
) -> tuple[StandsIn, ...]:
    """Return which alternates sit for members who are absent or recused; `delegations` maps givers to deputies.

    Only alternates who are there and not recused sit, each for one member. Whom a member delegated to comes first,
    then who is named for the seat, then the others in the order of their seats; members are served in the order of
    theirs, the chair first.
    """
    seats = tuple(places)
    free = [
        seat.person
        for seat in seats
        if seat.role == SeatRole.ALTERNATE and seat.attendance == Attendance.PRESENT
    ]
    empty = [
        seat for seat in seats if seat.role != SeatRole.ALTERNATE and seat.attendance != Attendance.PRESENT
    ]
    found: dict[Person, StandsIn] = {}
    wishes = (
        (SitsBy.DELEGATION, {seat.person: (delegations or {}).get(seat.person) for seat in empty}),
        (SitsBy.NAMED, {seat.person: seat.alternate for seat in empty}),
    )
    for by, wished in wishes:
        for member, alternate in wished.items():
            if member not in found and alternate is not None and alternate in free:
                found[member] = StandsIn(alternate, member, by)
                free.remove(alternate)
    for seat in empty:
        if seat.person not in found and free:
            found[seat.person] = StandsIn(free.pop(0), seat.person, SitsBy.ORDER)
    return tuple(found[seat.person] for seat in empty if seat.person in found)
