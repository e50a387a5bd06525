"""Triggers: attestations, status lists and the history of states are only added, and numbers of lists only grow.

Installed after every migrate, because SQLite rebuilds a table when a column is altered and drops its triggers silently.
"""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

ADDED = ("records_attestation", "records_statuslist", "records_standingchange")
LISTS = "records_statuslist"
_FUNCTIONS = (
    """
CREATE OR REPLACE FUNCTION records_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are only added: % is refused.', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$""",
    f"""
CREATE OR REPLACE FUNCTION records_number_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM {LISTS} WHERE number >= NEW.number) THEN
        RAISE EXCEPTION 'The number of a status list only grows: % is refused.', NEW.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$""",  # noqa: S608  (a constant)
)


def install(database: BaseDatabaseWrapper) -> None:
    """Bring the triggers of the database to what they should be; needs the owner's login on PostgreSQL."""
    present = set(database.introspection.table_names())
    if not present.issuperset(ADDED):
        return
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            _on_postgresql(cursor)
        else:
            _on_sqlite(cursor)


def _on_postgresql(cursor: CursorWrapper) -> None:
    for function in _FUNCTIONS:
        cursor.execute(function)
    for table in ADDED:
        _trigger(
            cursor, table, "only_added", "BEFORE UPDATE OR DELETE OR TRUNCATE", "STATEMENT", "records_refuse"
        )
    _trigger(cursor, LISTS, "number_grows", "BEFORE INSERT", "ROW", "records_number_grows")


def _trigger(cursor: CursorWrapper, table: str, name: str, when: str, each: str, function: str) -> None:
    cursor.execute(f'DROP TRIGGER IF EXISTS {table}_{name} ON "{table}"')
    cursor.execute(
        f'CREATE TRIGGER {table}_{name} {when} ON "{table}" FOR EACH {each} EXECUTE FUNCTION {function}()'
    )
    cursor.execute(f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER {table}_{name}')


def _on_sqlite(cursor: CursorWrapper) -> None:
    for table in ADDED:
        replaced = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"  # noqa: S608  (a constant)
        for act, condition in (("UPDATE", ""), ("DELETE", ""), ("INSERT", replaced)):
            _refusal(cursor, table, f"no_{act.lower()}", act, condition, f"Rows of {table} are only added.")
    grown = f"WHEN EXISTS (SELECT 1 FROM {LISTS} WHERE number >= NEW.number)"  # noqa: S608  (a constant)
    _refusal(cursor, LISTS, "number_grows", "INSERT", grown, "The number of a status list only grows.")


def _refusal(cursor: CursorWrapper, table: str, name: str, act: str, condition: str, words: str) -> None:
    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{name}")
    cursor.execute(
        f"CREATE TRIGGER {table}_{name} BEFORE {act} ON {table} {condition} BEGIN SELECT RAISE(ABORT, '{words}'); END"
    )
