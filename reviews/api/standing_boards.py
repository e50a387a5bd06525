"""Boards themselves: who sits on them and by which policy they decide; looked after by administrators."""

from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Query
from pydantic import StringConstraints

from accounts.api.faults import pointer
from accounts.api.fields import Address, Id, IdIn, In, Out, PersonOut, Sha256, page_address, person_out
from accounts.api.pages import PageOut, PageQuery, list_page
from accounts.api.problems import Code, Problem
from accounts.api.rooms import Room
from accounts.api.visit import tell, who
from accounts.models import User
from accounts.rules.scopes import Scope
from reviews.api.boards import BoardName
from reviews.models import Board, Policy, Seat
from reviews.permissions.boards import board_by_slug, why_not_manage_boards
from reviews.permissions.reasons import require
from reviews.rules.boards_together import BoardKind
from reviews.rules.roster import SeatAttribute, SeatRole
from reviews.selectors.boards_page import board_page, boards_for
from reviews.services import boards as services
from reviews.services.alternates import name_alternate

room = Room("Boards")
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
ShortReason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Content = Annotated[
    dict[str, Any],
    Field(
        description="As `content` of a version that is there; what is left out is as the defaults say.",
        examples=[{"quorum": {"kind": "majority_of_seats"}, "ballot_days": 3}],
    ),
]


class BoardLineOut(Out):
    """A board of the list."""

    board: str = Field(description="Short name, in addresses.", examples=["ethics"])
    name: str = Field(examples=["Ethics board"])
    kind: BoardKind
    seats: int = Field(examples=[5])
    open_reviews: int = Field(examples=[3])
    closed_at: datetime | None = Field(description="It takes no new reviews from then on.")
    address: Address


class SeatOut(Out):
    """A seat of a board."""

    id: int = Field(examples=[21])
    person: PersonOut
    role: SeatRole
    attributes: list[str] = Field(examples=[["lay"]])
    since: datetime
    until: datetime | None = Field(description="Null: in force.")
    alternate: PersonOut | None = Field(description="Null: alternates sit in the order of their seats.")


class PolicyLineOut(Out):
    """A version of the policy."""

    version: int = Field(examples=[2])
    sha256: Sha256
    made_at: datetime
    made_by: PersonOut | None
    reason: str = Field(examples=["The board has two members more."])


class PolicyOut(PolicyLineOut):
    """A version of the policy with all that it says."""

    content: dict[str, Any] = Field(examples=[{"quorum": {"kind": "majority_of_seats"}, "ballot_days": 3}])


class StandsInOut(Out):
    """A member who is away now or later, and who stands in."""

    person: PersonOut
    deputy: PersonOut
    since: datetime
    until: datetime


class BoardOut(Out):
    """A board as its page shows it."""

    board: str = Field(examples=["ethics"])
    name: str = Field(examples=["Ethics board"])
    kind: BoardKind
    time_zone: str = Field(examples=["Europe/Berlin"])
    seats: list[SeatOut]
    former: list[SeatOut]
    away: list[StandsInOut]
    policy: int | None = Field(description="The version in force.", examples=[2])
    in_words: list[str] = Field(
        description="The policy.", examples=[["More than half of the seats are present."]]
    )
    versions: list[PolicyLineOut]
    why_not_manage: str | None = Field(description="Null: this person looks after boards.", examples=[None])
    address: Address


class BoardIn(In):
    """A new board with the first version of its policy; all secretaries keep it."""

    board: Annotated[str, Field(pattern="^[a-z0-9-]{1,50}$", description="Short name.", examples=["privacy"])]
    name_en: Name = Field(examples=["Privacy board"])
    name_zh: Name = Field(examples=["隐私委员会"])
    kind: BoardKind
    time_zone: Annotated[str, Field(max_length=64, examples=["Europe/Berlin"])] = "UTC"
    policy: Content


class SeatIn(In):
    """Who is seated, and as what."""

    person: IdIn = Field(description="Number of the person.", examples=[9])
    role: SeatRole
    attributes: list[SeatAttribute] = Field([], max_length=4, examples=[["lay"]])


class SeatEndIn(In):
    """Why the seat ends."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = Field(
        "", examples=["Left the organisation."]
    )


class AlternateIn(In):
    """The alternate who sits first for this seat."""

    person: IdIn | None = Field(description="Null: alternates sit in order.", examples=[9])


class PolicyIn(In):
    """A new version of the policy, and why it changes; the reason is kept with it."""

    content: Content
    reason: ShortReason = Field(examples=["The board has two members more."])


def seat_out(seat: Seat) -> SeatOut:
    """Return the seat."""
    return SeatOut(
        id=seat.pk, person=person_out(seat.person), role=SeatRole(seat.role), attributes=seat.attributes,
        since=seat.since, until=seat.until, alternate=person_out(seat.alternate) if seat.alternate else None,
    )  # fmt: skip


def _version(policy: Policy) -> dict[str, Any]:
    return {
        "version": policy.version, "sha256": policy.sha256, "made_at": policy.made_at, "reason": policy.reason,
        "made_by": person_out(policy.made_by) if policy.made_by else None,
    }  # fmt: skip


def _board(user: User, slug: str, now: datetime) -> BoardOut:
    """Return the board as it stands now, for this person; raises Http404."""
    page = board_page(user, slug, now)
    board = page.board
    return BoardOut(
        board=board.slug, name=board.name, kind=BoardKind(board.kind), time_zone=board.time_zone,
        seats=[seat_out(seat) for seat in page.seats], former=[seat_out(seat) for seat in page.former],
        away=[
            StandsInOut(
                person=person_out(one.giver), deputy=person_out(one.deputy), since=one.since, until=one.until
            )
            for one in page.away
        ],
        policy=page.policy.version if page.policy else None, in_words=[*page.sentences, *page.gates],
        versions=[PolicyLineOut(**_version(policy)) for policy in page.versions],
        why_not_manage=str(page.why_not_manage) if page.why_not_manage else None,
        address=page_address("reviews:board", board.slug),
    )  # fmt: skip


def _line(board: Board) -> BoardLineOut:
    return BoardLineOut(
        board=board.slug, name=board.name, kind=BoardKind(board.kind), seats=len(board.seats.all()),
        open_reviews=board.open_reviews,  # type: ignore[attr-defined]  # annotated
        closed_at=board.closed_at, address=page_address("reviews:board", board.slug),
    )  # fmt: skip


def managed(request: HttpRequest, slug: str) -> tuple[User, Board, datetime]:
    """Return who looks after the board, the board and the moment; raises Http404 or PermissionDenied."""
    user, now = who(request)
    board = board_by_slug(user, slug, now)
    require(why_not_manage_boards(user))
    return user, board, now


@room.get("/boards", PageOut[BoardLineOut], Scope.REQUESTS_READ)
def list_boards(request: HttpRequest, asked: Query[PageQuery]) -> dict[str, Any]:
    """List the standing boards whose pages the person may open, by name."""
    user, now = who(request)
    return list_page(request, boards_for(user, now), asked, _line, by="name_en")


@room.get("/boards/{board}", BoardOut, Scope.REQUESTS_READ)
def read_board(request: HttpRequest, board: BoardName) -> BoardOut:
    """Read who sits on a board, and by which policy it decides."""
    user, now = who(request)
    return _board(user, board, now)


@room.post("/boards", BoardOut, Scope.BOARDS_WRITE, status=201)
def make_board(request: HttpRequest, given: BoardIn) -> BoardOut:
    """Make a board with the first version of its policy; administrators do."""
    user, now = who(request)
    require(why_not_manage_boards(user))
    made = services.make_board(
        actor=user, slug=given.board, name_en=given.name_en, name_zh=given.name_zh, kind=given.kind,
        time_zone=_zone(given.time_zone), policy=given.policy, now=now,
    )  # fmt: skip
    tell(request, "Location", f"/api/v1/boards/{made.slug}")
    return _board(user, made.slug, now)


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        sentence = _("There is no such time zone.")
        raise Problem(
            Code.INVALID, sentence, errors=[{"pointer": pointer("time_zone"), "detail": sentence}]
        ) from None


@room.post("/boards/{board}/seats", BoardOut, Scope.BOARDS_WRITE, status=201)
def give_seat(request: HttpRequest, board: BoardName, given: SeatIn) -> BoardOut:
    """Give a person a seat; administrators do."""
    user, found, now = managed(request, board)
    services.seat_person(
        actor=user, board_id=found.pk, person_id=given.person, role=given.role,
        attributes=list(dict.fromkeys(given.attributes)), now=now,
    )  # fmt: skip
    return _board(user, board, now)


@room.post("/boards/{board}/seats/{seat_id}/ending", BoardOut, Scope.BOARDS_WRITE)
def end_seat(request: HttpRequest, board: BoardName, seat_id: Id, given: SeatEndIn) -> BoardOut:
    """End a seat; ballots that are open keep their roster."""
    user, found, now = managed(request, board)
    seat = get_object_or_404(Seat, pk=seat_id, board=found)
    services.end_seat(actor=user, seat_id=seat.pk, reason=given.reason, now=now)
    return _board(user, board, now)


@room.put("/boards/{board}/seats/{seat_id}/alternate", BoardOut, Scope.BOARDS_WRITE)
def set_alternate(request: HttpRequest, board: BoardName, seat_id: Id, given: AlternateIn) -> BoardOut:
    """Name the alternate who sits first when the holder of a seat is absent or recused."""
    user, found, now = managed(request, board)
    seat = get_object_or_404(Seat, pk=seat_id, board=found)
    name_alternate(actor=user, seat_id=seat.pk, person_id=given.person, now=now)
    return _board(user, board, now)


@room.get("/boards/{board}/policies/{number}", PolicyOut, Scope.REQUESTS_READ)
def read_policy(request: HttpRequest, board: BoardName, number: Id) -> PolicyOut:
    """Read a version of the policy with all that it says."""
    user, now = who(request)
    return _policy(board_by_slug(user, board, now), number)


def _policy(board: Board, version: int) -> PolicyOut:
    policy = Policy.objects.filter(board=board, version=version).select_related("made_by").first()
    if policy is None:
        raise Http404
    return PolicyOut(**_version(policy), content=policy.content)


@room.post("/boards/{board}/policies", PolicyOut, Scope.BOARDS_WRITE, status=201)
def change_policy(request: HttpRequest, board: BoardName, given: PolicyIn) -> PolicyOut:
    """Write a new version of the policy; open ballots keep theirs. Administrators do."""
    user, found, now = managed(request, board)
    written = services.set_policy(
        actor=user, board_id=found.pk, content=given.content, reason=given.reason, now=now
    )
    tell(request, "Location", f"/api/v1/boards/{board}/policies/{written.version}")
    return _policy(found, written.version)
