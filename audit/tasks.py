"""What beat starts: sweeping away uploads that nobody finished, and the day's reconciliation."""

from celery import shared_task
from django.utils import timezone

from audit import uploads
from audit.log import verifying
from audit.reconciling import keeping


@shared_task(name="audit.sweep_uploads")
def sweep_uploads() -> None:
    """Delete what was begun and left for a day; doing it twice does no harm."""
    uploads.sweep(timezone.now())


@shared_task(name="audit.plan_reconciliation")
def plan_reconciliation() -> None:
    """Have the rows compared with the log, once a day; doing it twice does no harm."""
    keeping.plan_daily(timezone.now())


@shared_task(name="audit.plan_verification")
def plan_verification() -> None:
    """Have the whole log verified, once a day; doing it twice does no harm."""
    verifying.plan_daily(timezone.now())
