"""What beat starts: the planning of reminders."""

from celery import shared_task
from django.utils import timezone

from reminders.planner import plan


@shared_task(name="reminders.plan")
def plan_reminders() -> None:
    """Plan what is due now; a run that was missed is made up for by the next one."""
    plan(timezone.now())
