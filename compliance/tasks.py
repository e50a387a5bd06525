"""What beat starts: dates up to the horizon, and checklists whose date has come."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from compliance.services.occurrences import open_due, plan_occurrences


@shared_task(name="compliance.plan")
def plan() -> None:
    """Make dates and open checklists; what a missed run left out is made up for at the next one."""
    now = timezone.now()
    plan_occurrences(now=now, horizon=timedelta(days=settings.COMPLIANCE_HORIZON_DAYS))
    open_due(now=now)
