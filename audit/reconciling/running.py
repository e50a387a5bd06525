"""Comparing all rows that people change with what the log tells of them, while the product is in use.

Nothing stops for it: events and rows are read in many short questions, and what looks wrong then is looked at again,
with the events that came meanwhile, in one short transaction that sees one moment.
"""

from collections.abc import Callable, Iterator
from functools import partial

from django.db import connection, transaction

from audit import tracking
from audit.models import Event
from audit.reconciling.comparing import Compared, Finding, Kind, compare, differences, finding_of
from audit.reconciling.fields import named
from audit.reconciling.told import AT_ONCE, Bytes, Told

Progress = Callable[[int, int], None]  # done, of
LISTED = 1000  # findings that are kept with what is known of them


class Result:
    """What was read and found."""

    def __init__(self) -> None:
        self.events = self.last_event = self.findings = 0
        self.compared = Compared()
        self.first: list[Finding] = []


def reconcile(progress: Progress = lambda _done, _of: None) -> Result:
    """Compare every row with tracked fields with the newest state in the log; changes nothing.

    `progress` is told how many tables of how many are done, again and again while one is read. Needs a constant amount
    of memory.
    """
    result, models = Result(), list(tracking.tracked().values())
    with Told() as told:
        mark = _mark()
        told.take(_counted(result, lambda: progress(0, len(models))))
        suspects: list[Finding] = []
        for done, of in enumerate(models):
            for found in differences(of, told, result.compared, partial(progress, done, len(models))):
                suspects.append(found)
                if len(suspects) == AT_ONCE:
                    _look_again(suspects, told, mark, result)
                    suspects = []
        _look_again(suspects, told, mark, result)
        progress(len(models), len(models))
    result.first = [named(found) for found in result.first]
    return result


def _counted(result: Result, tick: Callable[[], None]) -> Iterator[tuple[int, Bytes]]:
    """Yield all events in their order."""
    while some := list(
        Event.objects.filter(pk__gt=result.last_event).order_by("pk").values_list("pk", "leaf")[:AT_ONCE]
    ):
        tick()
        yield from some
        result.events += len(some)
        result.last_event = some[-1][0]


def _mark() -> int:
    """Return what every event that isn't visible yet will be at or above.

    On PostgreSQL a transaction: one that runs may have taken its ids already. On SQLite, with one writer, an id.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        else:
            cursor.execute("SELECT coalesce(max(id), 0) + 1 FROM audit_event")
        return int(cursor.fetchone()[0])


def _since(mark: int) -> Iterator[tuple[int, Bytes]]:
    """Yield the events that weren't visible when the mark was taken, and some that were."""
    events = Event.objects.order_by("pk")
    if connection.vendor == "postgresql":
        events = events.extra(where=["txid >= %s::text::xid8"], params=[str(mark)])
    else:
        events = events.filter(pk__gte=mark)
    yield from events.values_list("pk", "leaf").iterator(AT_ONCE)


def _look_again(suspects: list[Finding], told: Told, mark: int, result: Result) -> None:
    """Keep what is still wrong when rows and events are seen at one moment."""
    if not suspects:
        return
    alone = not connection.in_atomic_block
    with transaction.atomic():
        if alone and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        told.take(_since(mark))
        for found in _still(suspects, told):
            result.findings += 1
            if len(result.first) < LISTED:
                result.first.append(found)


def _still(suspects: list[Finding], told: Told) -> Iterator[Finding]:
    models = tracking.tracked()
    for label in sorted({found.type for found in suspects}):
        of = models[label]
        keys = [found.id for found in suspects if found.type == label]
        rows = list(of.model._base_manager.filter(pk__in=keys).only(*of.fields))
        yield from compare(of, rows, told, Compared())
        there = {str(row.pk) for row in rows}
        gone = [key for key in keys if key not in there]
        for key, state in told.of(label, gone).items():
            if state.digest is not None:
                yield finding_of(Kind.DELETED, of, key, event=state.event)
