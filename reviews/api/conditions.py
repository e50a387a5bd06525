"""Conditions of an approval: read, reported on by their owner, verified by somebody else."""

from datetime import datetime
from typing import Literal

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from ninja import Field, Query

from accounts.api.bodies import FileBody
from accounts.api.fields import Flag, Id, IdIn, In, Out, PersonOut, Sha256, Words, person_out
from accounts.api.rooms import Room
from accounts.api.visit import sent_file
from accounts.models import User
from accounts.rules.scopes import Scope
from audit.uploads import largest
from reviews.api.dossier import BYTES, NamedQuery
from reviews.api.requests import Reference, found_request
from reviews.api.told import ConditionOut, condition_out
from reviews.models import Condition, ReviewRequest
from reviews.selectors.conditions import ReportLine, condition_of, condition_page
from reviews.services import conditions as services
from reviews.services.condition_people import reassign_condition as reassign

room = Room("Conditions")


class ConditionEvidenceOut(Out):
    """A file of a report."""

    id: int = Field(examples=[8])
    name: str = Field(examples=["evaluation-cantonese.pdf"])
    sha256: Sha256
    size: int = Field(description="In bytes.", examples=[48213])


class ConditionReportOut(Out):
    """What the owner reported, and the verdict on it; `accepted` is null until there is one."""

    id: int = Field(examples=[3])
    text: str = Field(examples=["The evaluation is published."])
    reported_by: PersonOut
    reported_at: datetime
    accepted: bool | None
    verdict: str = Field(examples=[""])
    evidence: list[ConditionEvidenceOut]


class ConditionWholeOut(ConditionOut):
    """A condition with its reports, and why this person can't act on it now (null: they can)."""

    late: bool
    reports: list[ConditionReportOut]
    why_not_report: str | None = Field(examples=["Its owner reports on it."])
    why_not_verify: str | None = Field(examples=[None])


class ConditionReportIn(In):
    """What was done to meet it; files are added to the report while it waits."""

    text: Words = Field(examples=["The evaluation is published."])


class ReassignmentIn(In):
    """Who takes over which part, and why."""

    part: Literal["owner", "verifier"]
    person: IdIn = Field(examples=[9])
    reason: Words = Field(examples=["Left the organisation."])


class VerdictIn(In):
    """Whether the report that waits meets the condition, and why."""

    accepted: Flag
    verdict: Words = Field(examples=["Read it; it covers what was asked."])


@room.get("/requests/{reference}/conditions/{number}", ConditionWholeOut, Scope.REQUESTS_READ)
def read_condition(request: HttpRequest, reference: Reference, number: Id) -> ConditionWholeOut:
    """Read a condition with its reports."""
    user, found, now = found_request(request, reference)
    return _told(user, found, condition_of(found, number), now)


@room.post(
    "/requests/{reference}/conditions/{number}/reports", ConditionWholeOut, Scope.REQUESTS_WRITE, status=201
)
def report_condition(
    request: HttpRequest, reference: Reference, number: Id, given: ConditionReportIn
) -> ConditionWholeOut:
    """Report on a condition as its owner."""
    user, found, now = found_request(request, reference)
    condition = condition_of(found, number)
    services.report_condition(actor=user, condition_id=condition.pk, text=given.text, files=[], now=now)
    return _told(user, found, condition_of(found, number), now)


@room.post(
    "/requests/{reference}/conditions/{number}/files", ConditionWholeOut, Scope.REQUESTS_WRITE, status=201,
    takes=FileBody((BYTES,), largest),
)  # fmt: skip
def add_condition_file(
    request: HttpRequest,
    reference: Reference,
    number: Id,
    asked: Query[NamedQuery],  # noqa: ARG001
) -> ConditionWholeOut:
    """Add a file as evidence to one's report that waits for the verifier; the body is the file."""
    user, found, now = found_request(request, reference)
    condition = condition_of(found, number)
    services.add_evidence(actor=user, condition_id=condition.pk, upload=sent_file(request), now=now)
    return _told(user, found, condition_of(found, number), now)


@room.post("/requests/{reference}/conditions/{number}/reassignment", ConditionWholeOut, Scope.BOARDS_WRITE)
def reassign_condition(
    request: HttpRequest, reference: Reference, number: Id, given: ReassignmentIn
) -> ConditionWholeOut:
    """Let somebody take over from an owner or verifier who can't do it any more, as the secretary of the board."""
    user, found, now = found_request(request, reference)
    condition = condition_of(found, number)
    reassign(
        actor=user, condition_id=condition.pk, part=given.part, person_id=given.person, reason=given.reason, now=now
    )  # fmt: skip
    return _told(user, found, condition_of(found, number), now)


@room.post("/requests/{reference}/conditions/{number}/verdict", ConditionWholeOut, Scope.REQUESTS_WRITE)
def verify_condition(
    request: HttpRequest, reference: Reference, number: Id, given: VerdictIn
) -> ConditionWholeOut:
    """Accept the report that waits, or return it with what is missing."""
    user, found, now = found_request(request, reference)
    report = condition_of(found, number).reports.filter(accepted__isnull=True).first()
    if report is None:
        raise Http404
    services.verify_condition(
        actor=user, report_id=report.pk, accepted=given.accepted, verdict=given.verdict, now=now
    )
    return _told(user, found, condition_of(found, number), now)


@room.get(
    "/requests/{reference}/conditions/{number}/files/{file_id}", bytes, Scope.REQUESTS_READ, gives=BYTES
)
def read_condition_file(
    request: HttpRequest, reference: Reference, number: Id, file_id: Id
) -> HttpResponseBase:
    """Download a file of evidence."""
    user, found, now = found_request(request, reference)
    file, content = services.open_condition_file(
        actor=user, condition_id=condition_of(found, number).pk, file_id=file_id, now=now
    )
    return FileResponse(content, as_attachment=True, filename=file.name, content_type=BYTES)


def _told(user: User, found: ReviewRequest, condition: Condition, now: datetime) -> ConditionWholeOut:
    page = condition_page(user, found, condition, now)
    return ConditionWholeOut(
        **condition_out(condition).model_dump(), late=page.late,
        reports=[_report(line) for line in page.reports],
        why_not_report=page.why_not_report, why_not_verify=page.why_not_verify,
    )  # fmt: skip


def _report(line: ReportLine) -> ConditionReportOut:
    report = line.report
    return ConditionReportOut(
        id=report.pk, text=report.text, reported_by=person_out(report.reported_by), reported_at=report.reported_at,
        accepted=report.accepted, verdict=report.verdict,
        evidence=[
            ConditionEvidenceOut(id=one.file.pk, name=one.file.name, sha256=one.file.sha256, size=one.file.size)
            for one in line.evidence
        ],
    )  # fmt: skip
