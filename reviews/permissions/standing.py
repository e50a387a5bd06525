"""What a person is to a request: roles, seats on its boards, grants, a part in it, recusal; read once and kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.grants import in_force
from accounts.models import User
from accounts.roles import Role, roles_of
from reviews.models import Board, BoardGroupGrant, BoardUserGrant, Contributor, Recusal, ReviewRequest, Seat
from reviews.permissions.reasons import WrongPerson
from reviews.rules.recusal import ConflictReason, Parties, conflicts_of

KEEP, READ = "keep_board", "read_board"
_STANDINGS = "_standings"


@dataclass(frozen=True, slots=True)
class Standing:
    """What one person is to one request at one moment. `seats` maps boards to the role of a seat in force."""

    person_id: int
    is_active: bool
    roles: frozenset[str]
    seats: Mapping[int, str]
    keeps: frozenset[int]
    reads: frozenset[int]
    parties: Parties
    boards: frozenset[int]

    @property
    def is_asking(self) -> bool:
        """Say whether it is the requester or a contributor."""
        return self.person_id == self.parties.requester or self.person_id in self.parties.contributors

    @property
    def conflicts(self) -> tuple[ConflictReason, ...]:
        """Return why the person has to keep out; empty if they needn't."""
        return conflicts_of(self.person_id, self.parties)

    def has_role(self, *roles: Role) -> bool:
        """Say whether the person is active and has one of the roles."""
        return self.is_active and bool(self.roles & set(roles))

    def is_secretary_of(self, board_id: int) -> bool:
        """Say whether the person keeps the board: the role, and a grant on the board."""
        return self.has_role(Role.SECRETARY) and board_id in self.keeps

    def sits_on(self, board_id: int) -> bool:
        """Say whether the person holds a seat of the board, as alternate too."""
        return self.is_active and board_id in self.seats

    def is_chair_of(self, board_id: int) -> bool:
        """Say whether the person chairs the board."""
        return self.is_active and self.seats.get(board_id) == "chair"


def parties_of(request: ReviewRequest) -> Parties:
    """Return who has a part in the request; a recusal, once made, counts as the person's own word."""
    rows = Contributor.objects.filter(request=request).values_list("person_id", "person__line_manager_id")
    people = dict(rows)
    managers = {request.requester.line_manager_id, *people.values()} - {None}
    recused = Recusal.objects.filter(request=request).values_list("person_id", flat=True)
    return Parties(
        requester=request.requester_id,
        contributors=frozenset(people),
        line_managers=frozenset(managers),
        declared=frozenset(recused),
    )


def standing_of(actor: User, request: ReviewRequest, now: datetime) -> Standing:
    """Return what the person is to the request; kept on the request's instance, so that a page asks once."""
    kept: dict[int, Standing] = request.__dict__.setdefault(_STANDINGS, {})
    if actor.pk not in kept:
        kept[actor.pk] = _read(actor, request, now)
    return kept[actor.pk]


def forget_standings(request: ReviewRequest) -> None:
    """Forget what was read, after a recusal or a change of who has a part."""
    request.__dict__.pop(_STANDINGS, None)


def _read(actor: User, request: ReviewRequest, now: datetime) -> Standing:
    boards = frozenset(request.board_reviews.values_list("board_id", flat=True))
    seats = Seat.objects.filter(person=actor, until__isnull=True).values_list("board_id", "role")
    return Standing(
        person_id=actor.pk,
        is_active=actor.is_active,
        roles=roles_of(actor),
        seats=dict(seats),
        keeps=boards_granted(actor, KEEP, now),
        reads=boards_granted(actor, READ, now),
        parties=parties_of(request),
        boards=boards,
    )


def boards_granted(actor: User, codename: str, now: datetime) -> frozenset[int]:
    """Return the boards on which the person has the permission now, by themself or through a group."""
    own = BoardUserGrant.objects.filter(in_force(now), user=actor, permission__codename=codename)
    groups = BoardGroupGrant.objects.filter(
        in_force(now), group__in=actor.groups.all(), permission__codename=codename
    )
    return frozenset(own.values_list("content_object_id", flat=True)) | frozenset(
        groups.values_list("content_object_id", flat=True)
    )


def is_secretary(actor: User, board: Board, now: datetime) -> bool:
    """Say whether the person keeps the board."""
    return (
        actor.is_active and Role.SECRETARY in roles_of(actor) and board.pk in boards_granted(actor, KEEP, now)
    )


def why_conflicted(standing: Standing) -> str | None:
    """Return why the person has to keep out of judging the request, or None (process.md, 3.1)."""
    if not standing.is_active:
        return WrongPerson(_("This account is deactivated."))
    words = {
        ConflictReason.REQUESTER: _("You made this request, so others judge it."),
        ConflictReason.CONTRIBUTOR: _("You contributed to this request, so others judge it."),
        ConflictReason.LINE_MANAGER: _(
            "You are the line manager of somebody who works on this request, so others judge it."
        ),
        ConflictReason.CARD_AUTHOR: _("You wrote the model's card, so others judge this request."),
        ConflictReason.DECLARED: _("You are recused from this request."),
    }
    found = standing.conflicts
    return WrongPerson(words[found[0]]) if found else None
