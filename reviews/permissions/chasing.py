"""Who may remind others of what waits for them in a request, and change its dates."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from reviews.models import ReviewRequest
from reviews.permissions.reasons import WrongPerson
from reviews.permissions.sight import WITH_SECRETARY
from reviews.permissions.standing import standing_of, why_conflicted


def why_not_remind(actor: User, request: ReviewRequest, now: datetime) -> str | None:
    """Return why the person may not remind others: the secretary or the chair of a board of the request may.

    Before any board has it, and while it is returned, every secretary may.
    """
    standing = standing_of(actor, request, now)
    leads = any(standing.is_secretary_of(board) or standing.is_chair_of(board) for board in standing.boards)
    before = standing.has_role(Role.SECRETARY) and request.state in WITH_SECRETARY
    if not leads and not before:
        return WrongPerson(_("Only the chair or the secretary of a board of this request may do this."))
    return why_conflicted(standing)
