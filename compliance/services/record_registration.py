"""What records and jobs are told of compliance: who reads the record of a check, and how it is issued."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from compliance.permissions import visible_assessments
from compliance.selectors.assessment_record import LABEL, attached_to
from compliance.services.recording import ISSUE, issue_job
from jobs import registry
from records import kinds, permissions


def register_records() -> None:
    """Make them known; called from AppConfig.ready()."""
    registry.register(
        ISSUE, issue_job, label=_("Issue the record of a checklist"), lease=timedelta(minutes=2)
    )
    kinds.attach("assessment", attached_to)
    permissions.register(LABEL, _may_read, address=lambda key: reverse("compliance:assessment", args=[key]))


def _may_read(user: User, assessment_id: str, now: datetime) -> bool:
    return visible_assessments(user, now).filter(pk=assessment_id).exists()
