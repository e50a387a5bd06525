"""The statements of every act, written out: composing them each time took longer than carrying them out."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection, transaction

from audit.models import Disclosure, Event

_PREVIOUS = "SELECT leaf FROM audit_event WHERE object_type = %s AND object_id = %s ORDER BY id DESC LIMIT 1"
_COLUMNS = tuple(str(field.column) for field in Event._meta.local_concrete_fields if not field.primary_key)
_EVENT = (
    f"INSERT INTO audit_event ({', '.join(_COLUMNS)})"  # noqa: S608  (columns of the model)
    f" VALUES ({', '.join(['%s'] * len(_COLUMNS))}) RETURNING id"
)
_VALUE = "(%s::text, %s::bytea, %s::text)"
_WITH_VALUES = (
    f"WITH event AS ({_EVENT}), told AS (INSERT INTO audit_disclosure (event_id, path, salt, value)"  # noqa: S608
    " SELECT event.id, given.* FROM event, (VALUES {}) AS given) SELECT id FROM event"
)


class Told(NamedTuple):
    """A personal value of an event."""

    path: str
    salt: bytes
    value: str


def previous_leaf(object_type: str, object_id: str) -> bytes | None:
    """Return the leaf of the object's newest event; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_PREVIOUS, [object_type, object_id])
        row = cursor.fetchone()
    return bytes(row[0]) if row else None


def add(event: Event, told: Sequence[Told]) -> None:
    """Insert the event with its personal values, and give it its number; one query on PostgreSQL."""
    if connection.vendor != "postgresql":
        with transaction.atomic(savepoint=False):
            event.save(force_insert=True)
            Disclosure.objects.bulk_create(Disclosure(event=event, **one._asdict()) for one in told)
        return
    statement = _WITH_VALUES.format(", ".join([_VALUE] * len(told))) if told else _EVENT
    given = [getattr(event, name) for name in _COLUMNS]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*given, *(part for one in told for part in one)])
        event.pk = cursor.fetchone()[0]
    event._state.adding, event._state.db = False, connection.alias
