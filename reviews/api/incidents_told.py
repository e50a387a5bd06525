"""How incidents are told."""

from datetime import datetime
from typing import Any

from ninja import Field

from accounts.api.fields import Address, Out, PersonOut, Sha256, page_address, person_out
from reviews.models import IncidentEntry
from reviews.rules.incidents import IncidentState
from reviews.selectors.incident_pages import IncidentLine, IncidentPage


class IncidentLineOut(Out):
    """An incident with its clock; without a class the shortest one runs."""

    id: int = Field(examples=[3])
    reference: str = Field(examples=["INC-0003"])
    state: IncidentState
    state_in_words: str = Field(examples=["Classified"])
    kind: str = Field(description="Its class, empty until it has one.", examples=["serious"])
    kind_in_words: str = Field(examples=["Serious"])
    about: str = Field(examples=["Ferryman-MT 2.1"])
    project: int = Field(description="Number of its project.", examples=[3])
    version: int | None = Field(description="Number of the version.", examples=[9])
    request: str | None = Field(
        description="The request by which it was approved.", examples=["IMP-2026-0008"]
    )
    text: str = Field(examples=["It gave out addresses of users."])
    reporter: PersonOut
    happened_at: datetime
    aware_at: datetime
    raised_at: datetime
    due_at: datetime | None = Field(description="Until when it is reported; null: no report is due.")
    filed_at: datetime | None = Field(description="When the first report went out.")
    clock: str = Field(description="How the clock stands, in words.", examples=["31 hours left"])
    is_late: bool
    closed_at: datetime | None
    closing: str = Field(description="What came of it.", examples=[""])
    assessments: list[int] = Field(
        description="Checklists that it opened and that the person sees.", examples=[[7]]
    )
    address: Address


class IncidentFileOut(Out):
    """A file of evidence."""

    id: int = Field(examples=[5])
    name: str = Field(examples=["server.log"])
    sha256: Sha256
    size: int = Field(description="In bytes.", examples=[48213])


class IncidentEntryOut(Out):
    """What somebody told about it."""

    number: int = Field(examples=[1])
    text: str = Field(examples=["It gave out addresses of users."])
    harm: str = Field(examples=["Three people in Izmir."])
    measures: str = Field(examples=["The endpoint was switched off."])
    made_by: PersonOut
    made_at: datetime
    files: list[IncidentFileOut]


class IncidentClassOut(Out):
    """A class that it was given, with the clock that followed."""

    number: int = Field(examples=[1])
    kind: str = Field(examples=["serious"])
    kind_in_words: str = Field(examples=["Serious"])
    reason: str = Field(examples=["Personal data of three people were disclosed."])
    aware_at: datetime
    due_at: datetime | None
    made_by: PersonOut
    made_at: datetime
    holds: bool = Field(description="It is the last one.")


class FilingOut(Out):
    """What went to an authority."""

    number: int = Field(examples=[1])
    kind: str = Field(examples=["initial"])
    authority: str = Field(examples=["Market surveillance authority of Norway"])
    reference: str = Field(examples=["NKOM-2026-118"])
    text: str = Field(examples=["First report by the form of Article 73."])
    filed_at: datetime
    due_at: datetime | None
    entered_by: PersonOut
    entered_at: datetime


class IncidentOut(IncidentLineOut):
    """An incident as its page shows it, and why this person can't act on it now (null: they can)."""

    term: str = Field(
        description="Why the clock runs until then.",
        examples=[
            "15 days from awareness (EU AI Act, Article 73), counted to the hour; weekends and holidays count."
        ],
    )
    entries: list[IncidentEntryOut]
    classes: list[IncidentClassOut] = Field(description="The last one first.")
    filings: list[FilingOut]
    why_not_tell: str | None = Field(examples=[None])
    why_not_classify: str | None = Field(
        examples=["Legal staff and the safety lead classify incidents and report them."]
    )
    why_not_file: str | None = Field(examples=[None])
    why_not_close: str | None = Field(examples=["Classify the incident first."])
    why_not_reopen: str | None = Field(examples=["This report is open."])
    why_not_suspend: str | None = Field(examples=[None])


def line_out(line: IncidentLine) -> IncidentLineOut:
    """Return the line of the list."""
    return IncidentLineOut(**_line(line))


def _line(line: IncidentLine) -> dict[str, Any]:
    report = line.report
    incident = report.incident
    return {
        "id": report.incident_id, "reference": report.reference, "state": IncidentState(report.state),
        "state_in_words": str(line.badge.label), "kind": report.kind, "kind_in_words": str(line.kind),
        "about": line.about, "project": report.project_id, "version": incident.version_id,
        "request": report.request.reference if report.request else None, "text": incident.text,
        "reporter": person_out(report.reporter), "happened_at": incident.happened_at, "aware_at": report.aware_at,
        "raised_at": report.raised_at, "due_at": report.due_at, "filed_at": report.filed_at, "clock": line.left,
        "is_late": line.clock is not None and line.clock.is_late, "closed_at": report.closed_at,
        "closing": report.closing, "assessments": [one.pk for one in line.opened],  # type: ignore[attr-defined]  # rows
        "address": page_address("reviews:incident", report.incident_id),
    }  # fmt: skip


def told(page: IncidentPage) -> IncidentOut:
    """Return the incident as its page shows it."""
    return IncidentOut(
        **_line(page.line), term=page.term, entries=[_entry(one) for one in page.entries],
        classes=[
            IncidentClassOut(
                number=one.given.number, kind=one.given.kind, kind_in_words=str(one.kind), reason=one.given.reason,
                aware_at=one.given.aware_at, due_at=one.given.due_at, made_by=person_out(one.given.made_by),
                made_at=one.given.made_at, holds=one.holds,
            )
            for one in page.classes
        ],
        filings=[
            FilingOut(
                number=one.number, kind=one.kind, authority=one.authority, reference=one.reference, text=one.text,
                filed_at=one.filed_at, due_at=one.due_at, entered_by=person_out(one.entered_by),
                entered_at=one.entered_at,
            )
            for one in page.filings
        ],
        why_not_tell=page.why_not_tell, why_not_classify=page.why_not_classify, why_not_file=page.why_not_file,
        why_not_close=page.why_not_close, why_not_reopen=page.why_not_reopen, why_not_suspend=page.why_not_suspend,
    )  # fmt: skip


def _entry(entry: IncidentEntry) -> IncidentEntryOut:
    return IncidentEntryOut(
        number=entry.number, text=entry.text, harm=entry.harm, measures=entry.measures,
        made_by=person_out(entry.made_by), made_at=entry.made_at,
        files=[
            IncidentFileOut(id=one.pk, name=one.name, sha256=one.sha256, size=one.size) for one in entry.files.all()
        ],
    )  # fmt: skip
