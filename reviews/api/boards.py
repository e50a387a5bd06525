"""What boards do with a request: positions, blocking positions, motions, ballots and votes."""

from datetime import datetime
from typing import Annotated, Literal

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field
from pydantic import StringConstraints

from accounts.api.fields import DayIn, Flag, Id, IdIn, In, Out, Words, WordsOrNone
from accounts.api.rooms import Room
from accounts.models import User
from accounts.rules.scopes import Scope
from reviews.api.requests import Reference, answered, found_request
from reviews.api.told import RequestOut
from reviews.models import BoardReview, Motion, ReviewRequest
from reviews.permissions import balloting
from reviews.permissions.reasons import require
from reviews.permissions.sight import why_not_see_deliberation
from reviews.rules.ballot import MotionKind
from reviews.selectors.request_page import request_page
from reviews.selectors.shown_motions import ShownMotion
from reviews.services import blocks, motions, positions, reading, staleness

room = Room("Boards")
BoardName = Annotated[str, Field(max_length=50, examples=["ethics"])]
PositionName = Literal["for", "against", "abstain"]


class PositionIn(In):
    """Where a member stands before any ballot, and why."""

    position: PositionName
    reason: WordsOrNone = Field("", examples=["The evaluation covers all languages."])


class BlockIn(In):
    """What a member blocks, and what would settle it."""

    text: Words = Field(examples=["Refusals in Turkish were never measured."])
    about: Annotated[str, StringConstraints(max_length=60)] = Field("", examples=["evaluation"])


class DeferIn(In):
    """Until when the review is put off, and why."""

    until: DayIn
    reason: Words = Field(examples=["I am travelling, and want to read the evaluation."])


class MotionConditionIn(In):
    """A condition of an approval."""

    text: Words = Field(examples=["Publish the evaluation for Cantonese."])
    owner: IdIn = Field(description="Number of the person who has to meet it.", examples=[4])
    verifier: IdIn = Field(description="Number of somebody else, who verifies it.", examples=[9])
    due: DayIn
    blocks_release: Flag = False


class MotionIn(In):
    """What the board is asked, with the reasons; `block` for an override, `condition` for a waiver."""

    kind: MotionKind
    text: Words = Field(examples=["The board should approve it."])
    conditions: list[MotionConditionIn] = Field([], max_length=50)
    block: IdIn | None = Field(None, examples=[None])
    condition: IdIn | None = Field(None, examples=[None])
    ends_older: Flag = Field(False, description="An approval ends the older approval at once.")


class MotionOut(Out):
    """A motion on which no ballot has opened."""

    id: int = Field(examples=[5])
    board: str = Field(examples=["ethics"])
    kind: str = Field(examples=["approve"])
    text: str = Field(examples=["The board should approve it."])
    moved_by: str = Field(examples=["Noor Haddad"])
    moved_at: datetime
    seconded_by: str = Field(examples=["Mara Member"])
    revision: int = Field(examples=[2])
    is_stale: bool = Field(description="It was moved on an earlier revision.")


class MotionsOut(Out):
    """The motions that wait."""

    items: list[MotionOut]


def review_of(
    request: HttpRequest, reference: str, board: str
) -> tuple[User, ReviewRequest, BoardReview, datetime]:
    """Return who asks, the request, the review of the board in it, and the moment; raises Http404."""
    user, found, now = found_request(request, reference)
    review = next((one for one in found.board_reviews.all() if one.board.slug == board), None)
    if review is None:
        raise Http404
    review.request = found
    return user, found, review, now


@room.put("/requests/{reference}/boards/{board}/position", RequestOut, Scope.BOARDS_WRITE)
def take_position(
    request: HttpRequest, reference: Reference, board: BoardName, given: PositionIn
) -> RequestOut:
    """Say where one stands on the present revision, before any ballot."""
    user, _found, review, now = review_of(request, reference, board)
    positions.take_position(
        actor=user, review_id=review.pk, position=given.position, reason=given.reason, now=now
    )
    return answered(user, reference, now)


@room.post(
    "/requests/{reference}/boards/{board}/position/affirmation", RequestOut, Scope.BOARDS_WRITE, takes=None
)
def affirm_position(request: HttpRequest, reference: Reference, board: BoardName) -> RequestOut:
    """Affirm one's last position for the present revision."""
    user, _found, review, now = review_of(request, reference, board)
    staleness.affirm_position(actor=user, review_id=review.pk, now=now)
    return answered(user, reference, now)


@room.post("/requests/{reference}/boards/{board}/blocks", RequestOut, Scope.BOARDS_WRITE, status=201)
def raise_block(request: HttpRequest, reference: Reference, board: BoardName, given: BlockIn) -> RequestOut:
    """Take a blocking position: nothing is approved while it stands."""
    user, _found, review, now = review_of(request, reference, board)
    blocks.raise_block(actor=user, review_id=review.pk, text=given.text, question_key=given.about, now=now)
    return answered(user, reference, now)


@room.post("/requests/{reference}/boards/{board}/deferral", RequestOut, Scope.BOARDS_WRITE)
def defer_review(request: HttpRequest, reference: Reference, board: BoardName, given: DeferIn) -> RequestOut:
    """Put the review off to a day, once for each member."""
    user, _found, review, now = review_of(request, reference, board)
    reading.defer_review(actor=user, review_id=review.pk, until=given.until, reason=given.reason, now=now)
    return answered(user, reference, now)


@room.post("/requests/{reference}/boards/{board}/resumption", RequestOut, Scope.BOARDS_WRITE, takes=None)
def resume_review(request: HttpRequest, reference: Reference, board: BoardName) -> RequestOut:
    """Let a deferred review go on before its day."""
    user, _found, review, now = review_of(request, reference, board)
    reading.resume_review(actor=user, review_id=review.pk, now=now)
    return answered(user, reference, now)


@room.post("/requests/{reference}/boards/{board}/deliberation", RequestOut, Scope.BOARDS_WRITE, takes=None)
def begin_deliberation(request: HttpRequest, reference: Reference, board: BoardName) -> RequestOut:
    """Let the board go from reading to deliberating."""
    user, _found, review, now = review_of(request, reference, board)
    reading.begin_deliberation(actor=user, review_id=review.pk, now=now)
    return answered(user, reference, now)


@room.get("/requests/{reference}/motions", MotionsOut, Scope.REQUESTS_READ)
def list_motions(request: HttpRequest, reference: Reference) -> MotionsOut:
    """List the motions on which no ballot has opened; they are for those who see the deliberation."""
    user, found, now = found_request(request, reference)
    require(why_not_see_deliberation(user, found, now))
    return _motions(user, found, now)


def _motions(user: User, found: ReviewRequest, now: datetime) -> MotionsOut:
    return MotionsOut(items=[_motion(one) for one in request_page(user, found, now).motions])


def _motion(shown: ShownMotion) -> MotionOut:
    return MotionOut(
        id=shown.id, board=shown.review.board.slug, kind=shown.kind, text=shown.text, moved_by=shown.moved_by,
        moved_at=shown.moved_at, seconded_by=shown.seconded_by, revision=shown.revision, is_stale=shown.is_stale,
    )  # fmt: skip


@room.post("/requests/{reference}/boards/{board}/motions", MotionsOut, Scope.BOARDS_WRITE, status=201)
def move_motion(request: HttpRequest, reference: Reference, board: BoardName, given: MotionIn) -> MotionsOut:
    """Move a motion, with its conditions."""
    user, found, review, now = review_of(request, reference, board)
    require(why_not_see_deliberation(user, found, now))
    require(balloting.why_not_move(user, review, now))
    motions.move_motion(
        actor=user, review_id=review.pk, kind=given.kind, text=given.text, now=now, block_id=given.block,
        condition_id=given.condition, ends_older=given.ends_older,
        conditions=[
            motions.ConditionDraft(
                text=one.text, owner_id=one.owner, due=one.due, verifier_id=one.verifier,
                blocks_release=one.blocks_release,
            )
            for one in given.conditions
        ],
    )  # fmt: skip
    return _motions(user, found, now)


def moved(
    request: HttpRequest, reference: str, motion_id: int
) -> tuple[User, ReviewRequest, Motion, datetime]:
    """Return who asks, the request, the motion in it, and the moment; raises Http404."""
    user, found, now = found_request(request, reference)
    require(why_not_see_deliberation(user, found, now))
    return user, found, get_object_or_404(Motion, pk=motion_id, review__request=found), now


@room.post("/requests/{reference}/motions/{motion_id}/second", MotionsOut, Scope.BOARDS_WRITE, takes=None)
def second_motion(request: HttpRequest, reference: Reference, motion_id: Id) -> MotionsOut:
    """Second another member's motion."""
    user, found, motion, now = moved(request, reference, motion_id)
    motions.second_motion(actor=user, motion_id=motion.pk, now=now)
    return _motions(user, found, now)


@room.post("/requests/{reference}/motions/{motion_id}/withdrawal", MotionsOut, Scope.BOARDS_WRITE, takes=None)
def withdraw_motion(request: HttpRequest, reference: Reference, motion_id: Id) -> MotionsOut:
    """Withdraw a motion on which no ballot has opened."""
    user, found, motion, now = moved(request, reference, motion_id)
    motions.withdraw_motion(actor=user, motion_id=motion.pk, now=now)
    return _motions(user, found, now)
