"""Putting work into the queue, in the transaction of the change that makes it due."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from jobs import registry
from jobs.models import Job, JobState
from jobs.tasks import send


def enqueue(
    kind: str,
    payload: Mapping[str, Any],
    *,
    now: datetime,
    key: str = "",
    run_at: datetime | None = None,
) -> Job:
    """Add a job; a worker takes it after the commit. With a `key` that exists already, return the existing one.

    Raises KeyError when no app has registered the kind.
    """
    registry.get(kind)
    starts = run_at or now
    fields = {
        "kind": kind,
        "payload": dict(payload),
        "run_at": starts,
        "created_at": now,
        "sent_at": now if starts <= now else None,
    }
    if key:
        job, created = Job.objects.get_or_create(key=key, defaults=fields)
    else:
        job, created = Job.objects.create(**fields), True
    if created and starts <= now:
        transaction.on_commit(lambda: send(job.pk), robust=True)
    return job


def requeue(*, job_id: int, now: datetime) -> bool:
    """Make a failed job due again with all its attempts; False when it isn't failed (any more).

    The act of a person, with permission and event, is `desk.services.retry_job`.
    """
    changed = Job.objects.filter(pk=job_id, state=JobState.FAILED).update(
        state=JobState.DUE,
        run_at=now,
        attempts=0,
        finished_at=None,
        sent_at=now,
        progress=0,
        progress_text="",
    )
    if changed:
        transaction.on_commit(lambda: send(job_id), robust=True)
    return bool(changed)
