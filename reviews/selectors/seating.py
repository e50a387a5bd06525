"""Who sits when a ballot opens: seats in force, who is away by delegation, and which alternate stands in for whom."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from reviews.models import BallotSeat, Board, Delegation, Seat
from reviews.rules.alternates import Place, SitsBy, StandsIn, who_stands_in
from reviews.rules.roster import Attendance, SeatRole
from reviews.selectors.delegations import delegation_of, with_delegations

ORDER = {"chair": 0, "member": 1, "alternate": 2}
BY: dict[str, StrOrPromise] = {
    SitsBy.DELEGATION: gettext_lazy("to whom they delegated"),
    SitsBy.NAMED: gettext_lazy("named for this seat"),
    SitsBy.ORDER: gettext_lazy("next in order"),
    SitsBy.CHOSEN: gettext_lazy("chosen when the ballot opened"),
}
"""Why it is this alternate who sits."""


@dataclass(frozen=True, slots=True)
class Line:
    """One seat before the ballot opens. `delegation`: its holder is away, or it is why this alternate sits.

    `sits_for`: the id of whom an alternate replaces, `by` why it is them.
    """

    seat: Seat
    attendance: Attendance
    delegation: Delegation | None = None
    sits_for: int | None = None
    by: SitsBy | None = None

    @property
    def is_away(self) -> bool:
        """Whether a member is away and has delegated the seat."""
        return self.delegation is not None and self.seat.role != "alternate"


def seats_in_order(board: Board, now: datetime) -> list[Seat]:
    """Return the seats in force: the chair, members, alternates, each in the order in which they were given; one query.

    Annotated with who is away now by delegation, for `seating_of`.
    """
    seats = Seat.objects.filter(board=board, until__isnull=True).select_related("person", "board")
    seats = with_delegations(seats, now)
    return sorted(seats, key=lambda seat: (ORDER[seat.role], seat.pk))


def seating_of(
    seats: Sequence[Seat],
    *,
    kept_out: Collection[int],
    absent: Collection[int],
    sitting: Mapping[int, int] | None = None,
) -> list[Line]:
    """Return who sits, of `seats_in_order`. `kept_out` are recused, `absent` aren't there; who delegated is away.

    `sitting`: for each alternate who votes, whom they replace; None: as the rules propose.
    """
    away = {seat.person_id: one for seat in seats if (one := delegation_of(seat)) is not None}
    places = [_place(seat, kept_out, {*absent, *away}) for seat in seats]
    proposed = who_stands_in(places, {giver: one.deputy_id for giver, one in away.items()})
    chosen = proposed if sitting is None else _as_chosen(sitting, proposed, places)
    stands = {one.alternate: one for one in chosen}
    return [
        _line(seat, place, stands.get(seat.person_id), away)
        for seat, place in zip(seats, places, strict=True)
    ]


def _place(seat: Seat, kept_out: Collection[int], missing: Collection[int]) -> Place:
    here = seat.person.is_active and seat.person_id not in missing
    attendance = Attendance.PRESENT if here else Attendance.ABSENT
    if seat.person_id in kept_out:
        attendance = Attendance.RECUSED
    return Place(seat.person_id, SeatRole(seat.role), attendance, seat.alternate_id)


def _as_chosen(
    sitting: Mapping[int, int], proposed: Iterable[StandsIn], places: Sequence[Place]
) -> list[StandsIn]:
    """Return what the secretary chose, with the rule's reason where it is the same; who can't vote sits for nobody."""
    by = {(one.alternate, one.sits_for): one.by for one in proposed}
    there = {place.person for place in places if place.attendance == Attendance.PRESENT}
    return [
        StandsIn(alternate, member, by.get((alternate, member), SitsBy.CHOSEN))
        for alternate, member in sitting.items()
        if alternate in there
    ]


def _line(seat: Seat, place: Place, stands: StandsIn | None, away: Mapping[int, Delegation]) -> Line:
    if stands is None:
        return Line(seat, place.attendance, away.get(seat.person_id) if seat.role != "alternate" else None)
    by_delegation = away[stands.sits_for] if stands.by == SitsBy.DELEGATION else None  # type: ignore[index]
    return Line(seat, place.attendance, by_delegation, stands.sits_for, stands.by)  # type: ignore[arg-type]


def standing_in(seats: Iterable[BallotSeat]) -> tuple[str, ...]:
    """Return who of a roster sits for whom, with both names, and why it is them; reads the loaded `sits_for`."""
    return tuple(
        _("{alternate} sits for {member} ({reason})").format(
            alternate=seat.name, member=seat.sits_for.display_name, reason=BY[seat.sits_by]
        )
        if seat.sits_by in BY
        else _("{alternate} sits for {member}").format(alternate=seat.name, member=seat.sits_for.display_name)
        for seat in seats
        if seat.sits_for is not None
    )


def stands_in_words(line: Line, names: Mapping[int, str]) -> str:
    """Return for whom an alternate sits and why it is them: "sits for Ana Díaz (named for this seat)"."""
    if line.sits_for is None or line.by is None:
        return ""
    return _("sits for {member} ({reason})").format(member=names[line.sits_for], reason=BY[line.by])
