"""Standing in: who acts for a person while they are away, named by themself and ended by themself."""

from datetime import date, datetime, time
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field
from pydantic import StringConstraints

from accounts.api.faults import pointer
from accounts.api.fields import DayIn, Id, IdIn, In, Out, PersonOut, person_out
from accounts.api.problems import Code, Problem
from accounts.api.rooms import Room
from accounts.api.visit import who
from accounts.models import User
from accounts.rules.scopes import Scope
from audit.refusal import Refused
from reviews.api.boards import BoardName
from reviews.forms.days import FIRST, LAST
from reviews.models import Board, Delegation
from reviews.permissions.delegating import FAULTS, delegable_seats
from reviews.rules.delegation import DelegationFault
from reviews.selectors.away_page import LEGAL, away_page
from reviews.services.delegating import delegate
from reviews.services.delegating import end_delegation as end_it

room = Room("Standing in")
ShortReason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class OfferOut(Out):
    """Something that the person may hand over while they are away, and to whom."""

    board: str | None = Field(description="Null: signing as legal staff.", examples=["ethics"])
    label: str = Field(examples=["Seat on Ethics board"])
    people: list[PersonOut]


class DelegationOut(Out):
    """Who stands in for whom, for what, and until when."""

    id: int = Field(examples=[5])
    board: str | None = Field(description="Null: signing as legal staff.", examples=["ethics"])
    giver: PersonOut
    deputy: PersonOut
    since: datetime
    until: datetime
    reason: str = Field(examples=["On leave."])
    ended_at: datetime | None = Field(description="Before its time.")


class AwayOut(Out):
    """Who stands in for this person, and for whom they do."""

    offers: list[OfferOut]
    why_not: str = Field(description="Why there is nobody to hand over to; empty: there is.", examples=[""])
    given: list[DelegationOut] = Field(description="By this person; they count now or later.")
    received: list[DelegationOut] = Field(description="To this person; they count now or later.")
    past: list[DelegationOut]


class AwayIn(In):
    """Who stands in, for which seat, from which day to which in the person's own time zone, and why."""

    board: BoardName | None = Field(
        None, description="Left out: signing as legal staff.", examples=["ethics"]
    )
    deputy: IdIn = Field(description="Number of one of the people who are offered.", examples=[9])
    first_day: DayIn
    last_day: DayIn
    reason: ShortReason = Field(description="It is kept with both names.", examples=["On leave."])


def _delegation(row: Delegation) -> DelegationOut:
    return DelegationOut(
        id=row.pk, board=row.board.slug if row.board else None, giver=person_out(row.giver),
        deputy=person_out(row.deputy), since=row.since, until=row.until, reason=row.reason, ended_at=row.ended_at,
    )  # fmt: skip


def _away(request: HttpRequest) -> AwayOut:
    user, now = who(request)
    page = away_page(user, now)
    boards = Board.objects.in_bulk([int(offer.key) for offer in page.offers if offer.key != LEGAL])
    return AwayOut(
        offers=[
            OfferOut(
                board=None if offer.key == LEGAL else boards[int(offer.key)].slug, label=offer.label,
                people=[person_out(person) for person in offer.people],
            )
            for offer in page.offers
        ],
        why_not=page.why_not,
        given=[_delegation(row) for row in page.given],
        received=[_delegation(row) for row in page.received],
        past=[_delegation(row) for row in page.past],
    )  # fmt: skip


@room.get("/away", AwayOut, Scope.REQUESTS_READ)
def read_away(request: HttpRequest) -> AwayOut:
    """Read who stands in for oneself, for whom one does, and what could be handed over."""
    return _away(request)


@room.post("/away", AwayOut, Scope.BOARDS_WRITE, status=201)
def go_away(request: HttpRequest, given: AwayIn) -> AwayOut:
    """Name who stands in while one is away: an alternate for a seat, or legal staff for signing."""
    user, now = who(request)
    for name, day in (("first_day", given.first_day), ("last_day", given.last_day)):
        _check(name, day)
    delegate(
        actor=user, board_id=_board(user, given.board), deputy_id=given.deputy, reason=given.reason, now=now,
        since=timezone.make_aware(datetime.combine(given.first_day, time.min)),
        until=timezone.make_aware(datetime.combine(given.last_day, time(23, 59, 59))),
    )  # fmt: skip
    return _away(request)


def _board(user: User, slug: str | None) -> int | None:
    """Return the id of the board whose seat is handed over, None for signing as legal staff."""
    if slug is None:
        return None
    boards = {seat.board.slug: seat.board_id for seat in delegable_seats(user)}
    if slug not in boards:
        raise Refused(str(FAULTS[DelegationFault.NO_SEAT]))
    return boards[slug]


def _check(name: str, day: date) -> None:
    """Raise Problem for a day beyond those that can be counted in every time zone."""
    if not FIRST <= day.year <= LAST:
        sentence = _("This day must lie between {first} and {last}.").format(first=FIRST, last=LAST)
        raise Problem(Code.INVALID, sentence, errors=[{"pointer": pointer(name), "detail": sentence}])


@room.post("/away/{delegation_id}/ending", AwayOut, Scope.BOARDS_WRITE, takes=None)
def end_delegation(request: HttpRequest, delegation_id: Id) -> AwayOut:
    """End a delegation of one's own before its time: from then on one acts oneself again."""
    user, now = who(request)
    end_it(actor=user, delegation_id=delegation_id, now=now)
    return _away(request)
