"""The database of one machine: copied in one statement while others write, and put in place whole."""

import errno
import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection, connections

from desk.backup import disk
from desk.backup.layout import Log
from desk.backup.refusal import NotPossible
from imprimatur import durable


def versions() -> str:
    """Return the version of the database."""
    return sqlite3.sqlite_version


def check_programmes() -> None:
    """There is nothing to check: SQLite is part of Python."""


def dump(target: Path) -> tuple[Log, list[list[str]]]:
    """Write the database as it is at one moment; return how far its log is, and its migrations.

    `VACUUM INTO` reads one snapshot, in WAL mode it holds up nobody, and what was erased isn't in the copy, as it might
    be in a copy of the pages. Raises NotPossible and OSError.
    """
    connection.ensure_connection()
    try:
        with closing(sqlite3.connect(_file(), timeout=20)) as source:
            source.execute("VACUUM INTO ?", [str(target)])
        target.chmod(0o600)
        durable.sync(target)
        with closing(sqlite3.connect(target)) as copy:
            return _log(copy), [list(row) for row in copy.execute(MIGRATIONS)]
    except sqlite3.Error as fault:
        if fault.sqlite_errorcode == sqlite3.SQLITE_FULL:
            raise OSError(errno.ENOSPC, "No space left on device", str(target)) from fault
        raise NotPossible(
            f"The database can't be copied ({fault}). No backup was made. End what holds it, and run this again."
        ) from fault


MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY app, name"
SIZES = (
    "SELECT (SELECT count(*) FROM audit_event), (SELECT max(size) FROM audit_tree),"
    " (SELECT max(root) FROM audit_tree)"
)
LAST = "SELECT note FROM audit_checkpoint ORDER BY id DESC LIMIT 1"


def _log(copy: sqlite3.Connection) -> Log:
    events, size, root = copy.execute(SIZES).fetchone()
    last = copy.execute(LAST).fetchone()
    return Log(events, size or 0, root or "", last[0] if last else "")


def why_not_empty() -> str:
    """Say what is in the database already; "" when it is empty."""
    tables = connection.introspection.table_names()
    connections.close_all()
    if tables:
        return (
            f"{_file()} has tables already. Move it aside, or name another data folder with IMPRIMATUR_DATA."
        )
    return ""


def restore(source: Path) -> None:
    """Put the copy in place of the empty database; when this returns, it is on the disk. Raises OSError."""
    connections.close_all()
    place = Path(_file())
    draft = place.with_name(f".restoring-{place.name}")
    draft.unlink(missing_ok=True)
    disk.copy(source, draft)
    for ending in ("-wal", "-shm"):  # of the empty one: they must never be applied to this
        place.with_name(place.name + ending).unlink(missing_ok=True)
    draft.replace(place)
    durable.sync(place.parent)


def faults() -> list[str]:
    """Return what the database finds wrong with itself."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        found = [str(row[0]) for row in cursor.fetchall() if row[0] != "ok"]
        cursor.execute("PRAGMA foreign_key_check")
        return found + [f"row {row[1]} of {row[0]} points nowhere" for row in cursor.fetchall()]


def _file() -> str:
    return str(connection.settings_dict["NAME"])
