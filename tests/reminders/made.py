"""Short forms: a whole run of planner, workers and mail, as it happens in production, but in one thread."""

from datetime import datetime

from jobs.models import Job
from reminders.delivery import deliver
from reminders.mail import send_mail
from reminders.planner import DELIVER, plan
from reminders.postbox import MAIL


def run_planner_and_workers(now: datetime) -> None:
    """Plan, deliver and send what is due at that moment."""
    plan(now)
    for job in Job.objects.filter(kind=DELIVER, state="due", run_at__lte=now):
        deliver(job.payload["ids"], now)
        Job.objects.filter(pk=job.pk).update(state="done")
    for job in Job.objects.filter(kind=MAIL, state="due", run_at__lte=now):
        send_mail(job.payload["mail"], now)
        Job.objects.filter(pk=job.pk).update(state="done")
