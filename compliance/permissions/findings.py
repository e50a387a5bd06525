"""Who raises findings, does and verifies actions, and writes comments; reason, fetch and queryset."""

from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import has_role
from audit.refusal import IllegalTransition
from compliance.models import Action, Assessment, Finding
from compliance.permissions import MANAGES, visible_assessments
from compliance.rules.findings import ActionEvent, ActionState, action_after
from compliance.rules.lifecycle import AssessmentState


def visible_findings(user: User, now: datetime, sight: Q | None = None) -> QuerySet[Finding]:
    """Return the findings of assessments that the person may read, and those about which they have to do something."""
    if not user.is_active:
        return Finding.objects.none()
    theirs = Action.objects.filter(owner=user, finding=OuterRef("pk"))
    readable = visible_assessments(user, now, sight).order_by().values("pk")
    return Finding.objects.filter(Q(assessment__in=readable) | Q(Exists(theirs)))


def why_not_take_part(actor: User, assessment: Assessment) -> str | None:
    """Say why the person may not raise findings, plan actions, comment or ask for an exception; None if they may."""
    if actor.pk in {assessment.owner_id, assessment.reviewer_id} or has_role(actor, *MANAGES):
        return None
    return _("Its owner, its reviewer and whoever manages schedules do this.")


def why_not_add(actor: User, assessment: Assessment) -> str | None:
    """Say why nothing can be added to the assessment itself (a finding, a comment); None if it can."""
    if reason := why_not_take_part(actor, assessment):
        return reason
    if assessment.state == AssessmentState.ACCEPTED:
        return _("It was accepted and is frozen. What changes later belongs into the next run.")
    return None


def assessment_to_add_to(actor: User, assessment_id: int, now: datetime) -> Assessment:
    """Return the assessment, locked against its acceptance; raise Http404, PermissionDenied or IllegalTransition."""
    found = visible_assessments(actor, now).select_for_update(of=("self",)).filter(pk=assessment_id)
    assessment = found.first()
    if assessment is None:
        raise Http404
    if reason := why_not_take_part(actor, assessment):
        raise PermissionDenied(reason)
    if reason := why_not_add(actor, assessment):
        raise IllegalTransition(reason)
    return assessment


def finding_to_read(user: User, finding_id: int, now: datetime) -> Finding:
    """Return the finding with what its page names, or raise Http404."""
    found = visible_findings(user, now).select_related(
        "control", "raised_by", "assessment__library", "assessment__owner", "assessment__reviewer",
        "assessment__project", "assessment__version__model",
    ).defer("assessment__content")  # fmt: skip
    finding = found.filter(pk=finding_id).first()
    if finding is None:
        raise Http404
    return finding


def finding_to_change(actor: User, finding_id: int, now: datetime) -> Finding:
    """Return an open finding, locked; raise Http404, PermissionDenied, or IllegalTransition when it is closed."""
    return _open_finding(
        actor, finding_id, now, lambda user, finding: why_not_take_part(user, finding.assessment)
    )


def _open_finding(
    actor: User, finding_id: int, now: datetime, why_not: Callable[[User, Finding], str | None]
) -> Finding:
    finding = visible_findings(actor, now).select_for_update(of=("self",)).filter(pk=finding_id).first()
    if finding is None:
        raise Http404
    if reason := why_not(actor, finding):
        raise PermissionDenied(reason)
    if not finding.is_open:
        raise IllegalTransition(_("This finding is closed already."))
    return finding


def why_not_withdraw(actor: User, finding: Finding) -> str | None:
    """Say why the person may not withdraw the finding; None if they may. Nobody judges what was found in their work:
    the owner of the checklist withdraws only what they raised themselves.
    """
    if actor.pk == finding.raised_by_id:
        return None
    about = finding.assessment
    if actor.pk != about.owner_id and (actor.pk == about.reviewer_id or has_role(actor, *MANAGES)):
        return None
    return _(
        "Whoever raised the finding, the reviewer, or whoever manages schedules withdraws it, never who filled in the"
        " checklist."
    )


def finding_to_withdraw(actor: User, finding_id: int, now: datetime) -> Finding:
    """Return an open finding, locked; raise Http404, PermissionDenied, or IllegalTransition when it is closed."""
    return _open_finding(actor, finding_id, now, why_not_withdraw)


def why_not_report(actor: User, action: Action) -> str | None:
    """Say why the person may not report the action as done, whatever its state; None if they may."""
    if action.owner_id == actor.pk:
        return None
    return _("Only whoever has to do it reports that it is done.")


def why_not_judge(actor: User, action: Action) -> str | None:
    """Say why the person may not verify, give back, drop or change the action; None if they may. Nobody judges their
    own work, nor how what the reviewer found in it is mended, unless no reviewer can.
    """
    if action.owner_id == actor.pk:
        return _("You do this yourself, so somebody else verifies it.")
    finding, about = action.finding, action.finding.assessment
    if actor.pk == finding.raised_by_id:
        return None
    if actor.pk == about.owner_id:
        if can_review(action) is None:
            return None
    elif actor.pk == about.reviewer_id or has_role(actor, *MANAGES):
        return None
    return _(
        "Whoever raised the finding, the reviewer of the checklist, or whoever manages schedules does this."
    )


def can_review(action: Action) -> User | None:
    """Return the reviewer of the checklist, None where there is none, they have left, or they do the action."""
    reviewer = action.finding.assessment.reviewer
    return reviewer if reviewer and reviewer.is_active and reviewer.pk != action.owner_id else None


def why_not_now(action: Action, event: ActionEvent) -> str | None:
    """Say why this can't happen in the action's state, or None."""
    if action_after(action.state, event):
        return None
    if action.state == ActionState.OPEN:
        return _("It isn't reported as done yet.")
    if action.state == ActionState.DONE:
        return _("It was reported as done already and waits to be verified.")
    return _("It is settled already.")


def action_to(actor: User, action_id: int, event: ActionEvent, now: datetime) -> Action:
    """Return the action, locked together with its finding; raise Http404, PermissionDenied or IllegalTransition."""
    action = _locked(actor, action_id, now)
    asked = why_not_report if event == ActionEvent.REPORT else why_not_judge
    if reason := asked(actor, action):
        raise PermissionDenied(reason)
    if reason := why_not_now(action, event):
        raise IllegalTransition(reason)
    return action


def action_to_change(actor: User, action_id: int, now: datetime) -> Action:
    """Return an action that is to do, locked; raise Http404, PermissionDenied or IllegalTransition."""
    action = _locked(actor, action_id, now)
    if reason := why_not_judge(actor, action):
        raise PermissionDenied(reason)
    if action.state != ActionState.OPEN:
        raise IllegalTransition(_("Only an action that is still to do can be given another owner or day."))
    return action


def _locked(actor: User, action_id: int, now: datetime) -> Action:
    """The finding is locked first: the last two actions of one finding can't be settled unseen by each other."""
    found = visible_findings(actor, now).filter(actions=action_id).values_list("pk", flat=True).first()
    if found is None:
        raise Http404
    finding = (
        Finding.objects.select_for_update(of=("self",)).select_related("assessment__reviewer").get(pk=found)
    )
    action = Action.objects.select_for_update(of=("self",)).get(pk=action_id)
    action.finding = finding
    return action
