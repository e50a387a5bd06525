"""Who will come, who is there, and what that means for quorum and for the seats of an open ballot."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reviews.rules.quorum import Quorum, QuorumRule, count_quorum
from reviews.rules.roster import Attendance, Person, Seated, SeatRole


class Part(StrEnum):
    """As what somebody is at a meeting; an expert is asked for advice and doesn't vote."""

    CHAIR = "chair"
    MEMBER = "member"
    ALTERNATE = "alternate"
    SECRETARY = "secretary"
    EXPERT = "expert"
    GUEST = "guest"


SEATED = frozenset({Part.CHAIR, Part.MEMBER, Part.ALTERNATE})
"""Parts that come from a seat of the board."""


class Answer(StrEnum):
    """What somebody answered to an invitation."""

    ACCEPTED = "accepted"
    DECLINED = "declined"


class How(StrEnum):
    """How somebody takes part."""

    IN_PERSON = "in_person"
    VIDEO = "video"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of presence; `left` None: still there."""

    came: datetime
    left: datetime | None = None


def was_there(spans: Iterable[Span], moment: datetime) -> bool:
    """Say whether one of the stretches covers the moment; who leaves at a moment is not there at it."""
    return any(span.came <= moment and (span.left is None or moment < span.left) for span in spans)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Quorum as the answers foresee it, in people: "4 of 7 will come, 4 needed"."""

    seats: int
    coming: int
    declined: int
    silent: int
    needed: int

    @property
    def met(self) -> bool:
        """Whether those who accepted suffice."""
        return self.coming >= self.needed

    @property
    def lost(self) -> bool:
        """Whether there is no quorum even if everybody comes who hasn't declined."""
        return self.coming + self.silent < self.needed


def foresee(
    rule: QuorumRule, seats: Iterable[Seated], answers: Mapping[Person, str], recused: Iterable[Person] = ()
) -> Foreseen:
    """Count the answers: a member who declined is replaced by an alternate who accepted and sits for them.

    `recused`: who has to leave at an item, so that its quorum is foreseen; they count as those who don't come.
    """
    roster, out = list(seats), set(recused)
    seated = [seat for seat in roster if seat.holds_a_seat]
    coming = silent = declined = 0
    for seat in seated:
        stand_in = any(
            other.sits_for == seat.person
            and answers.get(other.person) == Answer.ACCEPTED
            and other.person not in out
            for other in roster
        )
        answer = "out" if seat.person in out else answers.get(seat.person, "")
        if answer == Answer.ACCEPTED or (stand_in and answer in ("out", Answer.DECLINED)):
            coming += 1
        elif answer == "":
            silent += 1
        else:
            declined += 1
    return Foreseen(len(seated), coming, declined, silent, rule.needed(len(seated)))


def roster_in_room(
    seats: Iterable[Seated], there: Iterable[Person], recused: Iterable[Person]
) -> tuple[Seated, ...]:
    """Return the seats with the attendance that the room gives them at an item."""
    here, out = set(there), set(recused)
    return tuple(
        Seated(
            seat.person,
            seat.role,
            seat.attributes,
            Attendance.RECUSED
            if seat.person in out
            else Attendance.PRESENT
            if seat.person in here
            else Attendance.ABSENT,
            seat.sits_for,
        )
        for seat in seats
    )


def sitting_in_room(roster: Iterable[Seated]) -> dict[Person, Person]:
    """Return for whom each present alternate sits: only for a member who is absent or recused, one for each."""
    seats = tuple(roster)
    empty = {seat.person for seat in seats if seat.holds_a_seat and seat.attendance != Attendance.PRESENT}
    sitting: dict[Person, Person] = {}
    for seat in seats:
        wanted = seat.sits_for
        here = seat.role == SeatRole.ALTERNATE and seat.attendance == Attendance.PRESENT
        if here and wanted is not None and wanted in empty and wanted not in sitting.values():
            sitting[seat.person] = wanted
    return sitting


@dataclass(frozen=True, slots=True)
class Reserve:
    """How far a count is from losing its quorum: `people` who may still leave."""

    quorum: Quorum

    @property
    def people(self) -> int:
        """How many may leave before it is lost; negative: so many are missing."""
        return self.quorum.present - self.quorum.needed

    @property
    def none_left(self) -> bool:
        """Whether the next departure loses it."""
        return self.people == 0


def reserve_of(rule: QuorumRule, roster: Iterable[Seated]) -> Reserve:
    """Return the reserve of a roster under the rule."""
    return Reserve(count_quorum(rule, roster))
