"""Who sees reports of incidents, who raises and completes them, and who classifies, files and closes them."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role, has_role
from registry.models import ModelVersion, Project
from registry.permissions import project_to_view, visible_projects
from reviews.models import IncidentReport
from reviews.permissions.containers import Containers, containers_of
from reviews.permissions.reasons import NotNow, WrongPerson, WrongState
from reviews.permissions.sight import visible_to
from reviews.permissions.standing import read_standing
from reviews.rules.incidents import IncidentEvent, IncidentKind, IncidentState, events_of

HANDLES = (Role.LEGAL, Role.SAFETY_LEAD)
"""Who classifies incidents and reports them to authorities."""


def visible_incidents(
    user: User, now: datetime, containers: Containers | None = None
) -> "QuerySet[IncidentReport]":
    """Return the reports that the person may read: own ones, of projects that they see, and of requests they see."""
    if not user.is_active:
        return IncidentReport.objects.none()
    projects = visible_projects(user, now).order_by().values("pk")
    requests = visible_to(user, now, containers).order_by().values("pk")
    return IncidentReport.objects.filter(Q(reporter=user) | Q(project__in=projects) | Q(request__in=requests))


def incident_to_read(user: User, number: int, now: datetime) -> IncidentReport:
    """Return the report by the number of its incident, with what its page names, or raise Http404."""
    reached = containers_of(user, now)
    rows = visible_incidents(user, now, reached).filter(incident=number)
    report = rows.select_related(
        "incident__version__model", "project", "request__version__model", "request__requester", "reporter",
        "suspension",
    ).first()  # fmt: skip
    if report is None:
        raise Http404
    if report.request is not None:
        read_standing(user, report.request, reached)
    return report


def version_to_report_on(user: User, version_id: int, now: datetime) -> ModelVersion:
    """Return the version if the person sees it, in its project or in a request about it, or raise Http404."""
    rows = ModelVersion.objects.select_related("model__project").filter(pk=version_id)
    version = rows.first()
    if version is None:
        raise Http404
    seen = visible_projects(user, now).filter(pk=version.model.project_id).exists()
    if not seen and not visible_to(user, now).filter(version=version).exists():
        raise Http404
    return version


def project_to_report_on(user: User, project_id: int, now: datetime) -> Project:
    """Return the project if the person sees it, or raise Http404."""
    return project_to_view(user, project_id, now)


def why_not_raise(actor: User) -> str | None:
    """Return why the person may not report an incident of what they see: everybody may, except who only audits."""
    if has_role(actor, Role.AUDITOR):
        return WrongPerson(_("Auditors read and change nothing."))
    return None


def why_not_tell(actor: User, report: IncidentReport) -> str | None:
    """Return why the person may not tell more about the incident."""
    if reason := why_not_raise(actor):
        return reason
    if report.state == IncidentState.CLOSED:
        return WrongState(_("This report is closed. Legal staff or the safety lead take it up again."))
    return None


def _why_not_handle(actor: User) -> str | None:
    if has_role(actor, *HANDLES):
        return None
    return WrongPerson(_("Legal staff and the safety lead classify incidents and report them."))


def why_not_classify(actor: User, report: IncidentReport) -> str | None:
    """Return why the person may not give the incident a class."""
    if reason := _why_not_handle(actor):
        return reason
    if IncidentEvent.CLASSIFY not in events_of(IncidentState(report.state)):
        return WrongState(_("This report is closed. Legal staff or the safety lead take it up again."))
    return None


def why_not_file(actor: User, report: IncidentReport) -> str | None:
    """Return why the person may not enter what went to an authority."""
    if reason := _why_not_handle(actor):
        return reason
    if report.kind == IncidentKind.NOT_SERIOUS:
        return NotNow(_("It is classified as not to be reported. Change its class first."))
    if report.state == IncidentState.CLOSED:
        return WrongState(_("This report is closed. Legal staff or the safety lead take it up again."))
    return None


def why_not_close(actor: User, report: IncidentReport) -> str | None:
    """Return why the person may not close the report: what has to be reported is reported completely first."""
    if reason := _why_not_handle(actor):
        return reason
    if report.state == IncidentState.CLOSED:
        return WrongState(_("This report is closed already."))
    if report.state == IncidentState.RAISED:
        return NotNow(_("Classify the incident first."))
    if report.state == IncidentState.CLASSIFIED and report.kind != IncidentKind.NOT_SERIOUS:
        return NotNow(_("It has to be reported first; enter what went to the authority."))
    if report.state == IncidentState.INITIAL:
        return NotNow(_("The first report was incomplete. Enter the complete one first."))
    return None


def why_not_reopen(actor: User, report: IncidentReport) -> str | None:
    """Return why the person may not take a closed report up again."""
    if reason := _why_not_handle(actor):
        return reason
    if report.state != IncidentState.CLOSED:
        return WrongState(_("This report is open."))
    return None
