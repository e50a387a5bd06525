"""Whether the login that a process uses on PostgreSQL has exactly the rights that `manage.py audit grants` gives it.

Asked is the login itself and every role that it may become, because SET ROLE is open to each member of a role.
"""

from collections.abc import Iterator

from django.db import connection
from django.db.backends.utils import CursorWrapper

from audit.grants import Role, rights

FEW = 5  # differences that are named; who sees them runs the command for all
ACTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
OF_COLUMNS = ("SELECT", "INSERT", "UPDATE")
DANGEROUS = ("pg_execute_server_program", "pg_write_server_files")
REACHABLE = "pg_roles r WHERE pg_has_role(session_user, r.oid, 'MEMBER')"


def faults(role: Role) -> list[str]:
    """Return the first differences as sentences, the last of which says what to do; empty when there is none.

    On SQLite there are no logins, and therefore no differences.
    """
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        found = list(_powers(cursor)) or [*_more(cursor, role), *_less(cursor, role)]
    if not found:
        return []
    rest = [f"There are {len(found) - FEW:,} more differences."] if len(found) > FEW else []
    do = (
        f'This process must be the login of the {role}: see "Logins on PostgreSQL" in docs/production.md, and as the '
        "owner of the tables run `manage.py audit grants --apply` after every migrate."
    )
    return [*found[:FEW], *rest, do]


def _powers(cursor: CursorWrapper) -> Iterator[str]:
    """Yield what no list of rights can make good."""
    cursor.execute(
        "SELECT session_user, r.rolname, r.rolsuper, r.rolcreaterole, r.rolreplication, r.rolname = ANY(%s)"  # noqa: S608
        f" FROM {REACHABLE} ORDER BY r.rolname <> session_user, r.rolname",
        [list(DANGEROUS)],
    )
    for login, name, superuser, makes_roles, replicates, dangerous in cursor.fetchall():
        who = f"The login {login}" if login == name else f"The login {login} may become {name}, which"
        if superuser:
            yield f"{who} is a superuser, and can rewrite the audit log."
            return
        if makes_roles:
            yield f"{who} may make roles, and so become any of them."
        if replicates:
            yield f"{who} may replicate the database."
        if dangerous:
            yield f"{who} may reach the files of the server."
    cursor.execute(
        "SELECT session_user, c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace"
        " AND c.relkind IN ('r', 'p', 'v', 'm', 'S') AND pg_has_role(session_user, c.relowner, 'MEMBER')"
        " ORDER BY c.relname <> 'audit_event', c.relname LIMIT 1"
    )
    yield from (
        f"The login {login} owns the table {table}, or may become its owner." for login, table in cursor
    )
    cursor.execute(
        "SELECT session_user, has_database_privilege(session_user, current_database(), 'CREATE'),"
        " has_schema_privilege(session_user, 'public', 'CREATE')"
    )
    login, in_database, in_schema = cursor.fetchone()
    if in_database or in_schema:
        yield f"The login {login} may create {'schemas' if in_database else 'tables and functions'}."


def _more(cursor: CursorWrapper, role: Role) -> Iterator[str]:
    """Yield each right that is not on the list: of tables, of columns, of counters."""
    wanted = list(rights(role))
    whole = {(right.table, right.act) for right in wanted if not right.columns}
    parts = {(right.table, right.act, column) for right in wanted for column in right.columns}
    has = _of_tables(cursor)
    yield from (f"It has the right to {act} {table}." for table, act in has if (table, act) not in whole)
    for table, act, column in _of_columns(cursor):
        if (table, act) not in {*whole, *has} and (table, act, column) not in parts:
            yield f"It has the right to {act} the column {column} of {table}."
    cursor.execute(
        "SELECT s.relname FROM pg_class s WHERE s.relkind = 'S'"  # noqa: S608  (constants, here and below)
        " AND s.relnamespace = 'public'::regnamespace AND EXISTS"
        f" (SELECT 1 FROM {REACHABLE} AND has_sequence_privilege(r.oid, s.oid, 'USAGE, UPDATE'))"
        " ORDER BY s.relname"
    )
    yield from (f"It has the right to move the counter {name}." for (name,) in cursor.fetchall())


def _less(cursor: CursorWrapper, role: Role) -> Iterator[str]:
    """Yield each right that is on the list and that it hasn't."""
    whole, parts = set(_of_tables(cursor)), set(_of_columns(cursor))
    for right in rights(role):
        if not right.columns and (right.table, right.act) not in whole:
            yield f"It hasn't the right to {right.act} {right.table}."
        yield from (
            f"It hasn't the right to {right.act} the column {column} of {right.table}."
            for column in right.columns
            if (right.table, right.act, column) not in parts
        )


def _of_tables(cursor: CursorWrapper) -> list[tuple[str, str]]:
    """Return table and act of each right that the login or a role within its reach has on a whole table."""
    cursor.execute(
        "SELECT c.relname, a.act FROM pg_class c CROSS JOIN unnest(%s::text[]) AS a(act)"  # noqa: S608
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND EXISTS"
        f" (SELECT 1 FROM {REACHABLE} AND has_table_privilege(r.oid, c.oid, a.act))"
        " ORDER BY c.relname NOT LIKE 'audit_%%', c.relname, a.act",
        [list(ACTS)],
    )
    return [(table, act) for table, act in cursor.fetchall()]


def _of_columns(cursor: CursorWrapper) -> list[tuple[str, str, str]]:
    """Return table, act and column of each right on a column, of the tables on which it hasn't the whole right."""
    cursor.execute(
        "SELECT c.relname, a.act, n.attname FROM pg_class c CROSS JOIN unnest(%s::text[]) AS a(act)"  # noqa: S608
        " JOIN pg_attribute n ON n.attrelid = c.oid AND n.attnum > 0 AND NOT n.attisdropped AND n.attacl IS NOT NULL"
        " WHERE c.relnamespace = 'public'::regnamespace AND EXISTS"
        f" (SELECT 1 FROM {REACHABLE} AND has_column_privilege(r.oid, c.oid, n.attnum, a.act))"
        " ORDER BY c.relname, a.act, n.attname",
        [list(OF_COLUMNS)],
    )
    return [(table, act, column) for table, act, column in cursor.fetchall()]
