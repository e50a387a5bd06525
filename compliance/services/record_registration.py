"""What records, jobs and log are told of compliance's records: who reads them, how they are issued."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import scope, tracking, verbs, words
from compliance.models import PeriodReport
from compliance.permissions import visible_assessments
from compliance.permissions.reports import visible_reports
from compliance.selectors.assessment_record import LABEL, attached_to
from compliance.selectors.report_page import LABEL as REPORT
from compliance.services.recording import ISSUE, issue_job
from jobs import registry
from records import kinds, permissions


def register_records() -> None:
    """Make them known; called from AppConfig.ready()."""
    verbs.register(
        "report.issued", _("Report issued"), _("A report for a period was issued as a sealed record.")
    )
    words.register("since", _("from"))
    words.register("until", _("until"))
    tracking.track(PeriodReport, ["since", "until", "project"])
    scope.register(REPORT, lambda row: scope.Place(project=row.project_id))
    registry.register(
        ISSUE, issue_job, label=_("Issue the record of a checklist"), lease=timedelta(minutes=2)
    )
    kinds.attach("assessment", attached_to)
    permissions.register(LABEL, _may_read, address=lambda key: reverse("compliance:assessment", args=[key]))
    permissions.register(REPORT, _may_read_report, address=lambda _key: reverse("compliance:report"))


def _may_read(user: User, assessment_id: str, now: datetime) -> bool:
    return visible_assessments(user, now).filter(pk=assessment_id).exists()


def _may_read_report(user: User, report_id: str, now: datetime) -> bool:
    return visible_reports(user, now).filter(pk=report_id).exists()
