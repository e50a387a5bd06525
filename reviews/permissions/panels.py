"""Who forms a panel for a request, and when there is one to form."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from reviews.models import Appeal, BoardReview, ReviewRequest
from reviews.permissions.reasons import NotNow, WrongPerson, WrongState
from reviews.permissions.standing import standing_of, why_conflicted
from reviews.rules.appeals import AppealState
from reviews.rules.ballot import APPROVALS
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


def why_experts_wait(review: BoardReview) -> str | None:
    """Return why an expert panel doesn't vote yet: its review is the second one, after that of the boards."""
    if review.board.purpose != BoardPurpose.EXPERTS:
        return None
    round_ = review.request.board_reviews.select_related("board").filter(round=review.round)
    waiting = [
        other.board.name
        for other in round_
        if other.board.purpose != BoardPurpose.EXPERTS and other.passed not in APPROVALS
    ]
    if not waiting:
        return None
    return NotNow(
        _("The experts vote when the boards have approved. Not yet: {boards}.").format(
            boards=pgettext("between members of a list", ", ").join(waiting)
        )
    )
