"""Who records a release, suspends and withdraws an approval."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from accounts.roles import Role
from reviews.models import Decision
from reviews.models.condition import SETTLED
from reviews.permissions.reasons import NotNow, WrongPerson, WrongState
from reviews.permissions.standing import standing_of, why_conflicted
from reviews.rules.lifecycle import RequestState


def why_not_release(actor: User, decision: Decision, now: datetime) -> str | None:
    """Return why the person may not record the release; the digest itself is compared when it is recorded."""
    standing = standing_of(actor, decision.request, now)
    if not standing.has_role(Role.RELEASE_MANAGER):
        return WrongPerson(_("The release manager records a release."))
    if decision.request.state != RequestState.APPROVED or decision.status != "in_force":
        return WrongState(_("Only what is approved, and not released yet, can be released."))
    if decision.expires_at is None or now >= decision.expires_at:
        return NotNow(_("The approval has expired. A new revision has to be approved."))
    waiting = [c.number for c in decision.conditions.all() if c.blocks_release and c.state not in SETTLED]
    if waiting:
        return NotNow(
            _("These conditions have to be met first: {numbers}.").format(
                numbers=pgettext("between members of a list", ", ").join(f"C{number}" for number in waiting)
            )
        )
    return None


def why_not_suspend(actor: User, decision: Decision, now: datetime) -> str | None:
    """Return why the person may not suspend the approval: a chair, legal staff or the safety lead may, alone."""
    standing = standing_of(actor, decision.request, now)
    chairs = any(standing.is_chair_of(board) for board in standing.boards)
    if not chairs and not standing.has_role(Role.SAFETY_LEAD, Role.LEGAL):
        return WrongPerson(_("A chair, the safety lead or legal staff suspends an approval."))
    if decision.request.state not in (RequestState.APPROVED, RequestState.RELEASED):
        return WrongState(_("Only an approval in force can be suspended."))
    return None


def why_not_withdraw_approval(actor: User, decision: Decision, now: datetime) -> str | None:
    """Return why the person may not withdraw a suspended approval: the requester may, or legal staff without a part.

    Somebody who is recused may suspend, because the board looks at that within days; this is for good.
    """
    standing = standing_of(actor, decision.request, now)
    if actor.pk != decision.request.requester_id:
        if not standing.has_role(Role.LEGAL):
            return WrongPerson(_("The requester or legal staff withdraws a suspended approval."))
        if reason := why_conflicted(standing):
            return reason
    if decision.request.state != RequestState.SUSPENDED:
        return WrongState(_("Only a suspended approval is withdrawn."))
    return None
