"""Who sits, and who is there: the copy of a board's seats on which quorum and threshold are counted."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from enum import StrEnum

Person = Hashable
"""Whatever tells one person from another; the rules never look inside."""


class SeatRole(StrEnum):
    """The role of a seat."""

    CHAIR = "chair"
    MEMBER = "member"
    ALTERNATE = "alternate"


class SeatAttribute(StrEnum):
    """What a board's composition may ask of who is present (process.md, section 3.4)."""

    LAY = "lay"
    EXTERNAL = "external"
    NON_TECHNICAL = "non_technical"
    EXPERT = "expert"


class Attendance(StrEnum):
    """Whether a seat takes part in a ballot; the codes are those of `records.context.Attendance`."""

    PRESENT = "present"
    RECUSED = "recused"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Seated:
    """One seat as a ballot copied it; `sits_for` names whom a present alternate replaces."""

    person: Person
    role: SeatRole = SeatRole.MEMBER
    attributes: frozenset[str] = frozenset()
    attendance: Attendance = Attendance.PRESENT
    sits_for: Person | None = None

    @property
    def holds_a_seat(self) -> bool:
        """Whether it counts as one of the board's seats; an alternate only borrows one."""
        return self.role != SeatRole.ALTERNATE

    @property
    def eligible(self) -> bool:
        """Whether the person may vote: present, not recused, and not an alternate for nobody."""
        return self.attendance == Attendance.PRESENT and (self.holds_a_seat or self.sits_for is not None)


class RosterProblem(StrEnum):
    """Why a roster cannot be counted."""

    TWICE = "twice"
    ALTERNATE_FOR_NOBODY = "alternate_for_nobody"
    ALTERNATE_FOR_PRESENT = "alternate_for_present"
    TWO_ALTERNATES_FOR_ONE = "two_alternates_for_one"


def seats_of(roster: Iterable[Seated]) -> int:
    """Return how many seats the board has; alternates add none."""
    return sum(1 for seat in roster if seat.holds_a_seat)


def recused_of(roster: Iterable[Seated]) -> int:
    """Return how many of the seats are empty by recusal; alternates add none."""
    return sum(1 for seat in roster if seat.holds_a_seat and seat.attendance == Attendance.RECUSED)


def eligible_of(roster: Iterable[Seated]) -> tuple[Person, ...]:
    """Return who may vote: present and not recused, members and the alternates who sit for somebody."""
    return tuple(seat.person for seat in roster if seat.eligible)


def present_and_eligible(roster: Iterable[Seated]) -> int:
    """Return the base of the rule that counts who is present and may vote (45 CFR 46.108; China 2023)."""
    return len(eligible_of(roster))


def seated_minus_recused(roster: Iterable[Seated]) -> int:
    """Return the base of the rule that counts all seats but the recused ones, absent ones included (IETF).

    An alternate who sits for a recused member fills that seat again.
    """
    seats = tuple(roster)
    recused = {seat.person for seat in seats if seat.holds_a_seat and seat.attendance == Attendance.RECUSED}
    filled = sum(1 for seat in seats if not seat.holds_a_seat and seat.eligible and seat.sits_for in recused)
    return seats_of(seats) - len(recused) + filled


def problems_of(roster: Iterable[Seated]) -> tuple[RosterProblem, ...]:
    """Return why the roster cannot be counted; empty when it can."""
    seats = tuple(roster)
    people = [seat.person for seat in seats]
    found = [RosterProblem.TWICE] if len(set(people)) < len(people) else []
    sitting = [seat for seat in seats if not seat.holds_a_seat and seat.attendance == Attendance.PRESENT]
    places = {seat.person: seat for seat in seats if seat.holds_a_seat}
    taken: set[Person] = set()
    for alternate in sitting:
        if alternate.sits_for is None:
            continue
        place = places.get(alternate.sits_for)
        if place is None:
            found.append(RosterProblem.ALTERNATE_FOR_NOBODY)
        elif place.attendance == Attendance.PRESENT:
            found.append(RosterProblem.ALTERNATE_FOR_PRESENT)
        elif alternate.sits_for in taken:
            found.append(RosterProblem.TWO_ALTERNATES_FOR_ONE)
        taken.add(alternate.sits_for)
    return tuple(dict.fromkeys(found))
