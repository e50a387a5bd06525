"""Findings: raised with the action that mends them, given further actions, withdrawn when raised by mistake."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from compliance.models import Action, ControlComment, Finding
from compliance.models.finding import SeverityChoice
from compliance.permissions.findings import assessment_to_add_to, finding_to_change, finding_to_withdraw
from compliance.rules.findings import UNSETTLED, Closing
from compliance.selectors.libraries import control_of
from records.canonical import digest

LONGEST = 20_000  # characters


@dataclass(frozen=True, slots=True)
class Planned:
    """What is to be done, by whom, and the last day that is in time."""

    text: str
    owner: User
    due: date


@transaction.atomic
def raise_finding(
    *, actor: User, assessment_id: int, number: str, severity: str, text: str, action: Planned, now: datetime
) -> Finding:
    """Say what is wrong with a control and what is done about it; one event for the finding, one for the action.

    Raises Http404, PermissionDenied, IllegalTransition after the acceptance, and Refused for what can't be kept.
    """
    assessment = assessment_to_add_to(actor, assessment_id, now)
    control = control_of(assessment, number)
    if severity not in SeverityChoice.values:
        raise Refused(_("Choose how severe it is."))
    finding = Finding.objects.create(
        assessment=assessment, control=control, severity=severity, raised_at=now, raised_by=actor,
        text=_said(text, _("Say what is wrong.")),
    )  # fmt: skip
    trail.record(
        "assessment.finding_raised",
        obj=finding,
        actor=actor,
        now=now,
        data={"control": number, "severity": severity},
    )
    _plan(finding, action, actor, now)
    return finding


@transaction.atomic
def plan_action(*, actor: User, finding_id: int, action: Planned, now: datetime) -> Action:
    """Add an action to an open finding; raises Http404, PermissionDenied, IllegalTransition or Refused."""
    return _plan(finding_to_change(actor, finding_id, now), action, actor, now)


@transaction.atomic
def withdraw_finding(*, actor: User, finding_id: int, reason: str, now: datetime) -> Finding:
    """Close a finding that was raised by mistake; what is planned has to be dropped before, each with its reason.

    Raises Http404, PermissionDenied (also for who filled in the checklist, unless they raised it), IllegalTransition
    or Refused.
    """
    finding = finding_to_withdraw(actor, finding_id, now)
    reason = _said(reason, _("Say why it is no finding."))
    if finding.actions.filter(state__in=UNSETTLED).exists():
        raise Refused(_("Drop its actions first, each with the reason."))
    finding.closed_at, finding.closing, finding.closing_reason = now, Closing.WITHDRAWN, reason
    finding.save(update_fields=["closed_at", "closing", "closing_reason"])
    trail.record("assessment.finding_withdrawn", obj=finding, actor=actor, now=now, reason=reason)
    return finding


@transaction.atomic
def comment_on_control(
    *, actor: User, assessment_id: int, number: str, text: str, now: datetime
) -> ControlComment:
    """Write to owner or reviewer about a control; the log holds the digest of the words, not the words."""
    assessment = assessment_to_add_to(actor, assessment_id, now)
    comment = ControlComment.objects.create(
        assessment=assessment, control=control_of(assessment, number), created_at=now, created_by=actor,
        text=_said(text, _("Write something first.")),
    )  # fmt: skip
    trail.record(
        "control.commented", obj=comment, actor=actor, now=now,
        data={"control": number, "sha256": digest(comment.text.encode())},
    )  # fmt: skip
    return comment


def check_planned(action: Planned, now: datetime) -> Planned:
    """Return it with its text cleaned; raises Refused for no text, a day that has passed, or who can't sign in."""
    if not action.owner.is_active:
        raise Refused(_("{person} can't sign in any more. Choose somebody else.").format(person=action.owner))
    if action.due < timezone.localdate(now):
        raise Refused(_("The day has passed already. Choose a later one."))
    return Planned(_said(action.text, _("Say what is to be done.")), action.owner, action.due)


def _plan(finding: Finding, planned: Planned, actor: User, now: datetime) -> Action:
    planned = check_planned(planned, now)
    action = Action.objects.create(
        finding=finding, text=planned.text, owner=planned.owner, due=planned.due, created_at=now,
        created_by=actor, given_at=now,
    )  # fmt: skip
    trail.record(
        "action.planned", obj=action, actor=actor, now=now,
        data={"owner": str(planned.owner.pseudonym), "due": planned.due.isoformat()},
    )  # fmt: skip
    return action


def _said(text: str, otherwise: str) -> str:
    text = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not text:
        raise Refused(otherwise)
    if len(text) > LONGEST:
        raise Refused(_("A text has at most 20,000 characters. Attach the rest as a file."))
    return text
