"""Saying how far a job is, from within its handler; a person waiting for it sees it on a page."""

from django.utils import timezone

from jobs.current import attempt
from jobs.models import Job, JobState


class LeaseLost(Exception):  # noqa: N818
    """The attempt took longer than its lease and another worker has the job: stop."""


def report(percent: int, text: str = "") -> None:
    """Store the progress (0 to 100) and extend the lease; outside of a job this does nothing.

    Call it outside of transactions, or others see it only at the commit. Raises LeaseLost.
    """
    mine = attempt.get()
    if mine is None:
        return
    changed = Job.objects.filter(pk=mine.job_id, state=JobState.RUNNING, attempts=mine.number).update(
        progress=max(0, min(100, percent)),
        progress_text=text[:200],
        lease_until=timezone.now() + mine.lease,
    )
    if not changed:
        raise LeaseLost(f"Job {mine.job_id}: attempt {mine.number} is over.")
