"""Triggers of the log on SQLite.

`INSERT OR REPLACE` passes delete triggers while recursive_triggers is off, so an existing row is refused before the
insert. A disclosure may go only while the newest event is `pii.erased`.
"""

from collections.abc import Iterator

from django.db.backends.utils import CursorWrapper

EVENT, DISCLOSURE = "audit_event", "audit_disclosure"
ENTRY, CHECKPOINT, COSIGNATURE = "audit_entry", "audit_checkpoint", "audit_cosignature"
TILE, TREE, KEY = "audit_tile", "audit_tree", "audit_logkey"
VERIFICATION = "audit_verification"
TABLES = {EVENT, DISCLOSURE, ENTRY, CHECKPOINT, COSIGNATURE, TILE, TREE, KEY, VERIFICATION}


def _refuse(name: str, when: str, table: str, condition: str, why: str) -> tuple[str, str]:
    guard = f" WHEN {condition}" if condition else ""
    return name, (
        f"CREATE TRIGGER {name} BEFORE {when} ON {table}{guard} "
        f"BEGIN SELECT RAISE(ABORT, 'The audit log is append-only: {why}'); END"
    )


def _only_added(table: str, *same: str) -> Iterator[tuple[str, str]]:
    """Yield the triggers of a table without changes; `same` says when a new row would replace another."""
    what = table.removeprefix("audit_").replace("entry", "entrie") + "s"
    yield _refuse(f"{table}_no_update", "UPDATE", table, "", f"{what} are not changed.")
    yield _refuse(f"{table}_no_delete", "DELETE", table, "", f"{what} are not deleted.")
    yield _not_replaced(table, what, *same)


def _only_grown(table: str, what: str, wrong: str, *same: str) -> Iterator[tuple[str, str]]:
    """Yield the triggers of a table whose rows may change unless they go `wrong`."""
    yield _refuse(f"{table}_only_grows", "UPDATE", table, wrong, f"{what} only grow.")
    yield _refuse(f"{table}_no_delete", "DELETE", table, "", f"{what} are not deleted.")
    yield _not_replaced(table, what, *same)


def _not_replaced(table: str, what: str, *same: str) -> tuple[str, str]:
    condition = f"EXISTS (SELECT 1 FROM {table} WHERE {' OR '.join(same)})"  # noqa: S608  (constants)
    return _refuse(f"{table}_no_replace", "INSERT", table, condition, f"{what} are not replaced.")


SAME_ID = "id = NEW.id"
TRIGGERS = dict(
    [
        *_only_added(EVENT, SAME_ID),
        *_only_added(ENTRY, "leaf_index = NEW.leaf_index", "event_id = NEW.event_id"),
        *_only_added(CHECKPOINT, SAME_ID, "origin = NEW.origin AND size = NEW.size"),
        *_only_added(COSIGNATURE, SAME_ID, "checkpoint_id = NEW.checkpoint_id AND witness = NEW.witness"),
        *_only_added(VERIFICATION, SAME_ID),
        *_only_grown(
            TILE, "tiles",
            "NEW.id <> OLD.id OR NEW.level <> OLD.level OR NEW.n <> OLD.n OR length(NEW.data) > 8192"
            " OR substr(NEW.data, 1, length(OLD.data)) <> OLD.data",
            "id = NEW.id AND (level <> NEW.level OR n <> NEW.n)",
            "level = NEW.level AND n = NEW.n AND substr(NEW.data, 1, length(data)) <> data",  # an upsert comes here too
        ),
        *_only_grown(
            TREE, "trees",
            "NEW.id <> OLD.id OR NEW.size < OLD.size OR NEW.generation < OLD.generation"
            " OR NEW.size = OLD.size AND NEW.root <> OLD.root",
            SAME_ID,
        ),
        *_only_grown(
            KEY, "keys",
            "NEW.id <> OLD.id OR NEW.origin <> OLD.origin OR NEW.vkey <> OLD.vkey OR NEW.made_at <> OLD.made_at"
            " OR OLD.until_size IS NOT NULL",
            SAME_ID, "vkey = NEW.vkey",
        ),
        _refuse("audit_disclosure_no_update", "UPDATE", DISCLOSURE, "", "disclosures are not changed."),
        _refuse(
            "audit_disclosure_no_delete", "DELETE", DISCLOSURE,
            "COALESCE((SELECT verb FROM audit_event ORDER BY id DESC LIMIT 1), '') <> 'pii.erased'",
            "disclosures are erased with their event.",
        ),
        _not_replaced(DISCLOSURE, "disclosures", SAME_ID, "event_id = NEW.event_id AND path = NEW.path"),
    ]
)  # fmt: skip


def install(cursor: CursorWrapper) -> None:
    """Create what is missing, and anew what differs."""
    for name, definition in _installed(cursor).items():
        if TRIGGERS.get(name) != definition:
            cursor.execute(f"DROP TRIGGER {name}")
    present = _installed(cursor)
    for name, definition in TRIGGERS.items():
        if name not in present:
            cursor.execute(definition)


def make_way(cursor: CursorWrapper) -> None:
    """Drop the trigger that reads the other table: SQLite refuses to rebuild a table that a trigger names."""
    cursor.execute("DROP TRIGGER IF EXISTS audit_disclosure_no_delete")


def faults(cursor: CursorWrapper) -> list[str]:
    """Return what is missing or altered."""
    present = _installed(cursor)
    return [
        f"The trigger {name} is missing or altered."
        for name, sql in TRIGGERS.items()
        if present.get(name) != sql
    ]


def _installed(cursor: CursorWrapper) -> dict[str, str]:
    cursor.execute("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'")
    return {name: sql for table, name, sql in cursor.fetchall() if table in TABLES}
