"""Fixtures that every test may use."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, connections
from django.utils import timezone, translation
from hypothesis import HealthCheck, settings

from tests import databases, vouching

# A busy machine is no fault of the product: no test asserts a time.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ordinary", parent=settings.get_profile("house"), derandomize=True, database=None)
settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    """Let the ordinary run try the same examples each time, and look for services that forget their event."""
    if "not long" in config.option.markexpr:
        settings.load_profile("ordinary")
    if connection.vendor == "sqlite" or os.environ.get("IMPRIMATUR_TEST_VOUCH"):
        config.pluginmanager.register(vouching, "vouching")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about the other engine: it runs there, so nothing has to be skipped here."""
    other = [item for item in items if _engine_of(item) not in {"", connection.vendor}]
    if other:
        config.hook.pytest_deselected(items=other)
        items[:] = [item for item in items if _engine_of(item) in {"", connection.vendor}]


def pytest_collection_finish() -> None:
    """Let the collector of cycles pass over what was imported and collected: it stays until the end anyhow."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


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
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """Copy the migrated database when the first test needs one, also one that asks for `committed` only."""
    with django_db_blocker.unblock():
        copy = databases.copy(databases.migrated(), "test")
        connection.settings_dict["NAME"] = copy
        emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
        connections.close_all()
    yield
    with django_db_blocker.unblock():
        connections.close_all()
        databases.drop(copy)


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database of its own in which commits really happen, copied from the migrated one.

    For tests with threads, locks, deferred constraints and on_commit. Append-only tables can't be flushed,
    so the copy is dropped instead.
    """
    with own_database(django_db_blocker, "committed"):
        yield


@contextmanager
def own_database(django_db_blocker: Any, name: str) -> Iterator[None]:
    """Work in a copy of the migrated database until the block ends, then drop it."""
    with django_db_blocker.unblock():
        copy = databases.copy(str(connection.settings_dict["NAME"]), name)
        try:
            with databases.working_in(copy):
                yield
        finally:
            databases.drop(copy)
