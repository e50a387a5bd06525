"""What Celery carries: the id of a job, and the sweep that sends again what nobody took."""

import logging

from celery import shared_task
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def send(job_id: int) -> None:
    """Hand the id to the broker; when the broker can't be reached the sweep sends it later."""
    try:
        run_job.delay(job_id)
    except OperationalError:
        log.warning("The broker can't be reached; job %s waits for the sweep.", job_id)


@shared_task(name="jobs.run")
def run_job(job_id: int) -> None:
    """Claim the job and do it; does nothing when somebody else has it or it is done."""
    raise RuntimeError(f"job {job_id}: the runner is being written")
