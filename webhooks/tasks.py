"""What beat asks for: dates that have come, and deliveries that are old enough to be forgotten."""

from celery import shared_task
from django.utils import timezone

from webhooks import clock, forgetting


@shared_task(name="webhooks.look_at_the_clock")
def look_at_the_clock() -> None:
    """Tell endpoints what came about by time alone."""
    clock.look(timezone.now())


@shared_task(name="webhooks.forget")
def forget() -> None:
    """Delete what was delivered, or failed, long ago."""
    forgetting.forget(timezone.now())
