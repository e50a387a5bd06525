"""Who forms a panel for a request, and when there is one to form."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from reviews.models import Appeal, BoardReview, ReviewRequest
from reviews.permissions.reasons import WrongPerson, WrongState
from reviews.permissions.standing import Standing, standing_of, why_conflicted
from reviews.rules.appeals import AppealState
from reviews.rules.clocks import Procedure
from reviews.rules.lifecycle import RequestState
from reviews.rules.panels import BoardPurpose


def why_not_keeper(actor: User, request: ReviewRequest, now: datetime) -> str | None:
    """Return why the person doesn't form panels for the request: the secretary of one of its boards does."""
    standing = standing_of(actor, request, now)
    if not any(standing.is_secretary_of(board) for board in standing.boards):
        return WrongPerson(_("The secretary of the board forms the panel."))
    return why_conflicted(standing)


def why_not_form_experts(
    actor: User, request: ReviewRequest, now: datetime, *, minimum: int, formed: bool
) -> str | None:
    """Return why the person may not form the expert panel now.

    `minimum` is what the leading board's policy asks for (0: no panel), `formed`: the panel is there.
    """
    if reason := why_not_keeper(actor, request, now):
        return reason
    if request.state != RequestState.IN_REVIEW or request.procedure != Procedure.EXPERT or minimum == 0:
        return WrongState(_("This request isn't reviewed by experts."))
    if formed:
        return WrongState(_("The panel of this request is formed already."))
    return None


def why_not_form_appeal(actor: User, appeal: Appeal, now: datetime) -> str | None:
    """Return why the person may not form the panel that hears the appeal now."""
    if reason := why_not_keeper(actor, appeal.request, now):
        return reason
    if appeal.state == AppealState.HEARD:
        return WrongState(_("The panel of this appeal is formed already."))
    if appeal.state != AppealState.FILED:
        return WrongState(_("This appeal is over."))
    return None


def keeps_a_board(standing: Standing) -> bool:
    """Say whether the person is the secretary of a board of the request."""
    return any(standing.is_secretary_of(board) for board in standing.boards)


def is_of_experts(review: BoardReview) -> bool:
    """Say whether it is the review of an expert panel."""
    return review.board.purpose == BoardPurpose.EXPERTS
