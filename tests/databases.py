"""Databases of tests: copies of the migrated one, which live as long as somebody works in them."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, connections


def migrated() -> str:
    """Return the migrated database that the run took for all its workers."""
    if connection.vendor == "sqlite":
        return os.environ["IMPRIMATUR_TEST_FOLDER"] + "/migrated.sqlite3"
    return "imprimatur"


def copy(source: str, name: str) -> str:
    """Copy a database that nobody is connected to for this worker, and return what the copy is called."""
    connections.close_all()
    if connection.vendor == "sqlite":
        target = str(settings.DATA_DIR / f"{name}.sqlite3")
        shutil.copyfile(source, target)
        return target
    target = f"test_{name}_{settings.DATA_DIR.name}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
    return target


def empty(name: str) -> str:
    """Make a database with nothing in it for this worker, and return what it is called."""
    connections.close_all()
    if connection.vendor == "sqlite":
        return str(settings.DATA_DIR / f"{name}.sqlite3")
    target = f"test_{name}_{settings.DATA_DIR.name}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{target}" TEMPLATE template0')
    return target


def drop(name: str) -> None:
    """Drop a copy."""
    if connection.vendor == "sqlite":
        for ending in ("", "-wal", "-shm"):
            Path(name + ending).unlink(missing_ok=True)
        return
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def working_in(name: str) -> Iterator[None]:
    """Let services and models work in this database until the block ends."""
    original = connection.settings_dict["NAME"]
    connections.close_all()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = original
