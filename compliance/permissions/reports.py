"""Who sees a report for a period, and who issues one."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import has_role
from compliance.models import PeriodReport
from compliance.permissions import SEES_ALL, why_not_manage
from registry.models import Project
from registry.permissions import visible_projects


def sees_the_organisation(user: User) -> bool:
    """Say whether the person sees every check, and so a report on all of them."""
    return user.is_active and has_role(user, *SEES_ALL)


def projects_to_report(user: User, now: datetime) -> QuerySet[Project]:
    """Return the projects whose report the person may see: all that they see, through an engagement too."""
    return visible_projects(user, now).order_by("name")


def visible_reports(user: User, now: datetime) -> QuerySet[PeriodReport]:
    """Return the issued reports that the person may read."""
    if sees_the_organisation(user):
        return PeriodReport.objects.all()
    return PeriodReport.objects.filter(Q(project__in=projects_to_report(user, now).order_by().values("pk")))


def why_not_issue(user: User) -> str | None:
    """Say why the person may not issue a report; None if they may."""
    if why_not_manage(user):
        return _("Reports are issued by secretaries, legal staff, safety leads and administrators.")
    return None


def check_may_issue(user: User) -> None:
    """Raise PermissionDenied with the reason for whoever may not."""
    if reason := why_not_issue(user):
        raise PermissionDenied(reason)
