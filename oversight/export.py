"""The log as a file: CSV for spreadsheets, JSON with the exact leaves; written while it is read.

Without personal data a person is their pseudonym, and what stands behind commitments stays there.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from audit.leaf import leaf_hash
from audit.models import Disclosure, Event
from audit.spreadsheets import csv_lines
from audit.telling import Told, leaf_of, tell
from audit.workbooks import Sheet

AT_ONCE = 500
COLUMNS = (
    "number", "time_utc", "event", "who", "who_pseudonym", "for", "object_type", "object_id", "project", "board",
    "request_or_job", "reason", "data", "leaf_hash",
)  # fmt: skip
WITHHELD = "(withheld)"
SYSTEM = "(system)"
_OWN_COLUMNS = {"actor", "on_behalf_of", "reason", "state"}


def as_csv(found: QuerySet[Event], *, named: bool = False) -> Iterator[str]:
    """Yield the lines of the file; no cell can become a formula. `named`: with names and other personal data."""
    return csv_lines(COLUMNS, (row for batch in _batches(found) for row in _rows(batch, named=named)))


def as_sheet(found: QuerySet[Event], *, named: bool = False) -> Sheet:
    """Return the same lines as a sheet of a workbook."""
    rows = (row for batch in _batches(found) for row in _rows(batch, named=named))
    return Sheet(_("Events"), COLUMNS, rows, (10, 28, 24, 24, 38, 24, 24, 10, 9, 9, 34, 40, 60, 60))


def as_json(found: QuerySet[Event], *, now: datetime, named: bool = False) -> Iterator[str]:
    """Yield the document: `leaf` is the exact text whose hash is given.

    `named`: `disclosed` holds the personal values that are still there, each with the salt of its commitment in the
    leaf, and `erased` when the others went.
    """
    head = {
        "log": settings.AUDIT_ORIGIN, "written_at": now.astimezone(UTC).isoformat(), "personal_data": named,
    }  # fmt: skip
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "events": ['
    separator = "\n"
    for batch in _batches(found):
        personal = _personal(batch) if named else {}
        for event in batch:
            yield separator + json.dumps(_document(event) | personal.get(event.pk, {}), ensure_ascii=False)
            separator = ",\n"
    yield "\n]}\n"


def _rows(batch: list[Event], *, named: bool) -> Iterator[list[object]]:
    if named:
        yield from (_cells(event) for event in tell(batch))
    else:
        yield from (_pseudonymous(event) for event in batch)


def _cells(event: Told) -> list[object]:
    personal = {path: value for path, value in event.disclosed.items() if not _stands_elsewhere(path)}
    return _row(
        event.id, event.leaf, event.hash, who=event.who, whom=event.for_whom, reason=event.reason,
        data={**event.leaf["data"], **personal},
    )  # fmt: skip


def _stands_elsewhere(path: str) -> bool:
    return path in _OWN_COLUMNS or path.startswith("states.")


def _pseudonymous(event: Event) -> list[object]:
    content = bytes(event.leaf)
    leaf = leaf_of(event)
    return _row(
        event.pk, leaf, leaf_hash(content), who=leaf["actor"] or SYSTEM, whom=leaf["on_behalf_of"] or "",
        reason=WITHHELD if "reason" in leaf["personal"] else "", data=leaf["data"],
    )  # fmt: skip


def _row(
    number: int, leaf: dict[str, Any], digest: str, *, who: str, whom: str, reason: str, data: dict[str, Any]
) -> list[object]:
    obj, place = leaf["obj"], leaf["place"]
    return [
        number, leaf["t"], leaf["verb"], who, leaf["actor"] or "", whom, obj["type"], obj["id"],
        place["project"] or "", place["board"] or "", leaf["req"] or "", reason,
        json.dumps(data, ensure_ascii=False, sort_keys=True) if data else "", digest,
    ]  # fmt: skip


def _document(event: Event) -> dict[str, object]:
    content = bytes(event.leaf)
    return {"number": event.pk, "leaf": content.decode(errors="replace"), "leaf_hash": leaf_hash(content)}


def _personal(batch: list[Event]) -> dict[int, dict[str, object]]:
    """Return of each event what is disclosed, with the salts, and when the rest was erased."""
    disclosed: dict[int, dict[str, dict[str, str]]] = {event.pk: {} for event in batch}
    rows = Disclosure.objects.filter(event__in=list(disclosed)).values_list(
        "event_id", "path", "salt", "value"
    )
    for event_id, path, salt, value in rows:
        disclosed[event_id][path] = {"salt": bytes(salt).hex(), "value": value}
    return {
        event.id: {
            "disclosed": disclosed[event.id],
            "erased": {path: at and at.astimezone(UTC).isoformat() for path, at in event.erased.items()},
        }
        for event in tell(batch)
    }


def _batches(found: QuerySet[Event]) -> Iterator[list[Event]]:
    """Yield the events in batches, oldest first."""
    events: Iterable[Event] = found.order_by("occurred_at", "id").iterator(AT_ONCE)
    rest = iter(events)
    while batch := list(islice(rest, AT_ONCE)):
        yield batch
