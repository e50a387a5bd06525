"""Readers of a board's review: whom the rules propose and why, who was chosen, and a reading given back."""

from datetime import datetime

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field

from accounts.api.fields import IdIn, In, Out, PersonOut, Words, WordsOrNone, person_out
from accounts.api.rooms import Room
from accounts.models import User
from accounts.rules.scopes import Scope
from reviews.api.boards import BoardName, review_of
from reviews.api.requests import Reference
from reviews.models import Assignment, BoardReview
from reviews.permissions.assigning import why_not_assign, why_not_decline
from reviews.permissions.reasons import require
from reviews.permissions.sight import why_not_see_deliberation
from reviews.rules.assigning import ReaderRole
from reviews.selectors.reader_words import left_out_lines, ranked_lines, reader_lines
from reviews.selectors.readers_proposal import proposal_for
from reviews.services import assigning as services

room = Room("Boards")


class ReaderOut(Out):
    """Who reads the request first for the board, or as the second; null: nobody."""

    role: ReaderRole
    person: PersonOut | None
    assigned_at: datetime | None
    reasons: list[str] = Field(examples=[["Sits as an expert. (+4)"]])


class ReadersOut(Out):
    """The readers of the board's review."""

    items: list[ReaderOut]


class RankedOut(Out):
    """A member who may read, with what speaks for and against them."""

    person: PersonOut
    place: int = Field(description="Another than the first is chosen with a reason.", examples=[1])
    points: int = Field(examples=[6])
    reasons: list[str] = Field(examples=[["Sits as an expert. (+4)"]])


class LeftOutOut(Out):
    """A member who can't read it now."""

    name: str = Field(examples=["Rex Recused"])
    reasons: list[str] = Field(examples=[["Has a part in the request, or a tie to it."]])


class ReaderProposalOut(Out):
    """Whom the rules propose, the first one first; they bind nobody."""

    ranked: list[RankedOut]
    left_out: list[LeftOutOut]
    why_not_assign: str | None = Field(description="Null: this person may choose.", examples=[None])


class ReaderIn(In):
    """Who reads; for another than the first of the proposal with a reason, which is kept."""

    person: IdIn = Field(description="Number of a member of the board.", examples=[9])
    reason: WordsOrNone = Field("", examples=["Knows the earlier version best."])


class ReadingReturnIn(In):
    """Why the reading is given back; chair and secretary read it."""

    reason: Words = Field(examples=["I am travelling until the end of the month."])


def _seen(request: HttpRequest, reference: str, board: str) -> tuple[User, BoardReview, datetime]:
    """Return who asks, the review and the moment; refuses who doesn't see what boards say."""
    user, found, review, now = review_of(request, reference, board)
    require(why_not_see_deliberation(user, found, now))
    return user, review, now


def _readers(user: User, review: BoardReview) -> ReadersOut:
    rows = Assignment.objects.filter(review=review).select_related("person", "assigned_by")
    return ReadersOut(
        items=[
            ReaderOut(
                role=ReaderRole(line.role), person=person_out(line.assignment.person) if line.assignment else None,
                assigned_at=line.assignment.assigned_at if line.assignment else None, reasons=list(line.reasons),
            )
            for line in reader_lines(rows, user)
        ]
    )  # fmt: skip


@room.get("/requests/{reference}/boards/{board}/readers", ReadersOut, Scope.REQUESTS_READ)
def list_readers(request: HttpRequest, reference: Reference, board: BoardName) -> ReadersOut:
    """List who reads the request first for the board; it is for those who see the deliberation."""
    user, review, _now = _seen(request, reference, board)
    return _readers(user, review)


@room.get(
    "/requests/{reference}/boards/{board}/readers/{reader}/proposal", ReaderProposalOut, Scope.REQUESTS_READ
)
def propose_reader(
    request: HttpRequest, reference: Reference, board: BoardName, reader: ReaderRole
) -> ReaderProposalOut:
    """Read whom the rules propose as a reader, with every reason."""
    user, review, now = _seen(request, reference, board)
    found = proposal_for(review, reader, now)
    why_not = why_not_assign(user, review, now)
    return ReaderProposalOut(
        ranked=[
            RankedOut(
                person=person_out(found.seats[line.ranked.person].person), place=line.ranked.place,
                points=line.ranked.points, reasons=list(line.reasons),
            )
            for line in ranked_lines(found)
        ],
        left_out=[LeftOutOut(name=line.name, reasons=list(line.reasons)) for line in left_out_lines(found)],
        why_not_assign=str(why_not) if why_not else None,
    )  # fmt: skip


@room.post(
    "/requests/{reference}/boards/{board}/readers/{reader}", ReadersOut, Scope.BOARDS_WRITE, status=201
)
def assign_reader(
    request: HttpRequest, reference: Reference, board: BoardName, reader: ReaderRole, given: ReaderIn
) -> ReadersOut:
    """Choose who reads the request first for the board, or as the second; who did so before is told by it."""
    user, review, now = _seen(request, reference, board)
    require(why_not_assign(user, review, now))
    services.assign_reader(
        actor=user, review_id=review.pk, person_id=given.person, role=reader, reason=given.reason, now=now
    )
    return _readers(user, review)


@room.post("/requests/{reference}/boards/{board}/reading/return", ReadersOut, Scope.BOARDS_WRITE)
def decline_reading(
    request: HttpRequest, reference: Reference, board: BoardName, given: ReadingReturnIn
) -> ReadersOut:
    """Give one's own reading back; somebody else will be asked."""
    user, review, now = _seen(request, reference, board)
    assignment = get_object_or_404(Assignment, review=review, person=user, ended_at__isnull=True)
    assignment.review = review
    require(why_not_decline(user, assignment))
    services.decline_reading(actor=user, assignment_id=assignment.pk, reason=given.reason, now=now)
    return _readers(user, review)
