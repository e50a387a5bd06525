"""Reports for a period: a preview of any days, and those that were issued as sealed records."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from audit.refusal import Refused
from compliance.forms.report import ReportForm
from compliance.permissions.reports import check_may_issue, projects_to_report, sees_the_organisation
from compliance.rules.reporting import last_months
from compliance.selectors.report import Span
from compliance.selectors.report_page import report_page
from compliance.services.reporting import issue_report
from compliance.views.acting import person


@require_safe
@login_required
def report(request: HttpRequest) -> HttpResponse:
    """Show the figures of a period: of the last quarter until other days are asked for."""
    user, now = person(request), timezone.now()
    form = _form(user, request.GET if "since" in request.GET else None, now)
    context: dict[str, object] = {"form": form}
    if form.is_valid():
        span = Span(form.period, _zone(), form.about, now)
        context["page"] = report_page(user, span, now)
    return render(request, "compliance/report.html", context)


@require_POST
@login_required
def issue(request: HttpRequest) -> HttpResponse:
    """Issue the report as a sealed record, and lead to its page."""
    user, now = person(request), timezone.now()
    check_may_issue(user)
    form = _form(user, request.POST, now)
    if not form.is_valid():
        messages.error(request, _("Choose the first and the last day, and what the report is about."))
        return redirect("compliance:report")
    try:
        record = issue_report(actor=user, period=form.period, project=form.about, zone=_zone(), now=now)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("compliance:report")
    messages.success(request, _("Issued. It is being printed and sealed."))
    return redirect("records:record_page", record.pk)


def _form(user: User, data: Mapping[str, object] | None, now: datetime) -> ReportForm:
    """Return the form, filled in with `data`, or None: with the last quarter about the first thing to choose."""
    projects, whole, today = (
        list(projects_to_report(user, now)),
        sees_the_organisation(user),
        timezone.localdate(now),
    )
    if data is None:
        period = last_months(3, today)
        first = "" if whole or not projects else str(projects[0].pk)
        data = {"since": period.since, "until": period.until, "project": first}
    return ReportForm(data, projects=projects, whole=whole, today=today)


def _zone() -> ZoneInfo:
    return ZoneInfo(timezone.get_current_timezone_name())
