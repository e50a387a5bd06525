"""Checklists: listed, read, answered, submitted, reviewed."""

from datetime import date, datetime
from typing import Annotated, Any

from django.db.models import Q
from django.http import HttpRequest
from ninja import Field, Query

from accounts.api.fields import (
    Address,
    Id,
    In,
    Out,
    PersonOut,
    Sha256,
    Words,
    WordsOrNone,
    page_address,
    person_out,
)
from accounts.api.pages import PageOut, PageQuery, list_page
from accounts.api.rooms import Room
from accounts.api.visit import who
from accounts.models import User
from accounts.rules.scopes import Scope
from compliance.models import Assessment, Evidence
from compliance.permissions import assessment_to_read, visible_assessments
from compliance.rules.completeness import AnswerState
from compliance.rules.lifecycle import AssessmentState
from compliance.selectors.assessment_page import Field as ShownControl
from compliance.selectors.assessment_page import assessment_page
from compliance.selectors.check_list import Which, chosen
from compliance.services import reviewing
from compliance.services.answers import answer_control

room = Room("Compliance")
ControlNumber = Annotated[str, Field(min_length=1, max_length=40, pattern="^[^/]+$", examples=["RR-1"])]


class AssessmentLineOut(Out):
    """A checklist: of which library, about what, whose, until when."""

    id: int = Field(examples=[7])
    title: str = Field(examples=["Readiness for release"])
    library: str = Field(description="Code of the library.", examples=["release-readiness"])
    state: AssessmentState
    board: int | None = Field(description="Number of the board that it is about.", examples=[None])
    project: int | None = Field(examples=[3])
    version: int | None = Field(examples=[9])
    owner: PersonOut | None
    reviewer: PersonOut | None
    due: datetime
    submitted_at: datetime | None
    return_reason: str = Field(description="Why it was given back the last time.", examples=[""])
    accepted_at: datetime | None
    address: Address


class EvidenceOut(Out):
    """A file given as evidence."""

    id: int = Field(examples=[12])
    name: str = Field(examples=["access-review.pdf"])
    sha256: Sha256
    size: int = Field(description="In bytes.", examples=[48213])
    version: int = Field(description="More than 1 where it took the place of another.", examples=[1])
    effective_on: date = Field(description="The day that it is about.")
    expires_on: date | None = Field(description="The last day on which it shows anything.")


class ControlOut(Out):
    """A control of the checklist with its answer; an empty state is none."""

    number: str = Field(examples=["RR-1"])
    title: str = Field(examples=["The weights are those that were evaluated"])
    state: str = Field(examples=["met"])
    comment: str = Field(examples=["Digest compared on 5 November."])
    lacks: str = Field(description="What is missing, in words.", examples=["evidence"])
    evidence: list[EvidenceOut]


class AssessmentOut(AssessmentLineOut):
    """A checklist with its controls, and why this person can't act on it now (null: they can)."""

    controls: list[ControlOut]
    why_not_answer: str | None = Field(examples=[None])
    why_not_submit: list[str] = Field(examples=[["RR-2 has no answer."]])
    why_not_review: str | None = Field(examples=["It isn't submitted."])


class AssessmentQuery(PageQuery):
    """What of the checklists is asked for."""

    state: AssessmentState | None = None
    version: Annotated[int | None, Field(ge=1, le=2**53 - 1)] = None
    which: Which = Field(Which.ALL, description="`overdue`: to be filled in, and its day has passed.")
    mine: bool = Field(False, description="Only those that the person fills in or reviews.")


class ControlIn(In):
    """The answer to a control."""

    state: AnswerState
    comment: WordsOrNone = Field("", examples=["Digest compared on 5 November."])


class ReturnedIn(In):
    """What is still to be done."""

    reason: Words = Field(examples=["The evidence is of last year."])


def _line(one: Assessment) -> dict[str, Any]:
    return {
        "id": one.pk, "title": one.title, "board": one.board, "library": one.library.code,
        "state": AssessmentState(one.state), "project": one.project_id, "version": one.version_id,
        "owner": person_out(one.owner) if one.owner else None,
        "reviewer": person_out(one.reviewer) if one.reviewer else None, "due": one.due,
        "submitted_at": one.submitted_at, "return_reason": one.return_reason,
        "accepted_at": one.accepted_at, "address": page_address("compliance:assessment", one.pk),
    }  # fmt: skip


def told_assessment(user: User, assessment_id: int, now: datetime) -> AssessmentOut:
    """Return the checklist as this person sees it now."""
    found = assessment_to_read(user, assessment_id, now)
    page = assessment_page(user, found, now, with_story=False)
    return AssessmentOut(
        **_line(found), controls=[_control(one) for one in page.fields], why_not_answer=page.why_not_answer,
        why_not_submit=[str(one) for one in page.why_not_submit], why_not_review=page.why_not_review,
    )  # fmt: skip


def _control(shown: ShownControl) -> ControlOut:
    filled = shown.filled
    return ControlOut(
        number=shown.number, title=filled.control.title, state=filled.state, comment=filled.comment,
        lacks=str(shown.status[2]), evidence=[evidence_out(one) for one in filled.evidence],
    )  # fmt: skip


def evidence_out(one: Evidence) -> EvidenceOut:
    """Return a file with its days."""
    return EvidenceOut(
        id=one.pk, name=one.name, sha256=one.sha256, size=one.size, version=one.version,
        effective_on=one.effective_on, expires_on=one.expires_on,
    )  # fmt: skip


@room.get("/assessments", PageOut[AssessmentLineOut], Scope.COMPLIANCE_READ)
def list_assessments(request: HttpRequest, asked: Query[AssessmentQuery]) -> dict[str, Any]:
    """List the checklists that the person may see, newest first."""
    user, now = who(request)
    seen = chosen(visible_assessments(user, now), asked.which, now)
    rows = seen.select_related("library", "owner", "reviewer").defer("content")
    if asked.state is not None:
        rows = rows.filter(state=asked.state)
    if asked.version is not None:
        rows = rows.filter(version=asked.version)
    if asked.mine:
        rows = rows.filter(Q(owner=user) | Q(reviewer=user))
    return list_page(request, rows, asked, lambda one: AssessmentLineOut(**_line(one)))


@room.get("/assessments/{assessment_id}", AssessmentOut, Scope.COMPLIANCE_READ)
def read_assessment(request: HttpRequest, assessment_id: Id) -> AssessmentOut:
    """Read a checklist with its controls."""
    user, now = who(request)
    return told_assessment(user, assessment_id, now)


@room.put("/assessments/{assessment_id}/controls/{control}", AssessmentOut, Scope.COMPLIANCE_WRITE)
def answer_one(
    request: HttpRequest, assessment_id: Id, control: ControlNumber, given: ControlIn
) -> AssessmentOut:
    """Answer a control."""
    user, now = who(request)
    answer_control(
        actor=user,
        assessment_id=assessment_id,
        number=control,
        state=given.state,
        comment=given.comment,
        now=now,
    )
    return told_assessment(user, assessment_id, now)


@room.post("/assessments/{assessment_id}/submission", AssessmentOut, Scope.COMPLIANCE_WRITE, takes=None)
def submit_assessment(request: HttpRequest, assessment_id: Id) -> AssessmentOut:
    """Give the checklist to its reviewer."""
    user, now = who(request)
    reviewing.submit_assessment(actor=user, assessment_id=assessment_id, now=now)
    return told_assessment(user, assessment_id, now)


@room.post("/assessments/{assessment_id}/acceptance", AssessmentOut, Scope.COMPLIANCE_WRITE, takes=None)
def accept_assessment(request: HttpRequest, assessment_id: Id) -> AssessmentOut:
    """Accept the checklist for good: it is frozen, and becomes a record."""
    user, now = who(request)
    reviewing.accept_assessment(actor=user, assessment_id=assessment_id, now=now)
    return told_assessment(user, assessment_id, now)


@room.post("/assessments/{assessment_id}/return", AssessmentOut, Scope.COMPLIANCE_WRITE)
def return_assessment(request: HttpRequest, assessment_id: Id, given: ReturnedIn) -> AssessmentOut:
    """Return the checklist to its owner with what is to be done."""
    user, now = who(request)
    reviewing.return_assessment(actor=user, assessment_id=assessment_id, reason=given.reason, now=now)
    return told_assessment(user, assessment_id, now)
