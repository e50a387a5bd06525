"""Who says who reads a request first for a board, and who may give the reading back."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from reviews.models import Assignment, BoardReview
from reviews.permissions.reasons import WrongPerson, WrongState
from reviews.permissions.reviewing import why_closed, why_not_lead
from reviews.permissions.standing import standing_of


def why_not_assign(actor: User, review: BoardReview, now: datetime) -> str | None:
    """Return why the person may not assign readers: its secretary or chair, while the review is open."""
    return why_not_lead(standing_of(actor, review.request, now), review) or why_closed(review)


def why_not_decline(actor: User, assignment: Assignment) -> str | None:
    """Return why the person may not give the reading back: it is theirs, and it goes on."""
    if assignment.person_id != actor.pk:
        return WrongPerson(_("Only who was asked to read may give the reading back."))
    if assignment.ended_at is not None:
        return WrongState(_("This reading has ended already."))
    return why_closed(assignment.review)
