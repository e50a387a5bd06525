"""What beat starts: the planning of reminders and of weekly mails."""

from celery import shared_task
from django.utils import timezone

from reminders.planner import plan
from reminders.weekly import plan_weekly


@shared_task(name="reminders.plan")
def plan_reminders() -> None:
    """Plan what is due now; a run that was missed is made up for by the next one."""
    plan(timezone.now())


@shared_task(name="reminders.plan_weekly")
def plan_weekly_mails() -> None:
    """Plan the weekly mails whose moment has come; after an outage each person gets one."""
    plan_weekly(timezone.now())
