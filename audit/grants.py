"""What each of the three logins may do on PostgreSQL.

The owner migrates and owns every table. The application reads and writes business tables, adds events, reads the rest
of the log, and deletes disclosures, which the trigger allows only together with `pii.erased`. The sequencer reads
events and writes what is made of them: order, tree, checkpoints. They are logins of their own, because RESET ROLE
undoes SET ROLE. `audit.logins` compares a login with the same list.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import Literal, NamedTuple

from django.db import connection

from audit.models import Disclosure, Event

Role = Literal["application", "sequencer"]

EVENT, DISCLOSURE = Event._meta.db_table, Disclosure._meta.db_table
MIGRATIONS = "django_migrations"
WRITE = ("SELECT", "INSERT", "UPDATE", "DELETE")

OF_THE_SEQUENCER = {
    EVENT: ("SELECT",),
    "audit_entry": ("SELECT", "INSERT"),
    "audit_tile": ("SELECT", "INSERT", "UPDATE"),
    "audit_tree": ("SELECT", "INSERT", "UPDATE"),
    "audit_logkey": ("SELECT", "INSERT", "UPDATE"),
    "audit_checkpoint": ("SELECT", "INSERT"),
    "audit_cosignature": ("SELECT", "INSERT"),
    "audit_witnessanswer": ("SELECT", "INSERT", "UPDATE"),
    "audit_alarm": ("SELECT", "INSERT", "UPDATE"),
}
"""Its tables; triggers allow UPDATE only of a tile and a tree that grow and of a key that is retired."""
ONLY_READ = {*OF_THE_SEQUENCER, MIGRATIONS} - {"audit_alarm"}
"""By the application."""


class Right(NamedTuple):
    """One act on a table, or only on some columns of it."""

    table: str
    act: str
    columns: tuple[str, ...] = ()


def rights(role: Role) -> Iterator[Right]:
    """Yield every right of the role, on the tables that the database has now."""
    for table in sorted(connection.introspection.table_names()):
        acts = OF_THE_SEQUENCER.get(table, ()) if role == "sequencer" else _of_the_application(table)
        yield from (Right(table, act) for act in acts)
        if role == "application" and table in {EVENT, DISCLOSURE}:
            yield Right(table, "INSERT", _given(Event if table == EVENT else Disclosure))


def statements(*, application: str, sequencer: str) -> Iterator[str]:
    """Yield the SQL that gives both logins exactly their rights; the logins must exist."""
    yield "REVOKE CREATE ON SCHEMA public FROM PUBLIC"
    roles: tuple[tuple[Role, str], ...] = (("application", application), ("sequencer", sequencer))
    for role, login in roles:
        name = _name(login)
        yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name}"
        yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {name}"
        yield f"REVOKE CREATE ON SCHEMA public FROM {name}"
        yield f"GRANT USAGE ON SCHEMA public TO {name}"
        found = sorted(rights(role), key=lambda right: (right.act, right.columns, right.table))
        for (act, columns), alike in groupby(found, key=lambda right: (right.act, right.columns)):
            of = f" ({', '.join(map(_name, columns))})" if columns else ""
            yield f"GRANT {act}{of} ON {', '.join(_name(right.table) for right in alike)} TO {name}"


def _of_the_application(table: str) -> tuple[str, ...]:
    if table in ONLY_READ:
        return ("SELECT",)
    if table == "audit_verification":
        return ("SELECT", "INSERT")
    return ("SELECT", "DELETE") if table == DISCLOSURE else WRITE


def _given(model: type[Event] | type[Disclosure]) -> tuple[str, ...]:
    """Return the columns that may be given: not the ids, which the database counts itself."""
    return tuple(str(field.column) for field in model._meta.local_concrete_fields if not field.primary_key)


def _name(name: str) -> str:
    return connection.ops.quote_name(name.replace('"', ""))
