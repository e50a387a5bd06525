"""Actions: reported as done by who does them, verified or given back by somebody else, changed or dropped with a
reason. The last one that is verified closes its finding.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from compliance.models import Action
from compliance.permissions.findings import action_to, action_to_change
from compliance.rules.findings import ActionEvent, ActionState, Closing, is_resolved
from compliance.services.findings import Planned, check_planned


@transaction.atomic
def report_action(*, actor: User, action_id: int, report: str, now: datetime) -> Action:
    """Say what was done; raises Http404, PermissionDenied, IllegalTransition, or Refused without words."""
    action = action_to(actor, action_id, ActionEvent.REPORT, now)
    action.report = _reason(report, _("Say what was done, and where it can be seen."))
    action.state, action.done_at, action.returned_reason = ActionState.DONE, now, ""
    action.save(update_fields=["state", "done_at", "report", "returned_reason"])
    trail.record("action.reported", obj=action, actor=actor, now=now)
    return action


@transaction.atomic
def verify_action(*, actor: User, action_id: int, now: datetime) -> Action:
    """Confirm that it is done; raises Http404, PermissionDenied (also for its owner) or IllegalTransition."""
    action = action_to(actor, action_id, ActionEvent.VERIFY, now)
    action.state, action.settled_at, action.settled_by = ActionState.VERIFIED, now, actor
    action.save(update_fields=["state", "settled_at", "settled_by"])
    trail.record("action.verified", obj=action, actor=actor, now=now)
    _close_if_resolved(action, actor, now)
    return action


@transaction.atomic
def return_action(*, actor: User, action_id: int, reason: str, now: datetime) -> Action:
    """Give it back to its owner with what lacks."""
    action = action_to(actor, action_id, ActionEvent.RETURN, now)
    action.returned_reason = _reason(reason, _("Say what is still to be done."))
    action.state, action.done_at = ActionState.OPEN, None
    action.save(update_fields=["state", "done_at", "returned_reason"])
    trail.record("action.returned", obj=action, actor=actor, now=now, reason=action.returned_reason)
    return action


@transaction.atomic
def drop_action(*, actor: User, action_id: int, reason: str, now: datetime) -> Action:
    """End it without having it done; the finding stays open unless another of its actions was verified."""
    action = action_to(actor, action_id, ActionEvent.DROP, now)
    action.drop_reason = _reason(reason, _("Say why it is dropped."))
    action.state, action.settled_at, action.settled_by = ActionState.DROPPED, now, actor
    action.save(update_fields=["state", "settled_at", "settled_by", "drop_reason"])
    trail.record("action.dropped", obj=action, actor=actor, now=now, reason=action.drop_reason)
    _close_if_resolved(action, actor, now)
    return action


@transaction.atomic
def change_action(
    *, actor: User, action_id: int, owner: User, due: date, reason: str, now: datetime
) -> Action:
    """Give an action that is still to do to somebody else or another day, with the reason. The same leaves no event."""
    action = action_to_change(actor, action_id, now)
    reason = _reason(reason, _("Say why it changes."))
    before = (action.owner, action.due)
    if before == (owner, due):
        return action
    if due != action.due or not owner.is_active:
        check_planned(Planned(action.text, owner, due), now)
    action.owner, action.due = owner, due
    if before[0] != owner:
        action.given_at = now
    action.save(update_fields=["owner", "due", "given_at"])
    data: dict[str, object] = {}
    if before[0] != owner:
        data["owner"] = {"old": str(before[0].pseudonym), "new": str(owner.pseudonym)}
    if before[1] != due:
        data["due"] = {"old": before[1].isoformat(), "new": due.isoformat()}
    trail.record("action.changed", obj=action, actor=actor, now=now, reason=reason, data=data)
    return action


def _close_if_resolved(action: Action, actor: User, now: datetime) -> None:
    finding = action.finding
    states = list(finding.actions.order_by().values_list("state", flat=True))
    if not finding.is_open or not is_resolved(states):
        return
    finding.closed_at, finding.closing = now, Closing.RESOLVED
    finding.save(update_fields=["closed_at", "closing"])
    trail.record("assessment.finding_resolved", obj=finding, actor=actor, now=now)


def _reason(text: str, otherwise: str) -> str:
    text = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not text:
        raise Refused(otherwise)
    return text
