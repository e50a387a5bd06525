"""Who sits on which board, who keeps it, and who has which role: read once, in one query, for all that waits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, CharField, DateTimeField, F, QuerySet, TextField, Value
from django.db.models.functions import Cast

from accounts.grants import in_force
from accounts.models import User
from accounts.roles import Role
from reviews.models import BallotSeat, BoardGroupGrant, BoardUserGrant, Delegation, Seat
from reviews.permissions.containers import KEEP, READ
from reviews.permissions.delegating import running
from reviews.rules.delegation import DelegationKind
from reviews.rules.recusal import Parties, Sitting, conflicts_of, who_signs_for
from reviews.selectors.disclosures import newest_disclosures

IN_OFFICE = (
    Role.SECRETARY, Role.LEGAL, Role.RELEASE_MANAGER, Role.SAFETY_LEAD, Role.AUDITOR, Role.ADMINISTRATOR,
)  # fmt: skip
Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Office:
    """Active people only. `seats` of each board, who sat first first; `granted` by permission and board;
    `disclosed`: when who holds a seat last disclosed their interests; `balloting`: by board, who is in the roster of a
    ballot that isn't closed.
    """

    seats: Mapping[int, Sequence[Sitting]]
    granted: Mapping[Key, frozenset[int]]
    roles: Mapping[str, frozenset[int]]
    disclosed: Mapping[int, datetime]
    balloting: Mapping[int, frozenset[int]]

    def with_role(self, role: Role) -> frozenset[int]:
        """Return who has the role."""
        return self.roles.get(role.value, frozenset())

    def keepers_of(self, board: int) -> frozenset[int]:
        """Return the secretaries of the board."""
        return self.granted.get((KEEP, board), frozenset()) & self.with_role(Role.SECRETARY)

    def chair_of(self, board: int) -> int | None:
        """Return who chairs the board, or None."""
        return next((seat.person for seat in self.seats.get(board, ()) if seat.role == "chair"), None)

    def leaders_of(self, board: int, parties: Parties) -> list[int]:
        """Return the chair and the secretaries of the board, without those who have to keep out."""
        found = {self.chair_of(board), *self.keepers_of(board)}
        return sorted(person for person in found if person is not None and not conflicts_of(person, parties))

    def members_of(self, board: int, parties: Parties) -> list[int]:
        """Return the chair and the members of the board, without alternates and those who have to keep out."""
        seats = (seat for seat in self.seats.get(board, ()) if seat.role != "alternate")
        return [seat.person for seat in seats if not conflicts_of(seat.person, parties)]

    def insiders_of(self, board: int, parties: Parties) -> frozenset[int]:
        """Return who may know what the board says among itself, as far as they belong to it."""
        found = {seat.person for seat in self.seats.get(board, ())} | self.keepers_of(board)
        found |= self.granted.get((READ, board), frozenset())
        found |= self.with_role(Role.LEGAL) | self.with_role(Role.SAFETY_LEAD)
        return frozenset(person for person in found if not conflicts_of(person, parties))

    def signing_chair_of(self, board: int, parties: Parties) -> int | None:
        """Return who signs for the leading board."""
        return who_signs_for(self.seats.get(board, ()), parties)

    def boards_of(self, people: frozenset[int]) -> set[int]:
        """Return the boards on which one of these people sits or which they keep."""
        sitting = {board for board, seats in self.seats.items() if people & {seat.person for seat in seats}}
        return sitting | self.boards_led_by(people)

    def boards_led_by(self, people: frozenset[int]) -> set[int]:
        """Return the boards of which one of these people is chair or secretary."""
        chaired = {board for board in self.seats if self.chair_of(board) in people}
        return chaired | {
            board for code, board in self.granted if code == KEEP and self.keepers_of(board) & people
        }


def office_at(now: datetime) -> Office:
    """Return the offices at this moment; one query, because boards and people in office are few."""
    seats: dict[int, list[Sitting]] = {}
    granted: dict[Key, set[int]] = {}
    roles: dict[str, set[int]] = {}
    away: set[tuple[int, int]] = set()
    disclosed: dict[int, datetime] = {}
    balloting: dict[int, set[int]] = {}
    for kind, board, code, person, at, _id, deputy in sorted(
        _rows(now), key=lambda row: (row[4] or now, row[5])
    ):
        if kind == "seat":
            seats.setdefault(board, []).append(Sitting(person, code, deputy, since=at))
        elif kind == "away":
            away.add((board, person))
        elif kind == "disclosed":
            disclosed[person] = at
        elif kind == "ballot":
            balloting.setdefault(board, set()).add(person)
        elif kind == "grant":
            granted.setdefault((code, board), set()).add(person)
        else:
            roles.setdefault(code, set()).add(person)
    there = {
        board: [replace(one, is_away=(board, one.person) in away) for one in sitting]
        for board, sitting in seats.items()
    }
    return Office(there, _frozen(granted), _frozen(roles), disclosed, _frozen(balloting))


def _frozen(found: "dict[Any, set[int]]") -> "dict[Any, frozenset[int]]":
    return {key: frozenset(people) for key, people in found.items()}


def _rows(now: datetime) -> "QuerySet[Any, tuple[Any, ...]]":
    """Return rows alike: what, board, role or permission, person, since, id, the person's deputy."""
    seats = Seat.objects.filter(until__isnull=True, person__is_active=True)
    by_person = BoardUserGrant.objects.filter(in_force(now), user__is_active=True)
    by_group = BoardGroupGrant.objects.filter(in_force(now), group__user__is_active=True)
    roles = User.objects.filter(is_active=True, groups__name__in=[role.value for role in IN_OFFICE])
    away = Delegation.objects.filter(running(now), kind=DelegationKind.SEAT)
    disclosed = newest_disclosures().filter(person__in=seats.order_by().values("person"))
    balloting = BallotSeat.objects.exclude(ballot__state="closed")
    return _alike(seats, "seat", "board_id", "role", "person_id", F("since"), F("person__deputy_id")).union(
        _alike(by_person, "grant", "content_object_id", "permission__codename", "user_id"),
        _alike(by_group, "grant", "content_object_id", "permission__codename", "group__user__id"),
        _alike(roles, "role", None, "groups__name", "id"),
        _alike(away, "away", "board_id", "kind", "giver_id"),
        _alike(disclosed, "disclosed", None, "none", "person_id", F("made_at")),
        _alike(balloting, "ballot", "ballot__review__board_id", "ballot__state", "person_id"),
    )


def _alike(
    rows: "QuerySet[Any]",
    kind: str,
    board: str | None,
    code: str,
    person: str,
    at: F | None = None,
    deputy: F | None = None,
) -> "QuerySet[Any, tuple[Any, ...]]":
    no_id, no_time = Cast(Value(None), BigIntegerField()), Cast(Value(None), DateTimeField())
    tuples: QuerySet[Any, tuple[Any, ...]] = (
        rows.order_by()
        .annotate(
            o_kind=Cast(Value(kind), CharField()),
            o_board=F(board) if board else no_id,
            o_code=Cast(F(code), TextField()),
            o_person=F(person),
            o_at=at or no_time,
            o_deputy=deputy or no_id,
        )
        .values_list("o_kind", "o_board", "o_code", "o_person", "o_at", "id", "o_deputy")
    )
    return tuples
