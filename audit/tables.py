"""The table of events: on PostgreSQL with two columns that the database fills in and that nobody can give."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import CreateModel
from django.db.migrations.state import ProjectState
from django.db.models import Field

COLUMNS = """
    txid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    leaf_hash bytea NOT NULL GENERATED ALWAYS AS (sha256('\\x00'::bytea || leaf)) STORED
"""


class CreateEvents(CreateModel):
    """CreateModel whose table on PostgreSQL begins with `txid` and hashes each leaf itself (RFC 6962, 2.1)."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Create the table, its indexes and its constraints."""
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.name)
        table = schema_editor.quote_name(model._meta.db_table)
        fields = [_column(schema_editor, field) for field in model._meta.local_fields if field.name != "id"]
        schema_editor.execute(f"CREATE TABLE {table} ({', '.join([COLUMNS, *fields])})", params=None)
        schema_editor.execute(f"CREATE INDEX audit_event_txid ON {table} (txid)", params=None)
        for index in model._meta.indexes:
            schema_editor.add_index(model, index)
        for constraint in model._meta.constraints:
            schema_editor.add_constraint(model, constraint)


def _column(schema_editor: BaseDatabaseSchemaEditor, field: "Field[Any, Any]") -> str:
    kind = field.db_parameters(schema_editor.connection)["type"]
    return f"{schema_editor.quote_name(str(field.column))} {kind} NOT NULL"
