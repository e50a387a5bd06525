"""Who drafts an amendment or a renewal of an approved request."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from reviews.models import ReviewRequest
from reviews.permissions.drafting import why_not_draft
from reviews.permissions.reasons import WrongPerson, WrongState
from reviews.permissions.standing import standing_of
from reviews.rules.lifecycle import IN_FORCE, RequestState

RENEWABLE = (*IN_FORCE, RequestState.SUSPENDED, RequestState.EXPIRED)


def why_not_amend(actor: User, request: ReviewRequest, now: datetime, *, to_show: bool = False) -> str | None:
    """Return why the person may not ask for a change of what was approved: who asked for it may.

    `to_show`: for a page that only offers it, so whether they may still add to the project isn't asked.
    """
    if reason := _why_not_follow(actor, request, now, to_show):
        return reason
    if request.state not in IN_FORCE:
        return WrongState(_("Only an approval in force is amended."))
    return None


def why_not_renew(actor: User, request: ReviewRequest, now: datetime, *, to_show: bool = False) -> str | None:
    """Return why the person may not ask for the approval to be renewed: who asked for it may, also when it expired."""
    if reason := _why_not_follow(actor, request, now, to_show):
        return reason
    if request.state not in RENEWABLE:
        return WrongState(_("Only an approval that stands or has expired is renewed."))
    return None


def _why_not_follow(actor: User, request: ReviewRequest, now: datetime, to_show: bool) -> str | None:
    if not standing_of(actor, request, now).is_asking:
        return WrongPerson(_("The requester and contributors ask for an amendment or a renewal."))
    return None if to_show else why_not_draft(actor, request.version.model.project, now)
