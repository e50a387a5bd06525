"""The shape of what the record of an accepted assessment says; the rules of the format are those of `context.py`."""

from typing import Literal, NotRequired, TypedDict

from records.context import Language
from records.head_context import LogHead

ASSESSMENT: Literal["imprimatur/assessment-record/v1"] = "imprimatur/assessment-record/v1"

AnswerState = Literal["met", "partly", "not_met", "not_applicable"]
Severity = Literal["critical", "high", "medium", "low"]
ActionState = Literal["open", "done", "verified", "dropped"]
ExceptionState = Literal["asked", "approved", "refused", "revoked"]


class Counted(TypedDict):
    """How many controls have which answer."""

    met: int
    partly: int
    not_met: int
    not_applicable: int


class Library(TypedDict):
    """The version of the library that the controls are from."""

    name: str
    framework: str
    version: int
    sha256: str  # of the file that it was read from


class Evidence(TypedDict):
    """A file that shows something; the file itself is not part of the record."""

    name: str
    sha256: str
    size: int  # bytes
    effective_on: str  # day
    expires_on: str | None  # day, the last one on which it shows anything


class Action(TypedDict):
    """What somebody does about a finding."""

    text: str
    owner: str
    due: str  # day
    state: ActionState
    said: str  # what its owner reported, or why it was dropped


class Finding(TypedDict):
    """What is wrong with a control."""

    control: str  # its number
    severity: Severity
    text: str
    raised_by: str
    raised_at: str  # instant
    closed: bool
    closing_reason: str
    actions: list[Action]


class ControlException(TypedDict):
    """A control that may stay unmet for a time."""

    control: str  # its number
    state: ExceptionState
    reason: str
    instead: str  # what is done instead
    until: str  # day, the last one on which it counts
    asked_by: str
    decided_by: str
    decided_at: str | None  # instant


class Comment(TypedDict):
    """What owner and reviewer wrote to each other."""

    text: str
    by: str
    at: str  # instant


class Control(TypedDict):
    """A control with what was said about it."""

    number: str
    title: str
    text: str  # what is asked
    source: str  # with its article
    state: AnswerState
    comment: str  # Markdown
    answered_by: str
    answered_at: str | None  # instant
    evidence: list[Evidence]
    comments: list[Comment]


class Group(TypedDict):
    """Controls that stand together; number and title are "" in a library without groups."""

    number: str
    title: str
    counted: Counted
    controls: list[Control]


class AssessmentContext(TypedDict):
    """All that the record of an accepted assessment says."""

    schema: Literal["imprimatur/assessment-record/v1"]
    language: Language
    time_zone: str  # IANA name; times in print are local to it
    organisation: str
    reference: str
    title: str  # what was checked
    subtitle: str  # about what
    library: Library
    schedule: str  # when it happens, in words; empty: opened without a schedule
    scheduled_for: str | None  # instant, the date that it was for
    opened_at: str  # instant
    due: str  # instant
    owner: str
    submitted_at: str  # instant
    reviewer: str
    accepted_at: str  # instant
    counted: Counted
    groups: list[Group]
    findings: list[Finding]
    exceptions: list[ControlException]
    content_sha256: str  # of the embedded assessment.json
    log: NotRequired[LogHead | None]  # added at freezing
