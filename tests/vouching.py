"""Pytest plugin: finds a service that forgets to tell the log what it changed.

After each test that passed, every row with tracked fields that the product wrote is compared with the newest state
that the log tells of it. Rows that the test itself wrote last are left out: a test needs no event for its world. It
works on SQLite, where no trigger demands an event at the commit, and on PostgreSQL when IMPRIMATUR_TEST_VOUCH is set:
there most tests never commit, so that the trigger says nothing either, and it sees no state.
"""

import functools
import sys
from collections import defaultdict
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.db.models.deletion import Collector
from django.db.models.signals import post_save, pre_save
from django.db.transaction import Atomic

from audit import tracking
from audit.models import Event
from audit.reconciling.comparing import Compared, compare
from audit.reconciling.told import Told

HOUSE = str(Path(__file__).resolve().parents[1]) + "/"
TESTS = (HOUSE + "tests/", HOUSE + "bench/", HOUSE + ".venv/")
BY_A_TEST = ""


Row = tuple[str, str]  # label and primary key


@dataclass(frozen=True, slots=True)
class Writing:
    """A row was written, or removed, by a place of the product ("file:function") or a test."""

    row: Row
    writer: str
    removed: bool = False


class Watch:
    """What was written in this test and not rolled back, in its order."""

    def __init__(self) -> None:
        self.journal: list[Writing] = []

    def note(
        self,
        model: type[Model],
        keys: Iterable[Any],
        fields: Collection[str] | None = None,
        *,
        removed: bool = False,
    ) -> None:
        """Remember who writes these rows now; `fields` None: all of them."""
        label = model._meta.label_lower
        tracked = _tracked(label)
        if not tracked or (fields is not None and not tracked & set(fields)):
            return
        writer = _writer()
        self.journal += [Writing((label, str(key)), writer, removed) for key in keys]

    def by_product(self) -> dict[Row, Writing]:
        """Return the rows that the product wrote last."""
        last = {writing.row: writing for writing in self.journal}
        return {row: writing for row, writing in last.items() if writing.writer != BY_A_TEST}


watch = Watch()
_before: dict[int, bytes | None] = {}
_marks: dict[int, list[int]] = {}  # of each block that is open: how long the journal was at its beginnings


def forgotten() -> list[str]:
    """Return a sentence for each row that the product wrote and that isn't as the log tells."""
    written = watch.by_product()
    models = tracking.tracked()
    found: list[str] = []
    with Told() as told:
        if written:
            told.take(Event.objects.order_by("pk").values_list("pk", "leaf"))
        for (label, key), writing in written.items():
            of = models[label]
            row = of.model._base_manager.filter(pk=key).first()
            if row is not None:
                wrong = any(compare(of, [row], told, Compared()))
            else:
                state = told.of(label, [key]).get(key)
                wrong = writing.removed and (state is None or state.digest is not None)
            if wrong:
                found.append(f"{label} {key}: {writing.writer} left it otherwise than the log tells.")
    return found


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    """Begin to watch before the fixtures of a test do anything."""
    watch.journal.clear()
    _listen()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Compare when the test has passed and its database is still there."""
    yield
    if watch.by_product() and connection.connection is not None and not connection.needs_rollback:
        with unseen():
            found = forgotten()
        if found:
            pytest.fail("A service forgets its event.\n" + "\n".join(found), pytrace=False)


@contextmanager
def unseen() -> Iterator[None]:
    """Ask the database without being counted among the queries of the test."""
    before, connection.force_debug_cursor = connection.force_debug_cursor, False
    try:
        yield
    finally:
        connection.force_debug_cursor = before


def _tracked(label: str) -> set[str]:
    return set(tracking.fields_of(label))


def _writer() -> str:
    """Return the nearest place in the house that is writing now; nothing when it is a test."""
    frame = sys._getframe(2)
    while frame:
        name = frame.f_code.co_filename
        if (
            name.startswith(HOUSE)
            and name != __file__
            and not name.startswith(TESTS[2])
            and "/models" not in name
        ):
            return BY_A_TEST if name.startswith(TESTS) else f"{name[len(HOUSE) :]}:{frame.f_code.co_name}"
        frame = frame.f_back  # type: ignore[assignment]
    return BY_A_TEST


def _keys(rows: "QuerySet[Any]") -> list[Any]:
    with unseen():
        return list(rows.order_by().values_list("pk", flat=True))


def _saving(sender: type[Model], instance: Model, **_given: Any) -> None:
    """Remember the state before, so that a save that changes nothing in it isn't taken for a change."""
    if _tracked(sender._meta.label_lower):
        _before[id(instance)] = _state(instance) if instance.pk else None


def _saved(
    sender: type[Model], instance: Model, update_fields: Collection[str] | None, **_given: Any
) -> None:
    if _tracked(sender._meta.label_lower) and _state(instance) != _before.pop(id(instance), None):
        watch.note(sender, [instance.pk], update_fields)


def _state(instance: Model) -> bytes | None:
    with unseen():
        row = type(instance)._base_manager.filter(pk=instance.pk).first()
    return tracking.state_of(row) if row else None


@functools.cache
def _listen() -> None:
    """Hear of every way by which Django writes rows."""
    pre_save.connect(_saving, weak=False)
    post_save.connect(_saved, weak=False)
    _around(QuerySet, "update", _updating)
    _around(QuerySet, "bulk_create", _creating)
    _around(Collector, "delete", _deleting)
    _around(Atomic, "__enter__", _entering)
    _around(Atomic, "__exit__", _leaving)


def _around(owner: Any, name: str, seen: Callable[..., Any]) -> None:
    original = getattr(owner, name)

    @functools.wraps(original)
    def called(self: Any, *args: Any, **given: Any) -> Any:
        return seen(functools.partial(original, self), self, *args, **given)

    setattr(owner, name, called)


def _updating(go: Callable[..., int], rows: "QuerySet[Any]", **given: Any) -> int:
    if _tracked(rows.model._meta.label_lower) & given.keys():
        watch.note(rows.model, _keys(rows.all()), given)
    return go(**given)


def _creating(go: Callable[..., Any], rows: "QuerySet[Any]", objs: Any, *args: Any, **given: Any) -> Any:
    label = rows.model._meta.label_lower
    before = set(_keys(rows.model._base_manager.all())) if _tracked(label) else set()
    made = go(objs, *args, **given)
    if _tracked(label):
        watch.note(rows.model, set(_keys(rows.model._base_manager.all())) - before)
    return made


def _deleting(go: Callable[..., Any], collector: Any) -> Any:
    going: dict[type[Model], list[Any]] = defaultdict(list)
    for model, instances in collector.data.items():
        going[model] += [one.pk for one in instances]
    for rows in collector.fast_deletes:
        if _tracked(rows.model._meta.label_lower):
            going[rows.model] += _keys(rows)
    for model, keys in going.items():
        watch.note(model, keys, removed=True)
    return go()


def _entering(go: Callable[[], None], block: Atomic) -> None:
    _marks.setdefault(id(block), []).append(len(watch.journal))
    go()


def _leaving(go: Callable[..., None], block: Atomic, kind: Any, fault: Any, trace: Any) -> None:
    """Forget what was rolled back."""
    marks = _marks.get(id(block))
    mark = marks.pop() if marks else 0  # a block that was entered before anybody listened
    undone = kind is not None or transaction.get_connection(block.using).needs_rollback
    go(kind, fault, trace)
    if undone:
        del watch.journal[mark:]
