"""How far the sample organisation has been made."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Max, Q

from desk.models import SampleStep

BEGIN = "begin"


@dataclass(frozen=True, slots=True)
class SampleProgress:
    """What was done of the story, and the moment at which it stands."""

    done: int
    total: int
    requests: int
    all_requests: int
    stands_at: datetime


def sample_progress() -> SampleProgress | None:
    """Return how far it has come, or None when it is made, was never begun, or this is no sample; two queries."""
    if not settings.SAMPLE:
        return None
    found = SampleStep.objects.aggregate(
        rows=Count("id"),
        requests=Count("id", filter=Q(counts=True)),
        stands_at=Max("happened_at", filter=~Q(name=BEGIN)),
        totals=Max("id", filter=Q(name=BEGIN)),
    )
    if not found["totals"] or found["stands_at"] is None:
        return None
    totals = SampleStep.objects.values_list("made", flat=True).get(pk=found["totals"])
    done, total = found["rows"] - 1, totals.get("steps", 0)
    if done >= total:
        return None
    return SampleProgress(done, total, found["requests"], totals.get("requests", 0), found["stands_at"])
