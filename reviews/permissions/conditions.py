"""Who reports that a condition is met, and who verifies it."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from reviews.models import Condition, ConditionReport
from reviews.permissions.reasons import WrongPerson, WrongState
from reviews.permissions.standing import standing_of, why_conflicted

STANDING = ("to_sign", "in_force")


def why_not_report(actor: User, condition: Condition) -> str | None:
    """Return why the person may not report on the condition: its owner does."""
    if condition.owner_id != actor.pk:
        return WrongPerson(
            _("{owner} owns this condition and reports on it.").format(owner=condition.owner.display_name)
        )
    if condition.decision.status not in STANDING:
        return WrongState(_("The decision doesn't stand any more, nor do its conditions."))
    if condition.is_settled:
        return WrongState(_("This condition is met or waived."))
    if condition.reports.filter(accepted__isnull=True).exists():
        return WrongState(_("Your report waits for the verifier."))
    return None


def why_not_verify(actor: User, report: ConditionReport, now: datetime) -> str | None:
    """Return why the person may not verify the report: its verifier does, who has no part in the request."""
    condition = report.condition
    if condition.verifier_id != actor.pk:
        return WrongPerson(
            _("{verifier} verifies this condition.").format(verifier=condition.verifier.display_name)
        )
    if report.reported_by_id == actor.pk:
        return WrongPerson(_("You reported it, so somebody else verifies it."))
    if reason := why_conflicted(standing_of(actor, condition.decision.request, now)):
        return reason
    if report.accepted is not None:
        return WrongState(_("This report was judged already."))
    if condition.decision.status not in STANDING:
        return WrongState(_("The decision doesn't stand any more, nor do its conditions."))
    return None
