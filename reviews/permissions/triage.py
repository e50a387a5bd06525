"""Who may check a submitted request for completeness and give it to boards."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from reviews.models import ReviewRequest
from reviews.permissions.reasons import WrongPerson, WrongState
from reviews.permissions.standing import standing_of, why_conflicted
from reviews.rules.lifecycle import RequestState


def why_not_secretary(actor: User, request: ReviewRequest, now: datetime) -> str | None:
    """Return why the person does not act as secretary for the request: no such role, or a part in it."""
    standing = standing_of(actor, request, now)
    if not standing.has_role(Role.SECRETARY):
        return WrongPerson(_("A secretary does this."))
    return why_conflicted(standing)


def why_not_check(actor: User, request: ReviewRequest, now: datetime) -> str | None:
    """Return why the person may not return or accept the request; None if they may."""
    if reason := why_not_secretary(actor, request, now):
        return reason
    if request.state != RequestState.SUBMITTED:
        return WrongState(_("The request isn't waiting for the check of completeness."))
    return None


def why_not_route(actor: User, request: ReviewRequest, now: datetime) -> str | None:
    """Return why the person may not confirm a route for the request; None if they may."""
    if reason := why_not_secretary(actor, request, now):
        return reason
    if request.state != RequestState.TRIAGE:
        return WrongState(_("The request isn't in triage."))
    return None
