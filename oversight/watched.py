"""Which pages show an auditor something: looking at one of them is a visit, and which thing it is a visit of."""

from collections.abc import Mapping

LOG, ENGAGEMENT, RECORD, REQUEST, CHECK, MODEL, PROJECT, BOARD = (
    "log", "engagement", "record", "request", "check", "model", "project", "board",
)  # fmt: skip

_OF_REQUEST = (
    "request", "history", "readiness", "similar", "dates", "compare", "interests", "board_review", "ballot",
    "suspension", "condition", "dossier", "import", "triage", "letters",
    "continuing", "against_approved", "show_appeal", "clock", "why_date",
)  # fmt: skip

_OF_REQUEST_BY_CALL = (
    "read_request", "read_revision", "read_discussion", "list_motions", "read_ballot", "list_decisions",
    "list_appeals", "read_condition", "list_records", "list_letters",
)  # fmt: skip

WATCHED: Mapping[str, tuple[str, str]] = {
    "oversight:log": (LOG, ""),
    **{f"oversight:{name}": (LOG, "") for name in ("event", "story", "log_state", "checkpoints", "erasures")},
    "records:record_page": (RECORD, "record_id"),
    **{f"reviews:{name}": (REQUEST, "reference") for name in _OF_REQUEST},
    "reviews:board": (BOARD, "board"),
    "reviews:incident": ("incident", "number"),
    **{f"reviews:{name}": ("meeting", "meeting_id") for name in ("papers", "meeting", "room", "minutes")},
    "reviews:policy": (BOARD, "board"),
    "registry:project": (PROJECT, "project_id"),
    "registry:model": (MODEL, "model_id"),
    "registry:version": ("version", "version_id"),
    "compliance:assessment": (CHECK, "assessment_id"),
    "compliance:finding": ("finding", "finding_id"),
    "compliance:exception": ("exception", "exception_id"),
    "compliance:look_at_evidence": ("evidence", "evidence_id"),
    **{f"api:{name}": (REQUEST, "reference") for name in _OF_REQUEST_BY_CALL},
    "api:read_project": (PROJECT, "project_id"),
    "api:read_model": (MODEL, "model_id"),
    "api:read_version": ("version", "version_id"),
    "api:read_record": (RECORD, "record_id"),
    "api:read_assessment": (CHECK, "assessment_id"),
    "api:read_finding": ("finding", "finding_id"),
    "api:read_exception": ("exception", "exception_id"),
    "api:list_records_in_scope": (RECORD, ""),
    **{f"api:{name}": (LOG, "") for name in ("read_event", "read_story", "read_log", "list_checkpoints")},
}
"""Kind of thing, and the argument of the address that names it. The page of an engagement notes its visits itself."""

TELL_THEMSELVES = frozenset(
    {
        "records:record_file", "records:record_data", "reviews:dossier_file", "reviews:condition_file",
        "reviews:papers_file", "reviews:incident_file", "compliance:evidence", "compliance:content", "oversight:export",
        "oversight:bundle", "api:read_record_file", "api:read_record_data", "api:read_answer_file",
        "api:read_condition_file", "api:read_bundle_file", "api:export_events", "api:export_events_as_json",
        "api:export_events_as_workbook", "api:take_events", "api:take_requests", "api:take_sample",
    }
)  # fmt: skip
"""Downloads that leave an event of their own, for auditors and everybody else."""


def thing_of(name: str, arguments: Mapping[str, object]) -> tuple[str, str] | None:
    """Return kind and key of what the page with this name shows, None for a page that is no thing under audit."""
    if name not in WATCHED:
        return None
    kind, argument = WATCHED[name]
    return kind, str(arguments[argument])[:64] if argument else ""
