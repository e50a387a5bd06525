"""Pytest plugin: finds a service that forgets to tell the log what it changed, on either engine.

After each test that passed, every row with tracked fields that the product wrote is compared with the newest state
that the log tells of it. Rows that the test itself wrote last are left out: a test needs no event for its world.
"""

import functools
import sys
from collections import defaultdict
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.deletion import Collector
from django.db.models.signals import post_save

HOUSE = str(Path(__file__).resolve().parents[1]) + "/"
TESTS = (HOUSE + "tests/", HOUSE + "bench/", HOUSE + ".venv/")
BY_A_TEST = ""


class Watch:
    """Who wrote which row last: by label and primary key; a product's place is "file:function"."""

    def __init__(self) -> None:
        self.writers: dict[tuple[str, str], str] = {}

    def note(self, model: type[Model], keys: Iterable[Any], fields: Collection[str] | None = None) -> None:
        """Remember who writes these rows now; `fields` None: all of them."""
        label = model._meta.label_lower
        tracked = _tracked(label)
        if not tracked or (fields is not None and not tracked & set(fields)):
            return
        writer = _writer()
        for key in keys:
            self.writers[(label, str(key))] = writer

    def by_product(self) -> dict[tuple[str, str], str]:
        """Return the rows that the product wrote last."""
        return {row: writer for row, writer in self.writers.items() if writer != BY_A_TEST}


watch = Watch()


def forgotten() -> list[str]:
    """Return a sentence for each row that the product wrote and that isn't as the log tells."""
    from audit.reconciling import comparing  # noqa: PLC0415  (the apps are there when a test runs)

    rows = watch.by_product()
    told = comparing.newest_states(rows) if rows else {}
    found = []
    for row, is_as_told in comparing.compared(told, rows):
        if not is_as_told:
            found.append(f"{row[0]} {row[1]}: {rows[row]} left it otherwise than the log tells.")
    return found


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    """Begin to watch before the fixtures of a test do anything."""
    watch.writers.clear()
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
    from audit import tracking  # noqa: PLC0415  (the apps are there when a test runs)

    return set(tracking.fields_of(label))


def _writer() -> str:
    """Return the nearest place in the house that is writing now; nothing when it is a test."""
    frame = sys._getframe(2)
    while frame:
        name = frame.f_code.co_filename
        if name.startswith(HOUSE) and name != __file__ and not name.startswith(TESTS[2]) and "/models" not in name:
            return BY_A_TEST if name.startswith(TESTS) else f"{name[len(HOUSE):]}:{frame.f_code.co_name}"
        frame = frame.f_back  # type: ignore[assignment]
    return BY_A_TEST


def _keys(rows: "QuerySet[Any]") -> list[Any]:
    with unseen():
        return list(rows.order_by().values_list("pk", flat=True))


def _saved(sender: type[Model], instance: Model, update_fields: Collection[str] | None, **_given: Any) -> None:
    watch.note(sender, [instance.pk], update_fields)


@functools.cache
def _listen() -> None:
    """Hear of every way by which Django writes rows."""
    post_save.connect(_saved, weak=False)
    _around(QuerySet, "update", _updating)
    _around(QuerySet, "bulk_create", _creating)
    _around(Collector, "delete", _deleting)


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
        watch.note(model, keys)
    return go()
