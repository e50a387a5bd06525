"""What each of the three logins may do on PostgreSQL.

The owner migrates and owns every table. The application reads and writes business tables, adds events and nothing
else to the log, and deletes disclosures, which the trigger allows only together with `pii.erased`. The sequencer reads
events, and will write leaves, tiles and checkpoints. They are logins of their own, because RESET ROLE undoes SET ROLE.
"""

from collections.abc import Iterator

from django.db import connection

from audit.models import Disclosure, Event

EVENT, DISCLOSURE = Event._meta.db_table, Disclosure._meta.db_table
READ_ONLY = "django_migrations"


def statements(*, application: str, sequencer: str) -> Iterator[str]:
    """Yield the SQL that gives both logins exactly their rights; the logins must exist."""
    app, seq = _name(application), _name(sequencer)
    for login in (app, seq):
        yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {login}"
        yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {login}"
        yield f"REVOKE CREATE ON SCHEMA public FROM {login}"
        yield f"GRANT USAGE ON SCHEMA public TO {login}"
    yield "REVOKE CREATE ON SCHEMA public FROM PUBLIC"
    for table in sorted(connection.introspection.table_names()):
        yield from _table(table, app)
    yield f"GRANT INSERT ({_columns(Event)}) ON {_name(EVENT)} TO {app}"
    yield f"GRANT INSERT ({_columns(Disclosure)}) ON {_name(DISCLOSURE)} TO {app}"
    yield f"GRANT SELECT ON {_name(EVENT)} TO {seq}"


def _table(table: str, app: str) -> Iterator[str]:
    if table in {EVENT, READ_ONLY}:
        yield f"GRANT SELECT ON {_name(table)} TO {app}"
    elif table == DISCLOSURE:
        yield f"GRANT SELECT, DELETE ON {_name(table)} TO {app}"
    else:
        yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON {_name(table)} TO {app}"


def _columns(model: type[Event] | type[Disclosure]) -> str:
    """Return the columns that may be given: not the ids, which the database counts itself."""
    return ", ".join(
        _name(str(field.column)) for field in model._meta.local_concrete_fields if not field.primary_key
    )


def _name(name: str) -> str:
    return connection.ops.quote_name(name.replace('"', ""))
