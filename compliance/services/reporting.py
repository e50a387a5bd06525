"""Issuing a report for a period: its figures are frozen as they stand, and sealed."""

from dataclasses import asdict
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import override

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from compliance.models import PeriodReport
from compliance.permissions.reports import check_may_issue
from compliance.rules.reporting import Period, fault_of
from compliance.selectors.report import Span, figures_of
from compliance.selectors.report_words import FAULTS, about_in_words, title_in_words
from records import issue
from records.context import Language, instant
from records.models import Record
from records.report_context import REPORT, ReportContext
from registry.models import Project


@transaction.atomic
def issue_report(
    *, actor: User, period: Period, project: Project | None, zone: ZoneInfo, now: datetime
) -> Record:
    """Issue a report in the actor's language, and return its record, which waits for its seal.

    `project`: None for the organisation; the caller has looked whether the actor sees it.
    Raises PermissionDenied for who may not, Refused for days that can't be reported on.
    """
    check_may_issue(actor)
    if fault := fault_of(period, now.astimezone(zone).date()):
        raise Refused(str(FAULTS[fault]))
    report = PeriodReport.objects.create(
        since=period.since, until=period.until, project=project, made_at=now, made_by=actor
    )
    trail.record(
        "report.issued", obj=report, actor=actor, now=now,
        data={
            "since": period.since.isoformat(), "until": period.until.isoformat(),
            "project": project.pk if project else None,
        },
    )  # fmt: skip
    with override(actor.language):
        context = _context(report, Span(period, zone, project, now), actor)
        record = issue.freeze(
            kind="report", obj=report, reference=context["reference"], language=context["language"],
            context=context, actor=None, now=now,
        )  # fmt: skip
        report.record = issue.seal(record=record, actor=None, now=now)
    report.save(update_fields=["record"])
    return report.record


def _context(report: PeriodReport, span: Span, actor: User) -> ReportContext:
    figures = asdict(figures_of(span))
    context = {
        "schema": REPORT, "language": cast(Language, actor.language), "time_zone": span.zone.key,
        "organisation": settings.ORGANISATION, "reference": f"RPT-{report.made_at.year}-{report.pk:05}",
        "title": title_in_words(span.period), "subtitle": about_in_words(span.project),
        "since": span.period.since.isoformat(), "until": span.period.until.isoformat(),
        "about": span.project.name if span.project else "", "made_by": actor.display_name,
        "made_at": instant(report.made_at), **figures,
    }  # fmt: skip
    return cast(ReportContext, context)
