"""Files of evidence: handed in with their days, read, shown, used again, withdrawn."""

from base64 import b64encode
from datetime import datetime
from typing import Annotated

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from ninja import Field, Query
from pydantic import StringConstraints

from accounts.api.bodies import FileBody
from accounts.api.fields import (
    LARGEST_ID,
    Address,
    Id,
    IdIn,
    In,
    LikelyDayIn,
    Out,
    PersonOut,
    Words,
    page_address,
    person_out,
)
from accounts.api.problems import Code
from accounts.api.rooms import Room
from accounts.api.visit import sent_file, tell, who
from accounts.models import User
from accounts.rules.scopes import Scope
from audit.uploads import largest
from compliance.api.checklists import AssessmentOut, ControlNumber, EvidenceOut, evidence_out, told_assessment
from compliance.models import Evidence
from compliance.permissions import assessment_to_read, why_not_answer
from compliance.selectors.evidence_page import evidence_page
from compliance.selectors.libraries import control_of
from compliance.selectors.reuse import Offer, reusable
from compliance.services import evidence as services
from compliance.services.previews import preview_evidence, sight_of_evidence

room = Room("Compliance")
BYTES = "application/octet-stream"
OF_A_CONTROL = "/assessments/{assessment_id}/controls/{control}"


class EvidenceQuery(In):
    """Name of the file that is sent, its days, and the version whose place it takes."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=255)] = Field(
        examples=["access-review.pdf"]
    )
    effective_on: LikelyDayIn | None = Field(
        None, description="The day that it is about; left out: today.", examples=["2026-10-31"]
    )
    expires_on: LikelyDayIn | None = Field(
        None, description="The last day on which it shows anything; left out: it doesn't grow old.",
        examples=["2027-10-31"],
    )  # fmt: skip
    replaces: Annotated[int, Field(ge=1, le=LARGEST_ID)] | None = Field(
        None,
        description="Number of the evidence whose newer version this is; that one is kept.",
        examples=[12],
    )


class ReuseIn(In):
    """A file that was handed in before, with days of its own here."""

    evidence: IdIn = Field(description="Number of one of those that are offered.", examples=[12])
    effective_on: LikelyDayIn | None = Field(
        None, description="The day that it is about; left out: as there.", examples=["2026-10-31"]
    )
    expires_on: LikelyDayIn | None = Field(None, examples=["2027-10-31"])


class EvidenceReasonIn(In):
    """Why the file no longer counts; it is kept."""

    reason: Words = Field(examples=["It is of another system."])


class EvidenceVersionOut(Out):
    """A version of a file."""

    id: int = Field(examples=[12])
    version: int = Field(examples=[1])
    name: str = Field(examples=["access-review.pdf"])
    added_by: PersonOut
    added_at: datetime


class EvidenceWholeOut(EvidenceOut):
    """What is known of a file. `versions`: the newest first; `stale`: why it may show nothing any more."""

    assessment: int = Field(examples=[7])
    control: str = Field(examples=["RR-1"])
    added_by: PersonOut
    added_at: datetime
    withdrawn_by: PersonOut | None
    withdrawn_at: datetime | None
    withdrawal_reason: str = Field(examples=[""])
    reused_from: str = Field(description="Title of the checklist whose file it is.", examples=[""])
    stale: list[str] = Field(examples=[["expired"]])
    versions: list[EvidenceVersionOut]
    shown_as: str | None = Field(
        description="What `preview` shows of it: image, pdf or text; null: nothing.", examples=["pdf"]
    )
    pages: int = Field(description="That `preview` can show.", examples=[3])
    why_not_shown: str = Field(examples=[""])
    address: Address


class EvidencePreviewOut(Out):
    """A page, picture or text as it is shown, by its bytes and never by its name."""

    media_type: str = Field(examples=["image/png"])
    content: str = Field(description="In base64 (RFC 4648, section 4).", examples=["iVBORw0KGgo="])


class PreviewQuery(In):
    """Which page of a PDF."""

    page: Annotated[int, Field(ge=1, le=100_000, examples=[1])] = 1


class OfferedOut(EvidenceOut):
    """A file that may serve a control again. `other`: it shows another control, one that is mapped to this."""

    library: str = Field(description="Code of the library.", examples=["release-readiness"])
    control: str = Field(examples=["RR-1"])
    other: bool
    stale: list[str] = Field(examples=[["expired"]])
    added_by: PersonOut
    added_at: datetime


class OfferedListOut(Out):
    """Files that may serve again, the newest first."""

    items: list[OfferedOut]


@room.post(
    f"{OF_A_CONTROL}/evidence", AssessmentOut, Scope.COMPLIANCE_WRITE, status=201,
    takes=FileBody((BYTES,), largest),
)  # fmt: skip
def add_evidence(
    request: HttpRequest, assessment_id: Id, control: ControlNumber, asked: Query[EvidenceQuery]
) -> AssessmentOut:
    """Hand in a file as evidence for a control; the body is the file."""
    user, now = who(request)
    added = services.add_evidence(
        actor=user, assessment_id=assessment_id, number=control, upload=sent_file(request),
        effective_on=asked.effective_on, expires_on=asked.expires_on, replaces=asked.replaces, now=now,
    )  # fmt: skip
    tell(request, "Location", f"/api/v1/evidence/{added.pk}")
    return told_assessment(user, assessment_id, now)


@room.get(f"{OF_A_CONTROL}/reusable", OfferedListOut, Scope.COMPLIANCE_READ)
def list_reusable_evidence(request: HttpRequest, assessment_id: Id, control: ControlNumber) -> OfferedListOut:
    """List files of earlier runs and of mapped controls that may serve a control again; for its owner."""
    user, now = who(request)
    assessment = assessment_to_read(user, assessment_id, now)
    if reason := why_not_answer(user, assessment):
        raise PermissionDenied(reason)
    control_of(assessment, control)
    return OfferedListOut(items=[_offered(each) for each in reusable(user, assessment, control, now)])


@room.post(f"{OF_A_CONTROL}/reuse", AssessmentOut, Scope.COMPLIANCE_WRITE, status=201)
def reuse_evidence(
    request: HttpRequest, assessment_id: Id, control: ControlNumber, given: ReuseIn
) -> AssessmentOut:
    """Use a file that is offered again, without sending it."""
    user, now = who(request)
    used = services.reuse_evidence(
        actor=user, assessment_id=assessment_id, number=control, source_id=given.evidence,
        effective_on=given.effective_on, expires_on=given.expires_on, now=now,
    )  # fmt: skip
    tell(request, "Location", f"/api/v1/evidence/{used.pk}")
    return told_assessment(user, assessment_id, now)


@room.get("/evidence/{evidence_id}", EvidenceWholeOut, Scope.COMPLIANCE_READ)
def read_evidence(request: HttpRequest, evidence_id: Id) -> EvidenceWholeOut:
    """Read what is known of a file: its days, its versions, whether it still shows anything."""
    user, now = who(request)
    return _whole(user, evidence_id, now)


@room.get("/evidence/{evidence_id}/file", bytes, Scope.COMPLIANCE_READ, gives=BYTES, tells=(Code.REFUSED,))
def read_evidence_file(request: HttpRequest, evidence_id: Id) -> HttpResponseBase:
    """Download a file of evidence; each download is an event of the log."""
    user, now = who(request)
    found, content = services.open_evidence(actor=user, evidence_id=evidence_id, now=now)
    return FileResponse(content, as_attachment=True, filename=found.name, content_type=BYTES)


@room.get("/evidence/{evidence_id}/preview", EvidencePreviewOut, Scope.COMPLIANCE_READ, tells=(Code.REFUSED,))
def read_evidence_preview(
    request: HttpRequest, evidence_id: Id, asked: Query[PreviewQuery]
) -> EvidencePreviewOut:
    """Read what the page shows of a file: a page of a PDF as picture, a picture, the beginning of a text.

    Each look is an event of the log.
    """
    user, now = who(request)
    media_type, content = preview_evidence(actor=user, evidence_id=evidence_id, page=asked.page, now=now)
    return EvidencePreviewOut(media_type=media_type, content=b64encode(content).decode())


@room.post("/evidence/{evidence_id}/withdrawal", EvidenceWholeOut, Scope.COMPLIANCE_WRITE)
def withdraw_evidence(request: HttpRequest, evidence_id: Id, given: EvidenceReasonIn) -> EvidenceWholeOut:
    """Withdraw a file as who fills the checklist in: it no longer counts, and is kept with the reason."""
    user, now = who(request)
    services.withdraw_evidence(actor=user, evidence_id=evidence_id, reason=given.reason, now=now)
    return _whole(user, evidence_id, now)


def _whole(user: User, evidence_id: int, now: datetime) -> EvidenceWholeOut:
    found = services.evidence_to_read(user, evidence_id, now)
    page, sight = evidence_page(found, now), sight_of_evidence(found)
    shown = page.evidence
    return EvidenceWholeOut(
        **evidence_out(shown).model_dump(), assessment=shown.assessment_id, control=found.control.number,
        added_by=person_out(shown.added_by), added_at=shown.added_at, withdrawn_at=shown.withdrawn_at,
        withdrawn_by=person_out(shown.withdrawn_by) if shown.withdrawn_by else None,
        withdrawal_reason=shown.withdrawal_reason,
        reused_from=shown.reused_from.assessment.title if shown.reused_from else "",
        stale=[str(words) for _tone, _icon, words in page.stale],
        versions=[_version(each) for each in page.versions], shown_as=sight.sort.kind.value if sight.sort else None,
        pages=sight.pages if sight.sort else 0, why_not_shown=sight.why_not,
        address=page_address("compliance:look_at_evidence", shown.pk),
    )  # fmt: skip


def _version(one: Evidence) -> EvidenceVersionOut:
    return EvidenceVersionOut(
        id=one.pk,
        version=one.version,
        name=one.name,
        added_by=person_out(one.added_by),
        added_at=one.added_at,
    )


def _offered(offer: Offer) -> OfferedOut:
    one = offer.evidence
    return OfferedOut(
        **evidence_out(one).model_dump(), library=one.control.library.code, control=one.control.number,
        other=offer.is_mapped, stale=[str(words) for _tone, _icon, words in offer.stale],
        added_by=person_out(one.added_by), added_at=one.added_at,
    )  # fmt: skip
