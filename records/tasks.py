"""What beat starts: signing the revocation lists anew, and the status list of the day."""

from celery import shared_task
from django.utils import timezone

from records.attestation.status import plan
from records.certificates import plan_lists


@shared_task(name="records.plan_lists")
def plan_revocation_lists() -> None:
    """Have the revocation lists signed anew, once a day; doing it twice does no harm."""
    plan_lists(timezone.now())


@shared_task(name="records.plan_status")
def plan_status() -> None:
    """Ask for a new status list when the last one grows old; Celery's beat calls this every ten minutes."""
    plan(timezone.now())
