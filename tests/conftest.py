"""Fixtures that every test may use."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test.utils import setup_databases, teardown_databases
from django.utils import timezone, translation


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about the other engine: it runs there, so nothing has to be skipped here."""
    other = [item for item in items if _engine_of(item) not in {"", connection.vendor}]
    if other:
        config.hook.pytest_deselected(items=other)
        items[:] = [item for item in items if _engine_of(item) in {"", connection.vendor}]


def _engine_of(item: pytest.Item) -> str:
    mark = item.get_closest_marker("engine")
    return str(mark.args[0]) if mark else ""


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """Each test begins without rate limits and used codes, and in nobody's language and time zone.

    A page leaves the language of its reader active in the thread, as it may: the next request sets its own.
    """
    translation.deactivate()
    timezone.deactivate()
    yield
    cache.clear()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """Migrate the test database when the first test needs it, also one that asks for `committed` only."""
    with django_db_blocker.unblock():
        databases = setup_databases(
            verbosity=0, interactive=False, aliases={"default": False}, serialized_aliases=set()
        )
    yield
    with django_db_blocker.unblock():
        teardown_databases(databases, verbosity=0)


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database of its own in which commits really happen, cloned from the migrated one.

    For tests with threads, locks, deferred constraints and on_commit. Append-only tables can't be flushed,
    so the clone is dropped instead.
    """
    with own_database(django_db_blocker, "committed"):
        yield


@contextmanager
def own_database(django_db_blocker: Any, name: str) -> Iterator[None]:
    """Work in a clone of the migrated database until the block ends, then drop it."""
    with django_db_blocker.unblock():
        original = connection.settings_dict["NAME"]
        connections.close_all()
        connection.creation.clone_test_db(suffix=name, verbosity=0, keepdb=False)
        clone = connection.creation.get_test_db_clone_settings(name)["NAME"]
        connection.settings_dict["NAME"] = clone
        try:
            yield
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = original
            _drop(str(clone))


def _drop(name: str) -> None:
    """Drop the clone."""
    if connection.vendor == "sqlite":
        for ending in ("", "-wal", "-shm"):
            Path(name + ending).unlink(missing_ok=True)
        return
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
