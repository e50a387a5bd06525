"""What a person is to a request: roles, seats on its boards, grants, a part in it, recusal; read once and kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Value
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role, roles_of
from reviews.models import Contributor, Recusal, ReviewRequest
from reviews.permissions.conflict_words import TO_SELF
from reviews.permissions.containers import KEEP, READ, Containers, containers_of
from reviews.permissions.reasons import WrongPerson
from reviews.rules.recusal import ConflictReason, Parties, by_reason, conflicts_of

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
    """Return who has a part in the request, and who is recused from it by which reason; one query."""
    columns = ("what", "person_id", "person__line_manager_id", "why")
    recusals = Recusal.objects.filter(request=request).order_by()
    parts = Contributor.objects.filter(request=request).annotate(what=Value("part"), why=Value(""))
    rows = list(
        parts.values_list(*columns).union(
            recusals.annotate(what=Value("recusal"), why=F("kind")).values_list(*columns)
        )
    )
    people = {person: boss for what, person, boss, _why in rows if what == "part"}
    return Parties(
        requester=request.requester_id,
        contributors=frozenset(people),
        line_managers=frozenset({request.requester.line_manager_id, *people.values()} - {None}),
        **by_reason((person, why) for what, person, _boss, why in rows if what == "recusal"),
    )


def standing_of(actor: User, request: ReviewRequest, now: datetime) -> Standing:
    """Return what the person is to the request; kept on the request's instance, so that a page asks once."""
    kept: dict[int, Standing] = request.__dict__.setdefault(_STANDINGS, {})
    if actor.pk not in kept:
        kept[actor.pk] = read_standing(actor, request, containers_of(actor, now))
    return kept[actor.pk]


def forget_standings(request: ReviewRequest) -> None:
    """Forget what was read, after a recusal or a change of who has a part."""
    request.__dict__.pop(_STANDINGS, None)


def read_standing(actor: User, request: ReviewRequest, reached: Containers) -> Standing:
    """Read what the person is to the request, and keep it on the request's instance; two queries."""
    boards = frozenset(review.board_id for review in request.board_reviews.all())
    return keep_standing(actor, request, reached, parties_of(request), boards)


def keep_standing(
    actor: User, request: ReviewRequest, reached: Containers, parties: Parties, boards: frozenset[int]
) -> Standing:
    """Put together what the person is to the request from what was read, and keep it on the request's instance."""
    standing = Standing(
        person_id=actor.pk,
        is_active=actor.is_active,
        roles=roles_of(actor),
        seats=reached.seats,
        keeps=reached.keeps,
        reads=reached.reads,
        parties=parties,
        boards=boards,
    )
    request.__dict__.setdefault(_STANDINGS, {})[actor.pk] = standing
    return standing


def boards_granted(actor: User, codename: str, now: datetime) -> frozenset[int]:
    """Return the boards on which the person has the permission now, by themself or through a group."""
    reached = containers_of(actor, now)
    return {KEEP: reached.keeps, READ: reached.reads}[codename]


def why_conflicted(standing: Standing) -> str | None:
    """Return why the person has to keep out of judging the request, or None (process.md, 3.1)."""
    if not standing.is_active:
        return WrongPerson(_("This account is deactivated."))
    found = standing.conflicts
    return WrongPerson(TO_SELF[found[0]]) if found else None
