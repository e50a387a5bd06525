"""Ballots of boards by program: opened on a motion, read, voted in, closed."""

from datetime import datetime

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field

from accounts.api.fields import Id, IdIn, In, Out, Sha256, WordsOrNone
from accounts.api.rooms import Room
from accounts.models import User
from accounts.rules.scopes import Scope
from reviews.api.boards import PositionName, moved
from reviews.api.requests import Reference, found_request
from reviews.models import Ballot, ReviewRequest
from reviews.permissions.reasons import require
from reviews.permissions.sight import why_not_see_deliberation
from reviews.rules.ballot import Position
from reviews.selectors.ballot_page import BallotPage, ShownVote, ballot_page
from reviews.services import closing, opening, voting

room = Room("Boards")


class OpeningIn(In):
    """Who isn't there; everybody else of the roster is."""

    absent: list[IdIn] = Field([], max_length=100, examples=[[]])


class VoteIn(In):
    """A vote on the revision that the ballot is about; with `block` it is a blocking position, too."""

    position: PositionName
    reason: WordsOrNone = Field("", examples=["The risks are named and small."])
    revision_sha256: Sha256 = Field(description="Of the revision that was read.")
    block: WordsOrNone = Field("", examples=[""])


class VoteOut(Out):
    """The last vote of a seat."""

    name: str = Field(examples=["Noor Haddad"])
    position: Position
    reason: str = Field(examples=["The risks are named and small."])
    at: datetime


class BallotOut(Out):
    """A ballot as this person may see it; while positions are hidden, only one's own vote is there."""

    number: int = Field(examples=[1])
    board: str = Field(examples=["ethics"])
    kind: str = Field(examples=["approve"])
    text: str = Field(examples=["The board should approve it."])
    state: str = Field(examples=["open"])
    result: str = Field(description="Empty while it is open.", examples=[""])
    revision: int = Field(examples=[2])
    revision_sha256: Sha256
    opened_at: datetime
    deadline: datetime
    closed_at: datetime | None
    arithmetic: str = Field(
        description="Quorum, threshold and count in words.", examples=["3 of 5 seats are present."]
    )
    voted: int = Field(examples=[3])
    outstanding: list[str] = Field(description="Who may vote and hasn't.", examples=[["Mara Member"]])
    hidden: bool = Field(description="Positions of others are hidden until it closes.")
    votes: list[VoteOut]
    why_not_vote: str | None = Field(description="Null: this person may vote now.", examples=[None])
    why_not_close: str | None = Field(examples=["The deadline isn't over."])


@room.post("/requests/{reference}/motions/{motion_id}/ballot", BallotOut, Scope.BOARDS_WRITE, status=201)
def open_ballot(request: HttpRequest, reference: Reference, motion_id: Id, given: OpeningIn) -> BallotOut:
    """Open the ballot on a motion by circulation; motion, roster and rules are copied into it."""
    user, found, motion, now = moved(request, reference, motion_id)
    ballot = opening.open_ballot(actor=user, motion_id=motion.pk, absent=given.absent, now=now)
    return _ballot(user, found, ballot.number, now)


@room.get("/requests/{reference}/ballots/{number}", BallotOut, Scope.REQUESTS_READ)
def read_ballot(request: HttpRequest, reference: Reference, number: Id) -> BallotOut:
    """Read a ballot; it is for those who see the deliberation."""
    user, found, now = found_request(request, reference)
    require(why_not_see_deliberation(user, found, now))
    return _ballot(user, found, number, now)


@room.post("/requests/{reference}/ballots/{number}/vote", BallotOut, Scope.BOARDS_WRITE)
def cast_vote(request: HttpRequest, reference: Reference, number: Id, given: VoteIn) -> BallotOut:
    """Vote; a later vote of the same seat takes the place of the earlier one."""
    user, found, now = found_request(request, reference)
    require(why_not_see_deliberation(user, found, now))
    ballot = get_object_or_404(Ballot, request=found, number=number)
    voting.cast_vote(
        actor=user, ballot_id=ballot.pk, position=given.position, reason=given.reason,
        revision_sha256=given.revision_sha256, block_text=given.block, now=now,
    )  # fmt: skip
    return _ballot(user, found, number, now)


@room.post("/requests/{reference}/ballots/{number}/closing", BallotOut, Scope.BOARDS_WRITE, takes=None)
def close_ballot(request: HttpRequest, reference: Reference, number: Id) -> BallotOut:
    """Close a ballot and count it, where the rules allow it before its deadline."""
    user, found, now = found_request(request, reference)
    require(why_not_see_deliberation(user, found, now))
    ballot = get_object_or_404(Ballot, request=found, number=number)
    closing.close_ballot(actor=user, ballot_id=ballot.pk, now=now)
    return _ballot(user, found, number, now)


def _ballot(user: User, found: ReviewRequest, number: int, now: datetime) -> BallotOut:
    page: BallotPage = ballot_page(user, found, number, now)
    ballot = page.ballot
    return BallotOut(
        number=ballot.number, board=ballot.review.board.slug, kind=ballot.kind, text=ballot.text, state=ballot.state,
        result=ballot.result, revision=ballot.revision.number, revision_sha256=ballot.revision_sha256,
        opened_at=ballot.opened_at, deadline=ballot.deadline, closed_at=ballot.closed_at, arithmetic=page.arithmetic,
        voted=page.voted, outstanding=list(page.outstanding), hidden=page.hidden,
        votes=[_vote(one) for one in page.votes], why_not_vote=page.why_not_vote, why_not_close=page.why_not_close,
    )  # fmt: skip


def _vote(shown: ShownVote) -> VoteOut:
    return VoteOut(name=shown.seat.name, position=Position(shown.position), reason=shown.reason, at=shown.at)
