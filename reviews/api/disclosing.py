"""Interests: disclosed by who judges, read by who leads their boards, and judged where they seem to meet a request."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Field
from pydantic import StringConstraints

from accounts.api.fields import Flag, Id, In, Out, PersonOut, person_out
from accounts.api.rooms import Room
from accounts.api.visit import who
from accounts.models import User
from accounts.rules.scopes import Scope
from reviews.api.boards import BoardName
from reviews.api.requests import Reference, found_request
from reviews.api.steering import JudgementIn
from reviews.api.steering import room as declaring
from reviews.models import Disclosure, ReviewRequest
from reviews.permissions.boards import board_by_slug
from reviews.permissions.disclosing import why_not_disclose, why_not_see_disclosures
from reviews.permissions.reasons import require
from reviews.rules.disclosure import DisclosureState
from reviews.rules.interest_match import InterestKind
from reviews.rules.roster import SeatRole
from reviews.selectors.disclosures import SeatCheck, checks_on, last_disclosures, own_checks
from reviews.selectors.interest_hints import Hint
from reviews.selectors.interests import ShownDeclaration, interests_page
from reviews.services import disclosing as services

room = Room("Triage and interests")
NOTE = 2000


class DisclosedOut(Out):
    """One line of a disclosure."""

    id: int = Field(examples=[14])
    kind: InterestKind
    name: str = Field(examples=["Delta Data"])
    tie: str = Field(description="What ties the person to it.", examples=["Shares since 2024"])


class DisclosureOut(Out):
    """A disclosure: all interests of a person, or that there are none."""

    none: bool = Field(description="There is nothing to disclose.", examples=[False])
    interests: list[DisclosedOut]
    note: str = Field(examples=[""])
    made_at: datetime


class DisclosureCheckOut(Out):
    """Where somebody stands on a board with what its policy asks."""

    board: str = Field(examples=["ethics"])
    state: DisclosureState
    due: datetime | None = Field(description="Of the next disclosure; null: none is asked.")


class OwnInterestsOut(Out):
    """The person's last disclosure, and what their boards ask."""

    last: DisclosureOut | None
    asked: list[DisclosureCheckOut]


class DisclosedIn(In):
    """One interest, in full."""

    kind: InterestKind
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)] = Field(
        description="As it would stand in a dossier.", examples=["Delta Data"]
    )
    tie: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)] = Field(
        examples=["Shares since 2024"]
    )


class DisclosureIn(In):
    """All interests at once, or that there are none."""

    interests: list[DisclosedIn] = Field([], max_length=services.MOST)
    none: Flag = Field(False, description="True: there are none.")
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=NOTE)] = Field("", examples=[""])


class MemberDisclosureOut(DisclosureCheckOut):
    """Where a member of the board stands, and what they disclosed last."""

    person: PersonOut
    role: SeatRole
    last: DisclosureOut | None


class BoardDisclosuresOut(Out):
    """Where the members and alternates of a board stand."""

    items: list[MemberDisclosureOut]


class DeclarationOut(Out):
    """An interest that was declared for the request, and what was found."""

    id: int = Field(examples=[5])
    person: PersonOut
    kind: str = Field(examples=["professional"])
    text: str = Field(examples=["I advised the team last year."])
    declared_at: datetime
    is_conflict: bool | None = Field(description="Null: nobody has judged it yet.", examples=[None])
    finding: str = Field(examples=[""])
    judges: bool = Field(description="This person may judge it.")


class RecusedOut(Out):
    """Somebody who keeps out of the request."""

    person: PersonOut
    kind: str = Field(description="Of the reason.", examples=["line_manager"])
    why: str = Field(description="For the person themself, and for who leads their board.", examples=[""])
    since: datetime


class HintOut(Out):
    """A disclosed interest that seems to meet the request; chair or secretary judge."""

    person: PersonOut
    interest: DisclosedOut
    met: list[str] = Field(examples=[["a data set: Delta Data"]])
    disclosed_at: datetime


class RequestInterestsOut(Out):
    """Interests and recusals of a request, as this person may see them."""

    recused: list[RecusedOut]
    declared: list[DeclarationOut]
    nothing: list[PersonOut] = Field(description="Who declared that nothing ties them to it.")
    hints: list[HintOut]
    why_not_declare: str | None = Field(description="Null: this person may declare.", examples=[None])


def _disclosure(row: Disclosure) -> DisclosureOut:
    return DisclosureOut(
        none=row.none, note=row.note, made_at=row.made_at,
        interests=[
            DisclosedOut(id=one.pk, kind=InterestKind(one.kind), name=one.name, tie=one.tie)
            for one in row.interests.all()
        ],
    )  # fmt: skip


def _own(user: User, now: datetime) -> OwnInterestsOut:
    require(why_not_disclose(user))
    last = last_disclosures([user.pk]).get(user.pk)
    return OwnInterestsOut(
        last=_disclosure(last) if last else None,
        asked=[
            DisclosureCheckOut(board=one.seat.board.slug, state=one.check.state, due=one.check.due)
            for one in own_checks(user, now)
        ],
    )


@room.get("/me/interests", OwnInterestsOut, Scope.REQUESTS_READ)
def read_own_interests(request: HttpRequest) -> OwnInterestsOut:
    """Read what one disclosed last, and what one's boards ask; it is for who judges, or looks after who judges."""
    return _own(*who(request))


@room.post("/me/interests", OwnInterestsOut, Scope.BOARDS_WRITE, status=201)
def disclose_interests(request: HttpRequest, given: DisclosureIn) -> OwnInterestsOut:
    """Disclose all one's interests, or that there are none; it takes the place of the disclosure before."""
    user, now = who(request)
    drafts = [services.InterestDraft(one.kind, one.name, one.tie) for one in given.interests]
    services.disclose(actor=user, interests=drafts, none=given.none, note=given.note, now=now)
    return _own(user, now)


@room.get("/boards/{board}/interests", BoardDisclosuresOut, Scope.REQUESTS_READ)
def list_board_disclosures(request: HttpRequest, board: BoardName) -> BoardDisclosuresOut:
    """List what the members of a board disclosed, for its chair and its secretaries."""
    user, now = who(request)
    found = board_by_slug(user, board, now)
    require(why_not_see_disclosures(user, found, now))
    return BoardDisclosuresOut(items=[_member(board, one) for one in checks_on(found, now)])


def _member(board: str, one: SeatCheck) -> MemberDisclosureOut:
    return MemberDisclosureOut(
        board=board, state=one.check.state, due=one.check.due, person=person_out(one.seat.person),
        role=SeatRole(one.seat.role), last=_disclosure(one.last) if one.last else None,
    )  # fmt: skip


@declaring.get("/requests/{reference}/interests", RequestInterestsOut, Scope.REQUESTS_READ)
def read_request_interests(request: HttpRequest, reference: Reference) -> RequestInterestsOut:
    """Read who keeps out of the request, and what was declared for it, as far as this person may."""
    return _interests(*found_request(request, reference))


@room.post(
    "/requests/{reference}/interests/nothing", RequestInterestsOut, Scope.BOARDS_WRITE, status=201, takes=None
)
def declare_nothing(request: HttpRequest, reference: Reference) -> RequestInterestsOut:
    """Declare that nothing ties one to the request; an interest may still be declared later."""
    user, found, now = found_request(request, reference)
    services.declare_nothing(actor=user, request_id=found.pk, now=now)
    return _interests(user, found, now)


@room.post(
    "/requests/{reference}/interests/disclosed/{interest_id}/judgement",
    RequestInterestsOut,
    Scope.BOARDS_WRITE,
)
def judge_disclosed_interest(
    request: HttpRequest, reference: Reference, interest_id: Id, given: JudgementIn
) -> RequestInterestsOut:
    """Judge for the request what a member disclosed at another time; if it is a conflict, they keep out."""
    user, found, now = found_request(request, reference)
    services.judge_disclosed(
        actor=user, request_id=found.pk, interest_id=interest_id, is_conflict=given.is_conflict,
        finding=given.finding, now=now,
    )  # fmt: skip
    return _interests(user, found, now)


def _interests(user: User, found: ReviewRequest, now: datetime) -> RequestInterestsOut:
    page = interests_page(user, found, now)
    return RequestInterestsOut(
        recused=[
            RecusedOut(
                person=person_out(one.recusal.person), kind=one.recusal.kind, why=one.why, since=one.recusal.made_at
            )
            for one in page.recusals
        ],
        declared=[_declaration(one) for one in page.declarations],
        nothing=[person_out(one.person) for one in page.nothing], hints=[_hint(one) for one in page.hints],
        why_not_declare=str(page.why_not_declare) if page.why_not_declare else None,
    )  # fmt: skip


def _declaration(one: ShownDeclaration) -> DeclarationOut:
    row = one.declaration
    return DeclarationOut(
        id=row.pk, person=person_out(row.person), kind=row.kind, text=one.text, declared_at=row.declared_at,
        is_conflict=row.is_conflict, finding=row.finding, judges=one.judges,
    )  # fmt: skip


def _hint(hint: Hint) -> HintOut:
    one = hint.interest
    return HintOut(
        person=person_out(hint.person), met=list(hint.met), disclosed_at=hint.disclosed_at,
        interest=DisclosedOut(id=one.pk, kind=InterestKind(one.kind), name=one.name, tie=one.tie),
    )  # fmt: skip
