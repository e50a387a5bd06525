"""The log as a file: CSV for spreadsheets, JSON with the exact leaves; written while it is read."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice

from django.conf import settings
from django.db.models import QuerySet

from audit.models import Event
from audit.spreadsheets import csv_lines
from audit.telling import Told, tell

AT_ONCE = 500
COLUMNS = (
    "number", "time_utc", "event", "who", "who_pseudonym", "for", "object_type", "object_id", "project", "board",
    "request_or_job", "reason", "data", "leaf_hash",
)  # fmt: skip
_OWN_COLUMNS = {"actor", "on_behalf_of", "reason", "state"}


def as_csv(found: QuerySet[Event]) -> Iterator[str]:
    """Yield the lines of the file; no cell can become a formula."""
    return csv_lines(COLUMNS, (_cells(event) for event in _told(found)))


def as_json(found: QuerySet[Event], *, now: datetime) -> Iterator[str]:
    """Yield the document: `leaf` is the exact text whose hash is given, `disclosed` the personal values still there."""
    head = {"log": settings.AUDIT_ORIGIN, "written_at": now.astimezone(UTC).isoformat()}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "events": ['
    separator = "\n"
    for batch in _batches(found):
        told = {event.id: event for event in tell(batch)}
        for event in batch:
            yield separator + json.dumps(_document(event, told[event.pk]), ensure_ascii=False)
            separator = ",\n"
    yield "\n]}\n"


def _cells(event: Told) -> list[object]:
    leaf = event.leaf
    personal = {path: value for path, value in event.disclosed.items() if path not in _OWN_COLUMNS}
    data = json.dumps({**leaf["data"], **personal}, ensure_ascii=False, sort_keys=True)
    return [
        event.id, leaf["t"], event.verb, event.who, event.pseudonym, event.for_whom, event.object_type,
        event.object_id, leaf["place"]["project"] or "", leaf["place"]["board"] or "", leaf["req"] or "",
        event.reason, data if data != "{}" else "", event.hash,
    ]  # fmt: skip


def _document(event: Event, told: Told) -> dict[str, object]:
    return {
        "number": event.pk,
        "leaf": bytes(event.leaf).decode(),
        "leaf_hash": told.hash,
        "disclosed": told.disclosed,
    }


def _told(found: QuerySet[Event]) -> Iterator[Told]:
    for batch in _batches(found):
        yield from tell(batch)


def _batches(found: QuerySet[Event]) -> Iterator[list[Event]]:
    """Yield the events in batches, oldest first."""
    events: Iterable[Event] = found.order_by("occurred_at", "id").iterator(AT_ONCE)
    rest = iter(events)
    while batch := list(islice(rest, AT_ONCE)):
        yield batch
