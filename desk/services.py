"""What administrators do on the pages of the desk."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit.refusal import IllegalTransition
from audit.trail import record
from desk.permissions import job_to_retry, why_not_retry
from jobs.models import Job
from jobs.queue import requeue


@transaction.atomic
def retry_job(*, actor: User, job_id: int, now: datetime) -> Job:
    """Make a failed job due again, with all its attempts; raises Http404, or IllegalTransition when none failed."""
    job = job_to_retry(actor, job_id)
    reason = why_not_retry(job)
    if reason:
        raise IllegalTransition(reason)
    attempts = job.attempts
    requeue(job_id=job.pk, now=now)
    record("job.retried", obj=job, actor=actor, now=now, data={"kind": job.kind, "attempts": attempts})
    return job
