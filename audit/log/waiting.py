"""What waits for its place in the log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, IntegerField
from django.db.models.expressions import RawSQL

from audit.models import Event, Tree

MOST = 10_000
_WAITING = """
    SELECT event.occurred_at AS since FROM audit_event event LEFT JOIN audit_entry entry ON entry.event_id = event.id
    WHERE event.{counted} >= {mark} AND entry.event_id IS NULL ORDER BY event.id LIMIT {most}
"""
_MARKS = {"postgresql": ("txid", "(audit_tree.mark::text)::xid8"), "sqlite": ("id", "audit_tree.mark")}


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many committed events have no place yet, MOST + 1 for more, and when the first of them happened."""

    count: int
    since: datetime | None = None


def of_tree() -> dict[str, RawSQL]:
    """Return expressions beside the row of the tree: `waiting_count` and `waiting_since`."""
    counted, mark = _MARKS[connection.vendor]
    rows = _WAITING.format(counted=counted, mark=mark, most=MOST + 1)
    first = _WAITING.format(counted=counted, mark=mark, most=1)
    return {
        # nothing of anybody's stands in these texts
        "waiting_count": RawSQL(f"SELECT count(*) FROM ({rows}) waiting", [], IntegerField()),  # noqa: S608, S611
        "waiting_since": RawSQL(first, [], DateTimeField()),  # noqa: S611
    }


def of_row(row: dict[str, Any] | None) -> Waiting:
    """Return what waits by these expressions; without a tree every event does."""
    if row is not None:
        return Waiting(row["waiting_count"], row["waiting_since"])
    numbers = list(Event.objects.order_by("pk").values_list("occurred_at", flat=True)[: MOST + 1])
    return Waiting(len(numbers), numbers[0] if numbers else None)


def waiting() -> Waiting:
    """Return what waits; one query."""
    beside = of_tree()
    return of_row(Tree.objects.filter(pk=1).annotate(**beside).values(*beside).first())
