"""Triggers of the log on SQLite.

`INSERT OR REPLACE` passes delete triggers while recursive_triggers is off, so an existing row is refused before the
insert. A disclosure may go only while the newest event is `pii.erased`.
"""

from django.db.backends.utils import CursorWrapper

EVENT, DISCLOSURE = "audit_event", "audit_disclosure"


def _refuse(name: str, when: str, table: str, condition: str, why: str) -> tuple[str, str]:
    guard = f" WHEN {condition}" if condition else ""
    return name, (
        f"CREATE TRIGGER {name} BEFORE {when} ON {table}{guard} "
        f"BEGIN SELECT RAISE(ABORT, 'The audit log is append-only: {why}'); END"
    )


TRIGGERS = dict(
    [
        _refuse("audit_event_no_update", "UPDATE", EVENT, "", "events are not changed."),
        _refuse("audit_event_no_delete", "DELETE", EVENT, "", "events are not deleted."),
        _refuse(
            "audit_event_no_replace", "INSERT", EVENT,
            "EXISTS (SELECT 1 FROM audit_event WHERE id = NEW.id)", "events are not replaced.",
        ),
        _refuse("audit_disclosure_no_update", "UPDATE", DISCLOSURE, "", "disclosures are not changed."),
        _refuse(
            "audit_disclosure_no_delete", "DELETE", DISCLOSURE,
            "COALESCE((SELECT verb FROM audit_event ORDER BY id DESC LIMIT 1), '') <> 'pii.erased'",
            "disclosures are erased with their event.",
        ),
        _refuse(
            "audit_disclosure_no_replace", "INSERT", DISCLOSURE,
            "EXISTS (SELECT 1 FROM audit_disclosure WHERE id = NEW.id OR event_id = NEW.event_id AND path = NEW.path)",
            "disclosures are not replaced.",
        ),
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
    cursor.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN (%s, %s)",
        [EVENT, DISCLOSURE],
    )
    return dict(cursor.fetchall())
