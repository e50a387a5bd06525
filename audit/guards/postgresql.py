"""Triggers of the log on PostgreSQL; ENABLE ALWAYS, so that the replica role doesn't switch them off.

The commit guard is a deferred constraint trigger on each tracked table: at the commit it asks for an event of the
same transaction, whichever object that event is about. A trigger's name ends with a digest of its definition, so
that a changed definition is another trigger. Functions name their table with its schema: a temporary table of the
same name, which everybody may make, would be found first.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.backends.utils import CursorWrapper

EVENT, DISCLOSURE = "audit_event", "audit_disclosure"
TILE, TREE, KEY = "audit_tile", "audit_tree", "audit_logkey"
ONLY_ADDED = (EVENT, "audit_entry", "audit_checkpoint", "audit_cosignature", "audit_verification")
ONLY_GROWN = {TILE: "audit_check_tile", TREE: "audit_check_tree", KEY: "audit_check_key"}

FUNCTIONS = {
    "audit_refuse": """
BEGIN
    RAISE EXCEPTION 'The audit log is append-only: % of % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END""",
    "audit_check_event": """
BEGIN
    IF NEW.txid IS DISTINCT FROM pg_current_xact_id() THEN
        RAISE EXCEPTION 'The audit log is append-only: an event belongs to its own transaction.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END""",
    "audit_check_tile": """
BEGIN
    IF (NEW.id, NEW.level, NEW.n) IS DISTINCT FROM (OLD.id, OLD.level, OLD.n)
        OR substring(NEW.data FROM 1 FOR length(OLD.data)) IS DISTINCT FROM OLD.data OR length(NEW.data) > 8192
    THEN
        RAISE EXCEPTION 'The audit log is append-only: a tile only grows, to 256 hashes.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END""",
    "audit_check_tree": """
BEGIN
    IF NEW.id IS DISTINCT FROM OLD.id OR NEW.size < OLD.size OR NEW.generation < OLD.generation
        OR (NEW.size = OLD.size AND NEW.root IS DISTINCT FROM OLD.root)
    THEN
        RAISE EXCEPTION 'The audit log is append-only: the tree only grows.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END""",
    "audit_check_key": """
BEGIN
    IF (NEW.id, NEW.origin, NEW.vkey, NEW.made_at) IS DISTINCT FROM (OLD.id, OLD.origin, OLD.vkey, OLD.made_at)
        OR OLD.until_size IS NOT NULL
    THEN
        RAISE EXCEPTION 'The audit log is append-only: a key is only retired, once.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END""",
    "audit_check_erasure": """
BEGIN
    IF NOT EXISTS (SELECT 1 FROM public.audit_event WHERE txid = pg_current_xact_id() AND verb = 'pii.erased') THEN
        RAISE EXCEPTION 'The audit log is append-only: a disclosure is erased with its event.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END""",
    "audit_demand_event": """
BEGIN
    IF NOT EXISTS (SELECT 1 FROM public.audit_event WHERE txid = pg_current_xact_id()) THEN
        RAISE EXCEPTION 'A change of % needs an event of the same transaction.', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END""",
}


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger without its name: `kind` is TRIGGER or CONSTRAINT TRIGGER."""

    table: str
    prefix: str
    kind: str
    when: str
    how: str
    function: str

    @property
    def name(self) -> str:
        """Return the name, which changes with the definition."""
        text = f"{self.kind} {self.when} {self.how} {self.function} {FUNCTIONS[self.function]}"
        return f"{self.prefix}_{hashlib.sha256(text.encode()).hexdigest()[:8]}"

    def statements(self) -> Iterator[str]:
        """Yield what creates it and switches it on for every role of replication."""
        name, table = f'"{self.name}"', f'"{self.table}"'
        yield f"CREATE {self.kind} {name} {self.when} ON {table} {self.how} EXECUTE FUNCTION {self.function}()"
        yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"


LOG = (
    *(Trigger(table, "audit_append_only", "TRIGGER", "BEFORE UPDATE OR DELETE OR TRUNCATE", "FOR EACH STATEMENT",
              "audit_refuse") for table in ONLY_ADDED),
    *(Trigger(table, "audit_append_only", "TRIGGER", "BEFORE DELETE OR TRUNCATE", "FOR EACH STATEMENT",
              "audit_refuse") for table in ONLY_GROWN),
    *(Trigger(table, "audit_only_grows", "TRIGGER", "BEFORE UPDATE", "FOR EACH ROW", function)
      for table, function in ONLY_GROWN.items()),
    Trigger(EVENT, "audit_own_transaction", "TRIGGER", "BEFORE INSERT", "FOR EACH ROW", "audit_check_event"),
    Trigger(DISCLOSURE, "audit_append_only", "TRIGGER", "BEFORE UPDATE OR TRUNCATE", "FOR EACH STATEMENT",
            "audit_refuse"),
    Trigger(DISCLOSURE, "audit_erased_with_event", "TRIGGER", "BEFORE DELETE", "FOR EACH ROW", "audit_check_erasure"),
)  # fmt: skip


def commit_guard(table: str, columns: tuple[str, ...]) -> tuple[Trigger, Trigger]:
    """Return the triggers of a tracked table: a row came or went; a tracked column was changed."""
    old, new = (", ".join(f'{row}."{column}"' for column in columns) for row in ("OLD", "NEW"))
    deferred = "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
    changed = f"{deferred} WHEN (ROW({old}) IS DISTINCT FROM ROW({new}))"
    kind, function = "CONSTRAINT TRIGGER", "audit_demand_event"
    return (
        Trigger(table, "audit_guard_rows", kind, "AFTER INSERT OR DELETE", deferred, function),
        Trigger(table, "audit_guard_values", kind, "AFTER UPDATE", changed, function),
    )


def install(cursor: CursorWrapper, tracked: Mapping[str, tuple[str, ...]]) -> None:
    """Create what is missing, and remove triggers of ours that should not be there (any more)."""
    bodies = _bodies(cursor)
    for name, body in FUNCTIONS.items():
        if bodies.get(name) != body:
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body${body}$body$"
            )
    wanted = {(trigger.table, trigger.name): trigger for trigger in _wanted(tracked)}
    present = _installed(cursor)
    for (table, name), enabled in present.items():
        if (table, name) not in wanted or enabled != "A":
            cursor.execute(f'DROP TRIGGER "{name}" ON "{table}"')
    for place, trigger in wanted.items():
        if present.get(place) != "A":
            for statement in trigger.statements():
                cursor.execute(statement)


def faults(cursor: CursorWrapper, tracked: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return what is missing, altered or switched off."""
    present, bodies = _installed(cursor), _bodies(cursor)
    wrong = [
        f"The function {name} is missing or altered."
        for name, body in FUNCTIONS.items()
        if bodies.get(name) != body
    ]
    for trigger in _wanted(tracked):
        state = present.get((trigger.table, trigger.name))
        if state != "A":
            what = "missing" if state is None else "not always on"
            wrong.append(f"The trigger {trigger.name} on {trigger.table} is {what}.")
    return wrong


def _wanted(tracked: Mapping[str, tuple[str, ...]]) -> Iterator[Trigger]:
    yield from LOG
    for table, columns in tracked.items():
        yield from commit_guard(table, columns)


def _installed(cursor: CursorWrapper) -> dict[tuple[str, str], str]:
    """Return table and name of each trigger of ours, with its tgenabled ("A": always)."""
    cursor.execute(
        "SELECT c.relname, t.tgname, t.tgenabled::text FROM pg_trigger t"
        " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
        " WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace AND p.proname = ANY(%s)",
        [list(FUNCTIONS)],
    )
    return {(table, name): enabled for table, name, enabled in cursor.fetchall()}


def _bodies(cursor: CursorWrapper) -> dict[str, str]:
    """Return name and text of each function of ours that is there."""
    cursor.execute(
        "SELECT proname, prosrc FROM pg_proc WHERE proname = ANY(%s)"
        " AND pronamespace = current_schema()::regnamespace",
        [list(FUNCTIONS)],
    )
    return dict(cursor.fetchall())
