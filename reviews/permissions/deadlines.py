"""Who may move the dates of a request: chair or secretary of the board whose date it is, with a reason."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from reviews.models import Ballot, BoardReview, Condition, Question
from reviews.permissions.balloting import why_over
from reviews.permissions.reasons import WrongState
from reviews.permissions.reviewing import why_closed, why_not_lead
from reviews.permissions.standing import standing_of

Dated = BoardReview | Question | Ballot | Condition


def review_of(thing: Dated) -> BoardReview:
    """Return the review of the board whose date it is."""
    return thing if isinstance(thing, BoardReview) else thing.review


def why_not_move_date(actor: User, thing: Dated, now: datetime) -> str | None:
    """Return why the person may not move the date; whether the new one is possible is asked apart.

    The request is the one that the caller has put on the thing's review.
    """
    review = review_of(thing)
    if reason := why_not_lead(standing_of(actor, review.request, now), review):
        return reason
    match thing:
        case BoardReview():
            return why_closed(thing)
        case Question() if not thing.is_open:
            return WrongState(_("This question is closed already."))
        case Ballot():
            return why_over(thing, now)
        case Condition() if thing.is_settled:
            return WrongState(_("This condition is met or waived."))
        case Condition() if thing.decision.status != "in_force":
            return WrongState(_("The date of a condition is moved while the decision is in force."))
    return None
