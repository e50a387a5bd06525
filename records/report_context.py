"""The shape of what the record of a report for a period says; the rules of the format are those of `context.py`."""

from typing import Literal, NotRequired, TypedDict

from records.assessment_context import Counted, Severity
from records.context import Language
from records.head_context import LogHead

REPORT: Literal["imprimatur/compliance-report/v1"] = "imprimatur/compliance-report/v1"


class Timeliness(TypedDict):
    """How many runs that were due were done how; `waiting` are in review, or their day hasn't passed."""

    in_time: int
    late: int
    missed: int
    waiting: int


class Month(TypedDict):
    """A month of the period, cut to it."""

    since: str  # day
    until: str  # day
    runs: Timeliness


class MissedRun(TypedDict):
    """A run that nobody had handed in when the report was made, though its day had passed."""

    title: str
    about: str
    owner: str
    due: str  # instant


class Framework(TypedDict):
    """The newest answer of each control in the runs accepted in the period."""

    name: str
    runs: int
    counted: Counted


class Severities(TypedDict):
    """How many findings of each severity."""

    critical: int
    high: int
    medium: int
    low: int


class Findings(TypedDict):
    """What was found and mended; `open` is at the end of the period."""

    raised: int
    closed: int
    open: Severities


class OpenFinding(TypedDict):
    """A finding that was open at the end of the period."""

    control: str
    title: str  # of its checklist
    about: str
    severity: Severity
    text: str
    raised_at: str  # instant
    actions: int  # planned for it


class Actions(TypedDict):
    """Actions whose last day lies in the period; `overdue` at its end, also from before it."""

    due: int
    in_time: int
    late: int
    overdue: int


class OverdueAction(TypedDict):
    """An action that was not reported as done at the end of the period, though its day had passed."""

    text: str
    owner: str
    control: str
    title: str  # of the checklist
    due: str  # day


class InForce(TypedDict):
    """An exception that counted on the last day of the period."""

    control: str
    library: str
    about: str
    reason: str
    until: str  # day


class Expired(TypedDict):
    """A file whose last day lies in the period."""

    name: str
    control: str
    title: str  # of the checklist
    owner: str
    expires_on: str  # day


class ReportContext(TypedDict):
    """All that the record of a report says. Lists are complete."""

    schema: Literal["imprimatur/compliance-report/v1"]
    language: Language
    time_zone: str  # IANA name; days of the period and times in print are local to it
    organisation: str
    reference: str
    title: str
    subtitle: str
    since: str  # day
    until: str  # day
    about: str  # the project; empty: the whole organisation
    made_by: str
    made_at: str  # instant
    runs: Timeliness
    months: list[Month]
    missed: list[MissedRun]
    frameworks: list[Framework]
    findings: Findings
    open_findings: list[OpenFinding]
    actions: Actions
    overdue: list[OverdueAction]
    exceptions: list[InForce]
    expired: list[Expired]
    log: NotRequired[LogHead | None]  # added at freezing
