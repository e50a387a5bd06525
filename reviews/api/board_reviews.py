"""A board's review of a request as its members see it, and the suspensions of an approval."""

from datetime import datetime

from django.http import Http404, HttpRequest
from ninja import Field

from accounts.api.fields import Out
from accounts.api.rooms import Room
from accounts.rules.scopes import Scope
from reviews.api.after import approval
from reviews.api.boards import BoardName, review_of
from reviews.api.requests import Reference
from reviews.api.told import BoardReviewOut, review_out
from reviews.permissions.reasons import require
from reviews.permissions.sight import why_not_see_deliberation
from reviews.selectors.board_review_page import board_review_page
from reviews.selectors.suspension_page import SuspensionLine, suspension_page

room = Room("Boards")


class StandpointOut(Out):
    """Where a member stands, by their last position or vote."""

    person: int = Field(description="Number of the person.", examples=[9])
    name: str = Field(examples=["Noor Haddad"])
    position: str = Field(examples=["for"])
    reason: str = Field(examples=["The evaluation covers all languages."])
    at: datetime
    revision: int = Field(description="On which revision.", examples=[2])
    is_stale: bool = Field(description="It was about an older revision.")
    ballot: int | None = Field(description="Of which ballot it is the vote.", examples=[None])


class ProcedureChangeOut(Out):
    """A doubt that sent the request to a stricter procedure."""

    name: str = Field(description="Who had it.", examples=["Noor Haddad"])
    before: str = Field(examples=["expedited"])
    after: str = Field(examples=["full"])
    reason: str = Field(examples=["The texts may name patients."])
    at: datetime


class BoardReviewWholeOut(BoardReviewOut):
    """A board's review as its page shows it."""

    round: int = Field(examples=[1])
    revision: int = Field(examples=[2])
    standpoints: list[StandpointOut] = Field(
        description="While a ballot hides positions, its votes aren't there."
    )
    ballots: list[int] = Field(description="Numbers of its ballots, the last first.", examples=[[1]])
    motions: list[int] = Field(
        description="Numbers of motions on which no ballot has opened.", examples=[[5]]
    )
    changes: list[ProcedureChangeOut]
    acts: list[str] = Field(description="What this person may do now.", examples=[["move", "position"]])
    is_stale: bool = Field(description="One's own position is about an older revision.")


class SuspensionLineOut(Out):
    """A suspension of the approval, with what became of it."""

    reason: str = Field(examples=["Wrong dosages in Thai."])
    by: str = Field(examples=["Sid Safety"])
    suspended_at: datetime
    ratify_by: datetime
    ratified_at: datetime | None
    ended_at: datetime | None
    ending_reason: str = Field(examples=[""])
    ballots: list[int] = Field(description="Numbers of the ballots about it.", examples=[[2]])


class SuspensionsOut(Out):
    """The suspensions of the approval, the last one first; null reasons: this person may do it."""

    items: list[SuspensionLineOut]
    is_taken_up: bool = Field(description="The leading board is at it.")
    why_not_take_up: str | None = Field(examples=["The board is at it already."])
    why_not_lay_aside: str | None = Field(examples=[None])
    why_not_withdraw: str | None = Field(examples=[None])


@room.get("/requests/{reference}/boards/{board}", BoardReviewWholeOut, Scope.REQUESTS_READ)
def read_board_review(request: HttpRequest, reference: Reference, board: BoardName) -> BoardReviewWholeOut:
    """Read where the members of a board stand; it is for those who see the deliberation."""
    user, found, review, now = review_of(request, reference, board)
    require(why_not_see_deliberation(user, found, now))
    page = board_review_page(user, review, now)
    return BoardReviewWholeOut(
        **review_out(review).model_dump(), round=review.round, revision=review.revision.number,
        standpoints=[
            StandpointOut(
                person=one.person_id, name=one.name, position=one.position, reason=one.reason, at=one.at,
                revision=one.revision, is_stale=one.is_stale, ballot=one.from_ballot,
            )
            for one in page.standpoints
        ],
        ballots=[one.number for one in page.ballots], motions=[one.pk for one in page.motions],
        changes=[
            ProcedureChangeOut(name=one.name, before=one.before, after=one.after, reason=one.reason, at=one.made_at)
            for one in page.changes
        ],
        acts=sorted(page.acts), is_stale=page.is_stale,
    )  # fmt: skip


@room.get("/requests/{reference}/suspensions", SuspensionsOut, Scope.REQUESTS_READ)
def list_suspensions(request: HttpRequest, reference: Reference) -> SuspensionsOut:
    """List the suspensions of the approval, and what the leading board does about the one that stands."""
    user, found, decision, now = approval(request, reference)
    page = suspension_page(user, found, decision, now)
    if page is None:
        raise Http404
    return SuspensionsOut(
        items=[_line(line) for line in page.lines],
        is_taken_up=page.is_taken_up,
        why_not_take_up=page.why_not_take_up,
        why_not_lay_aside=page.why_not_lay_aside,
        why_not_withdraw=page.why_not_withdraw,
    )


def _line(line: SuspensionLine) -> SuspensionLineOut:
    one = line.suspension
    return SuspensionLineOut(
        reason=one.reason, by=line.by, suspended_at=one.suspended_at, ratify_by=one.ratify_by,
        ratified_at=one.ratified_at, ended_at=one.ended_at, ending_reason=line.ending_reason,
        ballots=[ballot.number for ballot in line.ballots],
    )  # fmt: skip
