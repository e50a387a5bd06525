"""Exempt requests, doubts that send a request to a stricter procedure, and what a board takes up again."""

from typing import Literal

from django.http import HttpRequest
from ninja import Field

from accounts.api.fields import In, Words
from accounts.api.rooms import Room
from accounts.rules.scopes import Scope
from reviews.api.after import ReasonIn
from reviews.api.boards import BoardName, review_of
from reviews.api.requests import Reference, answered
from reviews.api.told import RequestOut
from reviews.permissions.reasons import require
from reviews.permissions.sight import why_not_see_deliberation
from reviews.rules.exemption import ExemptionGround
from reviews.rules.review_lifecycle import Matter
from reviews.services.escalating import send_on
from reviews.services.exempting import determine_exempt
from reviews.services.taking_up import lay_aside as lay_it_aside
from reviews.services.taking_up import take_up_again

room = Room("Boards")


class ExemptionIn(In):
    """What has to be true of an exempt request, each confirmed, and why it is exempt."""

    grounds: list[ExemptionGround] = Field(
        max_length=8, description="All of them; if one isn't so, the request isn't exempt.",
        examples=[[ground.value for ground in ExemptionGround]],
    )  # fmt: skip
    reason: Words = Field(
        description="It stands in the record.", examples=["Used by one team, on public texts."]
    )


class DoubtIn(In):
    """To which stricter procedure the request goes, and what the doubt is."""

    procedure: Literal["expedited", "full"]
    reason: Words = Field(examples=["The texts may name patients."])


class MatterIn(In):
    """What the board takes up: a suspension that stands, or a condition to waive."""

    matter: Literal["suspension", "condition"]


@room.post("/requests/{reference}/boards/{board}/exemption", RequestOut, Scope.BOARDS_WRITE)
def determine_exemption(
    request: HttpRequest, reference: Reference, board: BoardName, given: ExemptionIn
) -> RequestOut:
    """Determine for the leading board that the request is exempt; the decision waits for its signatures."""
    user, found, review, now = review_of(request, reference, board)
    require(why_not_see_deliberation(user, found, now))
    determine_exempt(
        actor=user, review_id=review.pk, grounds=[ground.value for ground in given.grounds], reason=given.reason,
        now=now,
    )  # fmt: skip
    return answered(user, reference, now)


@room.post("/requests/{reference}/boards/{board}/doubt", RequestOut, Scope.BOARDS_WRITE)
def send_to_stricter_procedure(
    request: HttpRequest, reference: Reference, board: BoardName, given: DoubtIn
) -> RequestOut:
    """Send the request to a stricter procedure; open ballots stop, and there is no way back."""
    user, found, review, now = review_of(request, reference, board)
    require(why_not_see_deliberation(user, found, now))
    send_on(actor=user, review_id=review.pk, procedure=given.procedure, reason=given.reason, now=now)
    return answered(user, reference, now)


@room.post("/requests/{reference}/boards/{board}/taking-up", RequestOut, Scope.BOARDS_WRITE)
def take_up_matter(
    request: HttpRequest, reference: Reference, board: BoardName, given: MatterIn
) -> RequestOut:
    """Let the board take its review up again: about a suspension that stands, or to waive a condition."""
    user, _found, review, now = review_of(request, reference, board)
    take_up_again(actor=user, review_id=review.pk, matter=Matter(given.matter), now=now)
    return answered(user, reference, now)


@room.post("/requests/{reference}/boards/{board}/laying-aside", RequestOut, Scope.BOARDS_WRITE)
def lay_matter_aside(
    request: HttpRequest, reference: Reference, board: BoardName, given: ReasonIn
) -> RequestOut:
    """Lay aside what the board took up again by itself; motions about it are withdrawn."""
    user, _found, review, now = review_of(request, reference, board)
    lay_it_aside(actor=user, review_id=review.pk, reason=given.reason, now=now)
    return answered(user, reference, now)
