"""What beat starts: signing the revocation lists anew."""

from celery import shared_task
from django.utils import timezone

from records.certificates import plan_lists


@shared_task(name="records.plan_lists")
def plan_revocation_lists() -> None:
    """Have the revocation lists signed anew, once a day; doing it twice does no harm."""
    plan_lists(timezone.now())
