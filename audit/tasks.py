"""What beat starts: sweeping away uploads that nobody finished."""

from celery import shared_task
from django.utils import timezone

from audit import uploads


@shared_task(name="audit.sweep_uploads")
def sweep_uploads() -> None:
    """Delete what was begun and left for a day; doing it twice does no harm."""
    uploads.sweep(timezone.now())
