"""How far the sample organisation has been made."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.db.models import Aggregate, Count, Max, Q, QuerySet, Subquery, Value

from desk.models import SampleStep

BEGIN = "begin"
_made: set[str] = set()
"""Databases in which this process found the sample whole: it stays whole, so no page asks again."""


@dataclass(frozen=True, slots=True)
class SampleProgress:
    """What was done of the story, and the moment at which it stands."""

    done: int
    total: int
    requests: int
    all_requests: int
    stands_at: datetime


def sample_progress() -> SampleProgress | None:
    """Return how far it has come, or None when it is made, was never begun, or this is no sample.

    One query, and none any more once it was found to be made.
    """
    database = str(connection.settings_dict["NAME"])
    if not settings.SAMPLE or database in _made:
        return None
    steps = SampleStep.objects.exclude(name=BEGIN)
    begun = SampleStep.objects.filter(name=BEGIN).annotate(
        steps=_one(steps, Count("id")),
        requests=_one(steps, Count("id", filter=Q(counts=True))),
        stands_at=_one(steps, Max("happened_at")),
    )
    found = begun.values("made", "steps", "requests", "stands_at").first()
    if found is None or found["stands_at"] is None:
        return None
    done, total = found["steps"], found["made"].get("steps", 0)
    if done >= total:
        _made.add(database)
        return None
    all_requests = found["made"].get("requests", 0)
    return SampleProgress(done, total, found["requests"], all_requests, found["stands_at"])


def _one(rows: "QuerySet[SampleStep]", figure: Aggregate) -> Subquery:
    """Return one figure over all rows, as a part of another query."""
    return Subquery(
        rows.order_by().annotate(all=Value(1)).values("all").annotate(figure=figure).values("figure")
    )
