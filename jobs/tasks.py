"""What Celery carries: the id of a job, and the sweep that sends again what nobody took."""

import logging

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from jobs import heartbeat, runner, sweeping

log = logging.getLogger(__name__)


def send(job_id: int) -> bool:
    """Hand the id to the broker; when the broker can't be reached the sweep sends it later."""
    try:
        run_job.apply_async((job_id,), retry=False)
    except (KombuError, RedisError, OSError):
        log.warning("The broker can't be reached; job %s waits for the sweep.", job_id)
        sweeping.forget(job_id)
        return False
    return True


@shared_task(name="jobs.run")
def run_job(job_id: int) -> None:
    """Claim the job and do it; does nothing when somebody else has it or it is done."""
    runner.run(job_id)


@shared_task(name="jobs.sweep")
def sweep() -> None:
    """Send what is due and not on its way; beat calls this every few seconds."""
    now = timezone.now()
    heartbeat.swept(now)
    due = sweeping.take(now)
    for at, job_id in enumerate(due):
        if not send(job_id):
            sweeping.forget(*due[at:])
            break
