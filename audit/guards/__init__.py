"""Triggers that keep the log append-only: installed after every migrate, compared at every start.

SQLite rebuilds a table when a column is altered and drops its triggers silently, hence after every migrate.
"""

from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from audit.guards import postgresql, sqlite
from audit.models import Event
from audit.tracking import tracked


def install(database: BaseDatabaseWrapper = connection, *, commit_guard: bool | None = None) -> None:
    """Bring the triggers of the database to what they should be; needs the owner's login on PostgreSQL."""
    if Event._meta.db_table not in database.introspection.table_names():
        return
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            postgresql.install(cursor, _columns(database) if _wanted(commit_guard) else {})
        else:
            sqlite.install(cursor)


def make_way(database: BaseDatabaseWrapper) -> None:
    """Let a migration rebuild the tables of the log; until `install` a process refuses to start."""
    if database.vendor == "sqlite":
        with database.cursor() as cursor:
            sqlite.make_way(cursor)


def faults(database: BaseDatabaseWrapper = connection) -> list[str]:
    """Return what is missing, altered or switched off, as sentences; empty when the log is guarded."""
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            return postgresql.faults(cursor, _columns(database) if _wanted(None) else {})
        return sqlite.faults(cursor)


def _wanted(commit_guard: bool | None) -> bool:
    return bool(settings.AUDIT_COMMIT_GUARD) if commit_guard is None else commit_guard


def _columns(database: BaseDatabaseWrapper) -> dict[str, tuple[str, ...]]:
    """Return the tracked columns of each table that exists."""
    tables = set(database.introspection.table_names())
    return {
        found.model._meta.db_table: tuple(found.columns())
        for found in tracked().values()
        if found.model._meta.db_table in tables
    }
