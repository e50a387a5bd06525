"""Which jobs are due without being on their way to a worker: new ones, lost ones, those of a worker that died."""

from datetime import datetime

from django.db.models import Q

from jobs import runner
from jobs.models import Job

BATCH = 1000


def take(now: datetime, limit: int = BATCH) -> list[int]:
    """Return the ids to send, oldest first, and note that they are sent.

    What was sent half a minute ago and is still free was lost with the broker, or waits in its queue: sending it
    twice costs one query, because only one worker can claim it.
    """
    stale = Q(sent_at__isnull=True) | Q(sent_at__lte=now - runner.RESEND_AFTER)
    ids = list(
        Job.objects.filter(runner.free(now) & stale)
        .order_by("run_at", "id")
        .values_list("id", flat=True)[:limit]
    )
    Job.objects.filter(pk__in=ids).update(sent_at=now)
    return ids


def forget(*job_ids: int) -> None:
    """Note that these jobs were not sent after all."""
    Job.objects.filter(pk__in=job_ids).update(sent_at=None)
