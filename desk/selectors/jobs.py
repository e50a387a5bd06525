"""Jobs as administrators see them: counts, and a list by state with keyset pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, QuerySet
from django_stubs_ext import StrOrPromise

from jobs import registry
from jobs.models import Job, JobState

PAGE = 25


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job with its kind in words and the first line of its last error; the whole error is there too."""

    job: Job
    label: StrOrPromise
    max_attempts: int

    @property
    def fault(self) -> str:
        """The reason of the last failure, in one line; "" when it never failed."""
        return self.job.last_error.partition("\n")[0]


@dataclass(frozen=True, slots=True)
class JobPage:
    """Some jobs, the newest first, and the id from which older ones follow (None: no more)."""

    lines: list[JobLine]
    older: int | None


def counts() -> Mapping[str, int]:
    """Return how many jobs there are in each state."""
    found = dict(Job.objects.order_by().values_list("state").annotate(Count("id")))
    return {state: found.get(state, 0) for state in JobState.values}


def oldest_due(now: datetime) -> datetime | None:
    """Return since when the oldest job waits whose time has come; None when none does."""
    found: datetime | None = Job.objects.filter(state=JobState.DUE, run_at__lte=now).aggregate(
        oldest=Min("run_at")
    )["oldest"]
    return found


def in_state(state: str) -> QuerySet[Job]:
    """Return the jobs of the state (all for an unknown one)."""
    return Job.objects.filter(state=state) if state in JobState.values else Job.objects.all()


def page(state: str, before: int | None = None) -> JobPage:
    """Return the jobs of the state (all for an unknown one) whose id is below `before`."""
    rows = in_state(state).order_by("-id")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PAGE + 1])
    return JobPage([line(job) for job in found[:PAGE]], found[PAGE - 1].pk if len(found) > PAGE else None)


def line(job: Job) -> JobLine:
    """Return the job with its kind in words."""
    try:
        kind = registry.get(job.kind)
    except KeyError:
        return JobLine(job, job.kind, job.attempts)
    return JobLine(job, kind.label, kind.max_attempts)
