"""Who may see how the product runs: administrators; to everybody else these pages don't exist."""

from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role, has_role
from jobs.models import Job, JobState


def require_administrator(actor: User) -> None:
    """Let administrators pass; raises Http404 for everybody else."""
    if not has_role(actor, Role.ADMINISTRATOR):
        raise Http404


def job_to_retry(actor: User, job_id: int) -> Job:
    """Return the job under a lock; raises Http404 for people who may not see it, and when there is none."""
    require_administrator(actor)
    job = Job.objects.select_for_update().filter(pk=job_id).first()
    if job is None:
        raise Http404
    return job


def why_not_retry(job: Job) -> str | None:
    """Return why the job can't be tried again now, or None."""
    if job.state != JobState.FAILED:
        return _("This job hasn't failed: it is waiting, running or done. There is nothing to try again.")
    return None
