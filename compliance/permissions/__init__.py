"""Who sees a check, who fills it in, who reviews it, who makes schedules; reason, fetch and queryset."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role, has_role
from audit.refusal import IllegalTransition
from compliance.models import Answer, Assessment, Evidence, Schedule
from compliance.models.boards import boards_of
from compliance.rules.lifecycle import AssessmentState, ScheduleEvent, ScheduleState, schedule_after
from registry.permissions import visible_projects

SEES_ALL = (Role.SECRETARY, Role.LEGAL, Role.SAFETY_LEAD, Role.RELEASE_MANAGER, Role.ADMINISTRATOR)
MANAGES = (Role.SECRETARY, Role.LEGAL, Role.SAFETY_LEAD, Role.ADMINISTRATOR)


def reads_all(user: User) -> bool:
    """Say whether the person sees all of compliance, what is about the organisation too."""
    return user.is_active and has_role(user, *SEES_ALL)


def sight_of(user: User, now: datetime) -> Q:
    """Return what the person sees: all, or what is theirs, of their projects (engagements too) or of their boards.

    Two queries at the most, for roles and boards; a page asks once and gives the answer to every list on it.
    """
    if not user.is_active:
        return Q(pk__in=[])
    if has_role(user, *SEES_ALL):
        return Q()
    projects = visible_projects(user, now).order_by().values("pk")
    return (
        Q(owner=user) | Q(reviewer=user) | Q(project__in=projects) | Q(board__in=list(boards_of(user, now)))
    )


def visible_assessments(user: User, now: datetime, sight: Q | None = None) -> QuerySet[Assessment]:
    """Return the assessments that the person may read."""
    return Assessment.objects.filter(sight_of(user, now) if sight is None else sight)


def visible_schedules(user: User, now: datetime, sight: Q | None = None) -> QuerySet[Schedule]:
    """Return the schedules that the person may read."""
    return Schedule.objects.filter(sight_of(user, now) if sight is None else sight)


def assessment_to_read(user: User, assessment_id: int, now: datetime) -> Assessment:
    """Return the assessment with what its page names, or raise Http404: absent and forbidden look the same."""
    found = visible_assessments(user, now).select_related(
        "library", "owner", "reviewer", "accepted_by", "project", "version__model", "occurrence__schedule"
    )
    assessment = found.filter(pk=assessment_id).first()
    if assessment is None:
        raise Http404
    return assessment


def _locked(user: User, assessment_id: int, now: datetime) -> Assessment:
    """Return the assessment with its row locked, which closes the race of an answer with the submission."""
    found = visible_assessments(user, now).select_for_update(of=("self",)).filter(pk=assessment_id)
    assessment = found.first()
    if assessment is None:
        raise Http404
    return assessment


def why_not_owner(actor: User, assessment: Assessment) -> str | None:
    """Say why the person is not the one who fills it in, or None."""
    if assessment.owner_id == actor.pk:
        return None
    if assessment.owner_id is None:
        return _("This checklist has no owner yet. Whoever manages schedules can name one.")
    return _("Only its owner fills in a checklist.")


def why_locked(assessment: Assessment) -> str | None:
    """Say why nothing can be changed now, or None."""
    if assessment.is_editable:
        return None
    if assessment.state == AssessmentState.ACCEPTED:
        return _("It was accepted and is frozen. What changes later belongs into the next run.")
    return _("It is in review. The reviewer can return it.")


def why_not_answer(actor: User, assessment: Assessment) -> str | None:
    """Say why the person may not answer, or add and withdraw evidence; None if they may."""
    return why_not_owner(actor, assessment) or why_locked(assessment)


def assessment_to_fill_in(actor: User, assessment_id: int, now: datetime) -> Assessment:
    """Return the assessment, locked; raise Http404, PermissionDenied for others, IllegalTransition when frozen."""
    assessment = _locked(actor, assessment_id, now)
    if reason := why_not_owner(actor, assessment):
        raise PermissionDenied(reason)
    if reason := why_locked(assessment):
        raise IllegalTransition(reason)
    return assessment


def why_not_reviewer(actor: User, assessment: Assessment) -> str | None:
    """Say why the person may not judge this assessment, whatever its state; None if they may.

    Nobody judges what they filled in, also when somebody else owns it now.
    """
    if assessment.owner_id == actor.pk:
        return _("You own this checklist, so somebody else reviews it.")
    if assessment.reviewer_id != actor.pk:
        return _("Only its reviewer accepts or returns a checklist.")
    answered = Answer.objects.filter(assessment=OuterRef("pk"), changed_by=actor)
    shown = Evidence.objects.filter(assessment=OuterRef("pk"), added_by=actor)
    if Assessment.objects.filter(Exists(answered) | Exists(shown), pk=assessment.pk).exists():
        return _("You filled in a part of this checklist, so somebody else reviews it.")
    return None


def why_not_in_review(assessment: Assessment) -> str | None:
    """Say why there is nothing to judge now, or None."""
    if assessment.state == AssessmentState.SUBMITTED:
        return None
    if assessment.state == AssessmentState.ACCEPTED:
        return _("It was accepted already.")
    return _("The owner hasn't submitted it yet.")


def why_not_review(actor: User, assessment: Assessment) -> str | None:
    """Say why the person may not accept or return it now; None if they may."""
    return why_not_in_review(assessment) or why_not_reviewer(actor, assessment)


def assessment_to_review(actor: User, assessment_id: int, now: datetime) -> Assessment:
    """Return the assessment, locked; raise Http404, PermissionDenied or IllegalTransition."""
    assessment = _locked(actor, assessment_id, now)
    if reason := why_not_reviewer(actor, assessment):
        raise PermissionDenied(reason)
    if reason := why_not_in_review(assessment):
        raise IllegalTransition(reason)
    return assessment


def why_not_manage(actor: User) -> str | None:
    """Say why the person may not make schedules and name owners and reviewers; None if they may."""
    if has_role(actor, *MANAGES):
        return None
    return _("Schedules are made by secretaries, legal staff, safety leads and administrators.")


def why_not_import(actor: User) -> str | None:
    """Say why the person may not bring libraries; None if they may."""
    if has_role(actor, *MANAGES):
        return None
    return _("Libraries are imported by secretaries, legal staff, safety leads and administrators.")


def assessment_to_assign(actor: User, assessment_id: int, now: datetime) -> Assessment:
    """Return the assessment, locked; raise Http404, PermissionDenied, or IllegalTransition when it is frozen."""
    assessment = _locked(actor, assessment_id, now)
    if reason := why_not_manage(actor):
        raise PermissionDenied(reason)
    if assessment.state == AssessmentState.ACCEPTED:
        raise IllegalTransition(why_locked(assessment) or "")
    return assessment


def schedule_to_read(user: User, schedule_id: int, now: datetime) -> Schedule:
    """Return the schedule, or raise Http404."""
    found = visible_schedules(user, now).select_related("owner", "reviewer", "project", "version__model")
    schedule = found.filter(pk=schedule_id).first()
    if schedule is None:
        raise Http404
    return schedule


def schedule_to_manage(actor: User, schedule_id: int, now: datetime) -> Schedule:
    """Return the schedule, locked; raise Http404, or PermissionDenied for who may only read it."""
    schedule = visible_schedules(actor, now).select_for_update(of=("self",)).filter(pk=schedule_id).first()
    if schedule is None:
        raise Http404
    if reason := why_not_manage(actor):
        raise PermissionDenied(reason)
    return schedule


def why_not_move(schedule: Schedule, event: ScheduleEvent) -> str | None:
    """Say why this can't happen to the schedule in its state, or None."""
    if schedule_after(schedule.state, event):
        return None
    if schedule.state == ScheduleState.ENDED:
        return _("This schedule has ended. Make a new one instead.")
    if event == ScheduleEvent.RESUME:
        return _("This schedule isn't paused.")
    return _("This schedule is paused already.")
