"""Putting work into the queue, in the transaction of the change that makes it due."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from jobs import registry
from jobs.models import Job
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
    fields = {"kind": kind, "payload": dict(payload), "run_at": run_at or now, "created_at": now}
    if key:
        job, created = Job.objects.get_or_create(key=key, defaults=fields)
    else:
        job, created = Job.objects.create(**fields), True
    if created and job.run_at <= now:
        transaction.on_commit(lambda: send(job.pk))
    return job
