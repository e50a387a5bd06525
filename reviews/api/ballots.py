"""Ballots of boards by program: opened on a motion, read, voted in, by proxy too, and closed; who comes and goes."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field
from pydantic import StringConstraints

from accounts.api.fields import Flag, Id, IdIn, In, Out, PersonOut, Sha256, Words, WordsOrNone
from accounts.api.rooms import Room
from accounts.models import User
from accounts.rules.scopes import Scope
from reviews.api.boards import PositionName, moved
from reviews.api.requests import Reference, found_request
from reviews.models import Ballot, BallotSeat, ReviewRequest
from reviews.permissions.balloting import why_not_mark_attendance
from reviews.permissions.reasons import require
from reviews.permissions.sight import why_not_see_deliberation
from reviews.rules.ballot import Position
from reviews.rules.roster import SeatRole
from reviews.selectors.ballot_page import BallotPage, ShownVote, ballot_page
from reviews.services import attendance, closing, opening, voting

room = Room("Boards")


class SittingIn(In):
    """An alternate, and the member whom they replace."""

    alternate: IdIn = Field(description="Number of the person.", examples=[21])
    member: IdIn = Field(description="Number of the person.", examples=[12])


class OpeningIn(In):
    """Who isn't there; everybody else of the roster is."""

    absent: list[IdIn] = Field([], max_length=100, examples=[[]])
    sitting: list[SittingIn] | None = Field(
        None, max_length=100, description="Which alternates sit for whom; null: as the rules of the board propose.",
        examples=[None],
    )  # fmt: skip


class BallotAttendanceIn(In):
    """Who arrived or left while the ballot is open."""

    person: IdIn = Field(description="Number of somebody of its roster.", examples=[12])
    present: Flag = Field(description="True: arrived; false: left.")
    sits_for: IdIn | None = Field(
        None, description="Number of the member whom an alternate replaces.", examples=[None]
    )
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = Field(
        "", examples=["Joined by telephone."]
    )


class EnteredVoteIn(In):
    """A vote that a member gave in another way."""

    person: IdIn = Field(description="Number of the member.", examples=[12])
    position: PositionName
    reason: Words = Field(description="In the member's words.", examples=["The risks are named and small."])


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
    entered_by: str = Field(
        description="Who entered it for them; empty: they voted themselves.", examples=[""]
    )


class BallotSeatOut(Out):
    """A seat of the roster, as it was copied into the ballot and changed since."""

    person: PersonOut
    role: SeatRole
    present: bool
    recused: bool
    sits_for: int | None = Field(
        description="Number of the member whom an alternate replaces.", examples=[None]
    )
    may_vote: bool


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
    seats: list[BallotSeatOut]
    votes: list[VoteOut]
    why_not_vote: str | None = Field(description="Null: this person may vote now.", examples=[None])
    acts: list[str] = Field(
        description="What this person may do besides voting: attend, enter, close.",
        examples=[["attend", "enter"]],
    )
    why_not_close: str | None = Field(examples=["The deadline isn't over."])


@room.post("/requests/{reference}/motions/{motion_id}/ballot", BallotOut, Scope.BOARDS_WRITE, status=201)
def open_ballot(request: HttpRequest, reference: Reference, motion_id: Id, given: OpeningIn) -> BallotOut:
    """Open the ballot on a motion by circulation; motion, roster and rules are copied into it."""
    user, found, motion, now = moved(request, reference, motion_id)
    chosen = given.sitting
    sitting = {one.alternate: one.member for one in chosen} if chosen is not None else None
    ballot = opening.open_ballot(
        actor=user, motion_id=motion.pk, absent=given.absent, sitting=sitting, now=now
    )
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


@room.post("/requests/{reference}/ballots/{number}/attendance", BallotOut, Scope.BOARDS_WRITE)
def note_attendance_at_ballot(
    request: HttpRequest, reference: Reference, number: Id, given: BallotAttendanceIn
) -> BallotOut:
    """Write down that somebody of the roster arrived or left, at a ballot by circulation.

    At a ballot in a meeting, quorum follows who comes and goes there.
    """
    user, found, ballot, now = _led(request, reference, number)
    attendance.mark_attendance(
        actor=user, ballot_id=ballot.pk, person_id=given.person, present=given.present, note=given.note,
        sits_for=given.sits_for, now=now,
    )  # fmt: skip
    return _ballot(user, found, number, now)


@room.post("/requests/{reference}/ballots/{number}/entry", BallotOut, Scope.BOARDS_WRITE)
def enter_vote(request: HttpRequest, reference: Reference, number: Id, given: EnteredVoteIn) -> BallotOut:
    """Enter the vote that a member gave in another way; both names are kept, and nobody's own vote is replaced."""
    user, found, ballot, now = _led(request, reference, number)
    voting.enter_vote(
        actor=user, ballot_id=ballot.pk, person_id=given.person, position=given.position, reason=given.reason,
        now=now,
    )  # fmt: skip
    return _ballot(user, found, number, now)


def _led(request: HttpRequest, reference: str, number: int) -> tuple[User, ReviewRequest, Ballot, datetime]:
    """Return who asks, the request, its ballot and the moment, for who leads the ballot."""
    user, found, now = found_request(request, reference)
    require(why_not_see_deliberation(user, found, now))
    rows = Ballot.objects.select_related("review__board", "request").prefetch_related("seats")
    ballot = get_object_or_404(rows, request=found, number=number)
    require(why_not_mark_attendance(user, ballot, now))
    return user, found, ballot, now


def _ballot(user: User, found: ReviewRequest, number: int, now: datetime) -> BallotOut:
    page: BallotPage = ballot_page(user, found, number, now)
    ballot = page.ballot
    return BallotOut(
        number=ballot.number, board=ballot.review.board.slug, kind=ballot.kind, text=ballot.text, state=ballot.state,
        result=ballot.result, revision=ballot.revision.number, revision_sha256=ballot.revision_sha256,
        opened_at=ballot.opened_at, deadline=ballot.deadline, closed_at=ballot.closed_at, arithmetic=page.arithmetic,
        voted=page.voted, outstanding=list(page.outstanding), hidden=page.hidden,
        seats=[_seat(one) for one in page.found.seats], acts=sorted(page.acts),
        votes=[_vote(one) for one in page.votes], why_not_vote=page.why_not_vote, why_not_close=page.why_not_close,
    )  # fmt: skip


def _seat(seat: BallotSeat) -> BallotSeatOut:
    return BallotSeatOut(
        person=PersonOut(id=seat.person_id, name=seat.name), role=SeatRole(seat.role), present=seat.present,
        recused=seat.recused, sits_for=seat.sits_for_id, may_vote=seat.is_eligible,
    )  # fmt: skip


def _vote(shown: ShownVote) -> VoteOut:
    return VoteOut(
        name=shown.seat.name, position=Position(shown.position), reason=shown.reason, at=shown.at,
        entered_by=shown.entered_by,
    )  # fmt: skip
