"""Assessments as pages, gates and reminders read them."""

from collections.abc import Sequence
from datetime import datetime

from compliance.models import Assessment
from compliance.rules.lifecycle import AssessmentState


def newest_for_gate(version_id: int, codes: Sequence[str], now: datetime) -> dict[str, Assessment]:
    """Return for each library code the assessment that decides: the newest accepted one, else the newest.

    Only a whole checklist counts: one about some of its controls says nothing of the others.
    """
    rows = (
        Assessment.objects.filter(version_id=version_id, library__code__in=set(codes), created_at__lte=now)
        .select_related("library", "owner", "reviewer", "accepted_by")
        .defer("content")
        .order_by("created_at", "id")
    )
    found: dict[str, Assessment] = {}
    for row in rows:
        if row.control_numbers:
            continue
        held = found.get(row.library.code)
        if held is None or _rank(row, now) >= _rank(held, now):
            found[row.library.code] = row
    return found


def _rank(row: Assessment, now: datetime) -> int:
    return int(
        row.state == AssessmentState.ACCEPTED and row.accepted_at is not None and row.accepted_at <= now
    )
