"""Which job this thread is working on; what it writes can then be traced to the job."""

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at a job: `number` fences it, so that an attempt that outlived its lease writes nothing more."""

    job_id: int
    number: int
    lease: timedelta


attempt: ContextVar[Attempt | None] = ContextVar("jobs_attempt", default=None)


def job_id() -> int | None:
    """Return the job that is being done, or None outside of jobs."""
    now = attempt.get()
    return now.job_id if now else None
