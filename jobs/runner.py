"""Claiming a job, doing it once, and writing down how it ended; whoever is killed in between loses only the lease."""

import logging
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.utils import timezone

from jobs import registry
from jobs.current import Attempt, attempt
from jobs.models import Job, JobState
from jobs.progress import LeaseLost

log = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
RESEND_AFTER = timedelta(seconds=30)
TAIL = 4000  # characters of a traceback that are kept


def free(now: datetime) -> Q:
    """Return the condition for jobs that a worker may take: due, or running under a lease that ran out."""
    return Q(state=JobState.DUE, run_at__lte=now) | Q(state=JobState.RUNNING, lease_until__lte=now)


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after the attempt that failed: 5 s, 10 s, 20 s, up to an hour."""
    doublings = min(max(attempts - 1, 0), 20)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def run(job_id: int, clock: Callable[[], datetime] = timezone.now) -> bool:
    """Claim the job and do it; return False when it is done, not due, or somebody else has it."""
    job = Job.objects.filter(free(clock()), pk=job_id).first()
    if job is None:
        return False
    try:
        kind = registry.get(job.kind)
    except KeyError:
        _end(job, JobState.FAILED, clock(), f"No app knows this kind of work: {job.kind}")
        return False
    if job.attempts >= kind.max_attempts:
        _end(job, JobState.FAILED, clock(), _died(job))
        return False
    mine = claim(job, kind.lease, clock())
    if mine is None:
        return False
    _do(job, mine, kind, clock)
    return True


def claim(job: Job, lease: timedelta, now: datetime) -> Attempt | None:
    """Take the job by one conditional UPDATE; None when somebody else was quicker."""
    number = job.attempts + 1
    claimed = Job.objects.filter(free(now), pk=job.pk, attempts=job.attempts).update(
        state=JobState.RUNNING,
        lease_until=now + lease,
        attempts=F("attempts") + 1,
        progress=0,
        progress_text="",
    )
    return Attempt(job.pk, number, lease) if claimed else None


def _do(job: Job, mine: Attempt, kind: registry.Kind, clock: Callable[[], datetime]) -> None:
    token = attempt.set(mine)
    try:
        kind.handler(job.payload)
    except LeaseLost:
        log.warning("Job %s: attempt %s outlived its lease and stopped.", job.pk, mine.number)
    except Exception as fault:  # noqa: BLE001  (whatever a handler raises is written down, and tried again)
        _failed(mine, kind, fault, clock())
    else:
        _finish(mine, state=JobState.DONE, finished_at=clock(), progress=100, last_error="")
    finally:
        attempt.reset(token)


def _failed(mine: Attempt, kind: registry.Kind, fault: Exception, now: datetime) -> None:
    log.warning("Job %s (%s), attempt %s: %s", mine.job_id, kind.name, mine.number, fault)
    if mine.number >= kind.max_attempts:
        _finish(mine, state=JobState.FAILED, finished_at=now, last_error=readable(fault))
    else:
        run_at = now + pause_after(mine.number)
        _finish(mine, state=JobState.DUE, run_at=run_at, sent_at=None, last_error=readable(fault))


def _finish(mine: Attempt, **fields: object) -> None:
    """Write the end of an attempt, unless its lease ran out and another one began."""
    Job.objects.filter(pk=mine.job_id, state=JobState.RUNNING, attempts=mine.number).update(
        lease_until=None, **fields
    )


def _end(job: Job, state: JobState, now: datetime, reason: str) -> None:
    Job.objects.filter(free(now), pk=job.pk, attempts=job.attempts).update(
        state=state, finished_at=now, lease_until=None, last_error=reason
    )


def _died(job: Job) -> str:
    """Say why a job is given up whose worker never came back to say it."""
    ends = f"The worker ended or took too long in each of {job.attempts} attempts."
    return f"{ends}\n\nBefore that: {job.last_error}" if job.last_error else ends


def readable(fault: Exception) -> str:
    """Return the reason in its first line, and the end of the traceback below for whoever mends it."""
    text = str(fault).strip()
    head = f"{text} ({type(fault).__name__})" if text else type(fault).__name__
    return f"{head}\n\n{''.join(traceback.format_exception(fault))[-TAIL:]}".replace("\0", "�")
