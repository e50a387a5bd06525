"""How tables are created: all of an app at once, and that of events with columns that the database fills in."""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Field

COLUMNS = """
    txid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    leaf_hash bytea NOT NULL GENERATED ALWAYS AS (sha256('\\x00'::bytea || leaf)) STORED
"""


class CreateTables(Operation):
    """All tables of an app, from the operations that describe them, in one step.

    Each operation of a migration makes Django build every model that is related anew, which for the first tables of
    a product takes most of the time. Here the tables are created from the last state: it has their fields, indexes
    and constraints, and those that point to a table which comes later are added at the end of the migration.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = list(operations)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Describe all of them, and let the models be built once, when somebody asks for them."""
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Create the tables."""
        for operation in self._creating():
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Drop the tables."""
        for operation in reversed(self._creating()):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """Say what it does."""
        return f"Creates {len(self._creating())} tables"

    def _creating(self) -> list[CreateModel]:
        return [operation for operation in self.operations if isinstance(operation, CreateModel)]


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
