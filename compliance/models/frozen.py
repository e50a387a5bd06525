"""Triggers that hold what must never be false here: accepted assessments, dates and library texts don't change.

Installed after every migrate, because SQLite drops triggers silently when it rebuilds a table.
"""

from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

ASSESSMENT = "compliance_assessment"


@dataclass(frozen=True, slots=True)
class Guard:
    """A row operation that is refused while the condition holds; `{row}` is OLD or NEW."""

    table: str
    operation: str
    condition: str
    why: str

    @property
    def name(self) -> str:
        """Return the name of the trigger."""
        return f"{self.table}_no_{self.operation.lower()}"


def _in_review(row: str) -> str:
    states = "('submitted', 'accepted')"
    return f"(SELECT state FROM {ASSESSMENT} WHERE id = {row}.assessment_id) IN {states}"  # noqa: S608  (our own names)


def _changed(*columns: str) -> str:
    """Return the condition that any of these columns changes; "name:0" for one that may be empty, where 0 is never."""
    return " OR ".join(
        f"COALESCE(OLD.{name}, {empty}) <> COALESCE(NEW.{name}, {empty})"
        if empty
        else f"OLD.{name} <> NEW.{name}"
        for name, _colon, empty in (column.partition(":") for column in columns)
    )


_HANDED_IN = _changed(
    "sha256", "size", "name", "version", "effective_on", "added_at", "control_id", "assessment_id"
)
_FOUND = _changed("text", "severity", "raised_at", "raised_by_id", "control_id", "assessment_id")
_PLANNED = _changed("text", "created_at", "created_by_id", "finding_id")
_ABOUT = ("project_id:0", "version_id:0")
_ASKED = _changed(
    "library_code", "control_number", "scope", "board:0", *_ABOUT, "reason", "instead", "until", "asked_at",
    "asked_by_id",
)  # fmt: skip
_DECIDED = _changed(
    "library_code", "level", *_ABOUT, "model_id:0", "applies", "reason", "made_at", "made_by_id"
)
_ROWS = {"INSERT": ["NEW"], "UPDATE": ["OLD", "NEW"], "DELETE": ["OLD"]}
_PARTS = (
    *(
        Guard(
            table,
            operation,
            " OR ".join(_in_review(row) for row in _ROWS[operation]),
            "what was submitted stays",
        )
        for table in ("compliance_answer", "compliance_evidence")
        for operation in ("INSERT", "UPDATE", "DELETE")
        if (table, operation) != ("compliance_evidence", "UPDATE")
    ),
    Guard(
        "compliance_evidence", "UPDATE", f"{_in_review('OLD')} OR {_HANDED_IN}",
        "what was submitted stays, and a file that was handed in is never another one",
    ),
)  # fmt: skip
ACCEPTED = f"(SELECT state FROM {ASSESSMENT} WHERE id = NEW.assessment_id) = 'accepted'"  # noqa: S608  (our own names)
GUARDS = (
    Guard(ASSESSMENT, "UPDATE", "OLD.state = 'accepted'", "an accepted assessment is frozen"),
    Guard(ASSESSMENT, "DELETE", "OLD.state = 'accepted'", "an accepted assessment is frozen"),
    *_PARTS,
    Guard("compliance_finding", "INSERT", ACCEPTED, "what was accepted gets no further finding"),
    Guard(
        "compliance_finding", "UPDATE", f"OLD.closed_at IS NOT NULL OR {_FOUND}",
        "a finding stays as it was raised, and a closed one stays closed",
    ),
    Guard("compliance_finding", "DELETE", "1 = 1", "a finding is closed, not removed"),
    Guard(
        "compliance_action", "UPDATE", f"OLD.settled_at IS NOT NULL OR {_PLANNED}",
        "an action stays as it was planned, and a settled one stays settled",
    ),
    Guard("compliance_action", "DELETE", "1 = 1", "an action is dropped, not removed"),
    Guard(
        "compliance_controlexception", "UPDATE", f"OLD.state IN ('refused', 'revoked') OR {_ASKED}",
        "an exception is decided as it was asked for, and what has ended stays so",
    ),
    Guard("compliance_controlexception", "DELETE", "1 = 1", "an exception is revoked, not removed"),
    Guard(
        "compliance_applicabilityoverride", "UPDATE", f"OLD.ended_at IS NOT NULL OR {_DECIDED}",
        "a decision stays as it was made, and another one takes its place",
    ),
    Guard("compliance_applicabilityoverride", "DELETE", "1 = 1", "a decision is taken back, not removed"),
    Guard("compliance_controlcomment", "INSERT", ACCEPTED, "what was accepted gets no further comment"),
    Guard("compliance_controlcomment", "UPDATE", "1 = 1", "a comment stays as it was written"),
    Guard("compliance_controlcomment", "DELETE", "1 = 1", "a comment stays"),
    Guard(
        "compliance_occurrence", "UPDATE",
        "(OLD.scheduled_for <> NEW.scheduled_for OR OLD.schedule_id <> NEW.schedule_id"
        " OR OLD.happening <> NEW.happening OR OLD.occasion <> NEW.occasion)", "a date never moves",
    ),
    Guard("compliance_incident", "UPDATE", "1 = 1", "an incident stays as it was entered"),
    Guard("compliance_incident", "DELETE", "1 = 1", "an incident stays"),
    Guard("compliance_control", "UPDATE", "1 = 1", "an update of a library is a new version"),
    Guard("compliance_library", "UPDATE", "1 = 1", "an update of a library is a new version"),
)  # fmt: skip


def install(database: BaseDatabaseWrapper) -> None:
    """Create the triggers anew; needs the owner's login on PostgreSQL. Does nothing while the tables don't exist."""
    tables = set(database.introspection.table_names())
    if not {guard.table for guard in GUARDS} <= tables:
        return
    with database.cursor() as cursor:
        for guard in GUARDS:
            if database.vendor == "postgresql":
                _install_postgresql(cursor, guard)
            else:
                _install_sqlite(cursor, guard)


def _install_postgresql(cursor: CursorWrapper, guard: Guard) -> None:
    result = "OLD" if guard.operation == "DELETE" else "NEW"
    body = (
        f"BEGIN IF {guard.condition} THEN RAISE EXCEPTION 'Refused: {guard.why}.'"
        f" USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {result}; END"
    )
    cursor.execute(
        f"CREATE OR REPLACE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $body${body}$body$"
    )
    cursor.execute(
        f"CREATE OR REPLACE TRIGGER {guard.name} BEFORE {guard.operation} ON {guard.table}"
        f" FOR EACH ROW EXECUTE FUNCTION {guard.name}()"
    )


def _install_sqlite(cursor: CursorWrapper, guard: Guard) -> None:
    cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}")
    cursor.execute(
        f"CREATE TRIGGER {guard.name} BEFORE {guard.operation} ON {guard.table} WHEN {guard.condition}"
        f" BEGIN SELECT RAISE(ABORT, 'Refused: {guard.why}.'); END"
    )
