"""Who reports that a condition is met, who verifies it, and who lets somebody take over either part."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from reviews.models import Condition, ConditionReport
from reviews.permissions.reasons import WrongPerson, WrongState
from reviews.permissions.standing import standing_of, why_conflicted
from reviews.rules.recusal import Parties, conflicts_of

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


def why_not_add_evidence(actor: User, condition: Condition) -> str | None:
    """Return why the person may not add a file to the report that waits for the verifier: who reported does."""
    waiting = condition.reports.filter(accepted__isnull=True).first()
    if waiting is None:
        return why_not_report(actor, condition) or WrongState(
            _("Report on the condition first; evidence is added to it.")
        )
    if waiting.reported_by_id != actor.pk:
        return WrongPerson(_("Whoever reported adds the evidence."))
    if condition.decision.status not in STANDING:
        return WrongState(_("The decision doesn't stand any more, nor do its conditions."))
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
    if condition.is_settled:
        return WrongState(_("This condition is met or waived."))
    if condition.decision.status not in STANDING:
        return WrongState(_("The decision doesn't stand any more, nor do its conditions."))
    return None


def why_not_reassign(actor: User, condition: Condition, part: str, now: datetime) -> str | None:
    """Return why the person may not let somebody take over this part: the board's secretary, from who can't do it."""
    standing = standing_of(actor, condition.decision.request, now)
    if not standing.is_secretary_of(condition.review.board_id):
        return WrongPerson(_("The secretary of the board that set it lets somebody take over a condition."))
    if reason := why_conflicted(standing):
        return reason
    if condition.decision.status not in STANDING or condition.is_settled:
        return WrongState(_("This condition is settled, or its decision doesn't stand any more."))
    if part not in parts_to_reassign(condition, standing.parties):
        return WrongState(_("Its owner and its verifier are here. It is theirs."))
    return None


def parts_to_reassign(condition: Condition, parties: Parties) -> tuple[str, ...]:
    """Return the parts that somebody can take over: who left, and a verifier who has a part in the request by now."""
    parts = []
    if not condition.owner.is_active:
        parts.append("owner")
    if not condition.verifier.is_active or conflicts_of(condition.verifier_id, parties):
        parts.append("verifier")
    return tuple(parts)
