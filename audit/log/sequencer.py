"""Giving committed events their place in the log, and the tree its leaves, in one transaction.

Never `id > last`: an id is taken before the commit, so a transaction that takes long would lose its events. What is
visible and has no place yet gets one; the mark only spares the search through what lies before it, and once a day
the search ignores it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import BigIntegerField, Subquery, Value
from django.db.models.functions import Coalesce

from audit.leaf import leaf_hash
from audit.log.tiling import append
from audit.models import Entry, Event, Tree

BATCH = 10_000  # events in one transaction
SWEEP = timedelta(days=1)
LOCK = 0x1A5E_0001  # of the advisory lock that one sequencer holds at a time

_NEW = """
    SELECT event.id, {hash} FROM audit_event event LEFT JOIN audit_entry entry ON entry.event_id = event.id
    WHERE event.{counted} >= {mark} AND entry.event_id IS NULL ORDER BY event.id LIMIT %s
"""
_NEW_ON = {
    "postgresql": _NEW.format(hash="event.leaf_hash", counted="txid", mark="(%s::text)::xid8"),
    "sqlite": _NEW.format(hash="event.leaf", counted="id", mark="%s"),
}


def sequence(now: datetime, *, most: int | None = None) -> int:
    """Give the events that were committed their places; return how many. Two at once do no harm: one has to wait.

    `most` ends it after so many, for tests and benches; without it nothing that was there at the call is left.
    """
    done = 0
    while most is None or done < most:
        batch = BATCH if most is None else min(BATCH, most - done)
        added = _batch(now, batch) if _anything_new() or _is_sweep_due(now) else 0
        done += added
        if added < batch:
            break
    return done


def tree() -> Tree:
    """Return the tree as it stands, an empty one when nothing has a place yet."""
    return Tree.objects.filter(pk=1).first() or Tree(pk=1)


def size_now() -> Coalesce:
    """Return the size of the tree as an expression: of the same moment as the rows that it is compared with."""
    return Coalesce(
        Subquery(Tree.objects.filter(pk=1).values("size")[:1]), Value(0), output_field=BigIntegerField()
    )


@transaction.atomic
def _batch(now: datetime, most: int) -> int:
    with connection.cursor() as cursor, _alone(cursor):
        found = Tree.objects.filter(pk=1).first() or Tree.objects.create(pk=1)
        is_sweep = _is_due(found, now)
        seen = _everything_before(cursor)
        mark = 0 if is_sweep or found.mark > seen else found.mark
        new = _new(cursor, mark, most)
        if new:
            _give_places(cursor, found.size, [event_id for event_id, _hash in new])
            found.root = append(found.size, [leaf for _event_id, leaf in new]).hex()
            found.size += len(new)
            found.sequenced_at = now
        if len(new) < most:
            found.mark, found.swept_at = seen, now if is_sweep else found.swept_at
        found.save()
    return len(new)


def _anything_new() -> bool:
    with connection.cursor() as cursor:
        mark = Tree.objects.filter(pk=1).values_list("mark", flat=True).first() or 0
        mark = mark if mark <= _everything_before(cursor) else 0  # the database came from another server
        cursor.execute(_NEW_ON[connection.vendor], [mark, 1])
        return cursor.fetchone() is not None


def _is_sweep_due(now: datetime) -> bool:
    found = Tree.objects.filter(pk=1).first()
    return found is not None and _is_due(found, now)


def _is_due(found: Tree, now: datetime) -> bool:
    return found.swept_at is None or now - found.swept_at >= SWEEP


@contextmanager
def _alone(cursor: CursorWrapper) -> Iterator[None]:
    """Wait for another sequencer; SQLite has one writer at a time anyway."""
    if connection.vendor == "postgresql":
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    yield


def _everything_before(cursor: CursorWrapper) -> int:
    """Return a mark: what lies before it is committed, visible to the next statement, or will never be there."""
    if connection.vendor == "postgresql":
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])
    return (Event.objects.order_by("-id").values_list("id", flat=True).first() or 0) + 1


def _new(cursor: CursorWrapper, mark: int, most: int) -> list[tuple[int, bytes]]:
    """Return the events without a place, with the hashes of their leaves."""
    cursor.execute(_NEW_ON[connection.vendor], [mark, most])
    rows = cursor.fetchall()
    if connection.vendor == "postgresql":
        return [(event_id, bytes(digest)) for event_id, digest in rows]
    return [(event_id, bytes.fromhex(leaf_hash(bytes(leaf)))) for event_id, leaf in rows]


def _give_places(cursor: CursorWrapper, size: int, event_ids: list[int]) -> None:
    if connection.vendor == "postgresql":
        cursor.execute(
            "INSERT INTO audit_entry (leaf_index, event_id)"
            " SELECT %s + place - 1, id FROM unnest(%s::bigint[]) WITH ORDINALITY AS given (id, place)",
            [size, event_ids],
        )
        return
    Entry.objects.bulk_create(
        Entry(leaf_index=size + at, event_id=event_id) for at, event_id in enumerate(event_ids)
    )
