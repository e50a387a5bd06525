"""What waits for its place in the log."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from audit.log import sequencer
from audit.models import Event

MOST = 10_000
_WAITING = """
    SELECT event.id FROM audit_event event LEFT JOIN audit_entry entry ON entry.event_id = event.id
    WHERE event.{counted} >= {mark} AND entry.event_id IS NULL ORDER BY event.id LIMIT %s
"""
_WAITING_ON = {
    "postgresql": _WAITING.format(counted="txid", mark="(%s::text)::xid8"),
    "sqlite": _WAITING.format(counted="id", mark="%s"),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many committed events have no place yet, MOST + 1 for more, and when the first of them happened."""

    count: int
    since: datetime | None = None


def waiting(mark: int | None = None) -> Waiting:
    """Return what waits; two queries at most, three without the mark of the tree."""
    start = sequencer.tree().mark if mark is None else mark
    with connection.cursor() as cursor:
        cursor.execute(_WAITING_ON[connection.vendor], [start, MOST + 1])
        numbers = [number for (number,) in cursor.fetchall()]
    if not numbers:
        return Waiting(0)
    return Waiting(len(numbers), Event.objects.values_list("occurred_at", flat=True).get(pk=numbers[0]))
