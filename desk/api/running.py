"""How the product runs, for administrators: its jobs, and the health of its parts."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query

from accounts.api.fields import Id, Out
from accounts.api.pages import PageOut, PageQuery, list_page
from accounts.api.rooms import Room
from accounts.api.visit import who
from accounts.rules.scopes import Scope
from desk import services
from desk.permissions import require_administrator
from desk.selectors import health, jobs
from desk.selectors.part import Level
from jobs.models import Job, JobState

room = Room("Running it")


class JobQuery(PageQuery):
    """Which jobs are asked for."""

    state: JobState | None = None


class JobOut(Out):
    """Work that has to happen after a commit, and how far it is."""

    id: int = Field(examples=[812])
    kind: str = Field(examples=["webhooks.deliver"])
    label: str = Field(examples=["Send a webhook"])
    state: JobState
    attempts: int = Field(examples=[1])
    max_attempts: int = Field(examples=[5])
    run_at: datetime = Field(description="When it is due.")
    created_at: datetime
    finished_at: datetime | None
    progress: int = Field(description="Percent.", examples=[0])
    error: str = Field(description="Why the last attempt failed; whole.", examples=[""])


class PartOut(Out):
    """A part of the product, how it does, and what to know or to do."""

    title: str = Field(examples=["Database"])
    level: Level
    text: str = Field(examples=["PostgreSQL 15.6"])


class HealthOut(Out):
    """How each part does; `level` is that of the worst."""

    level: Level
    parts: list[PartOut]
    not_given: list[str] = Field(description="What the embedded product doesn't give.", examples=[[]])


def _job(job: Job) -> JobOut:
    line = jobs.line(job)
    return JobOut(
        id=job.pk, kind=job.kind, label=str(line.label), state=JobState(job.state), attempts=job.attempts,
        max_attempts=line.max_attempts, run_at=job.run_at, created_at=job.created_at, finished_at=job.finished_at,
        progress=job.progress, error=job.last_error,
    )  # fmt: skip


@room.get("/jobs", PageOut[JobOut], Scope.ORGANISATION_READ)
def list_jobs(request: HttpRequest, asked: Query[JobQuery]) -> dict[str, Any]:
    """List the jobs, newest first; to everybody but administrators this doesn't exist."""
    require_administrator(who(request)[0])
    return list_page(request, jobs.in_state(asked.state or ""), asked, _job)


@room.post("/jobs/{job_id}/retry", JobOut, Scope.ORGANISATION_WRITE, takes=None)
def retry_job(request: HttpRequest, job_id: Id) -> JobOut:
    """Make a failed job due again, with all its attempts."""
    user, now = who(request)
    return _job(Job.objects.get(pk=services.retry_job(actor=user, job_id=job_id, now=now).pk))


@room.get("/health", HealthOut, Scope.ORGANISATION_READ)
def read_health(request: HttpRequest) -> HealthOut:
    """Read how each part of the product does."""
    user, now = who(request)
    require_administrator(user)
    found = health.checks(now)
    worst = max((check.level for check in found), key=list(Level).index, default=Level.GOOD)
    parts = [PartOut(title=check.title, level=check.level, text=check.text) for check in found]
    return HealthOut(level=worst, parts=parts, not_given=health.not_given())
