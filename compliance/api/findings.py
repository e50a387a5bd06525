"""Findings about the controls of checklists: listed, read, raised, withdrawn."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query

from accounts.api.fields import (
    LARGEST_ID,
    Address,
    DayIn,
    Id,
    IdIn,
    In,
    Out,
    PersonOut,
    Words,
    page_address,
    person_out,
)
from accounts.api.pages import PageOut, PageQuery, list_page
from accounts.api.rooms import Room
from accounts.api.visit import tell, who
from accounts.models import User
from accounts.rules.scopes import Scope
from compliance.api.checklists import ControlNumber
from compliance.models import Action, Finding
from compliance.permissions.findings import finding_to_read, visible_findings
from compliance.services import findings as services

room = Room("Compliance")


class ActionOut(Out):
    """What somebody does about a finding until a day; somebody else verifies it."""

    id: int = Field(examples=[6])
    text: str = Field(examples=["Write the data sheet."])
    owner: PersonOut
    due: date
    state: str = Field(description="open, done, verified or dropped.", examples=["open"])
    report: str = Field(examples=[""])


class FindingOut(Out):
    """What is wrong with a control of a checklist."""

    id: int = Field(examples=[4])
    assessment: int = Field(examples=[7])
    control: str = Field(examples=["RR-1"])
    severity: str = Field(examples=["high"])
    text: str = Field(examples=["There is no data sheet."])
    raised_at: datetime
    raised_by: PersonOut
    closed_at: datetime | None
    closing: str = Field(description="resolved, withdrawn, or empty while it is open.", examples=[""])
    closing_reason: str = Field(examples=[""])
    actions: list[ActionOut]
    address: Address


class CheckFindingIn(In):
    """What is wrong, and the first action: what, who, until when."""

    severity: Literal["low", "medium", "high", "critical"]
    text: Words = Field(examples=["There is no data sheet."])
    action: Words = Field(examples=["Write the data sheet."])
    owner: IdIn = Field(description="Number of the person who does it.", examples=[12])
    due: DayIn


class FindingQuery(PageQuery):
    """What of the findings is asked for."""

    assessment: Annotated[int, Field(ge=1, le=LARGEST_ID)] | None = Field(None, examples=[7])
    open: bool | None = Field(None, description="Only those that are open, or only those that are closed.")


class BecauseIn(In):
    """Why."""

    reason: Words = Field(examples=["Half of the fields are empty."])


def _finding(one: Finding) -> FindingOut:
    return FindingOut(
        id=one.pk, assessment=one.assessment_id, control=one.control.number, severity=one.severity, text=one.text,
        raised_at=one.raised_at, raised_by=person_out(one.raised_by), closed_at=one.closed_at,
        closing=one.closing, closing_reason=one.closing_reason,
        actions=[action_out(each) for each in one.actions.all()], address=page_address("compliance:finding", one.pk),
    )  # fmt: skip


def action_out(one: Action) -> ActionOut:
    """Return an action without its finding."""
    return ActionOut(
        id=one.pk, text=one.text, owner=person_out(one.owner), due=one.due, state=one.state, report=one.report
    )


@room.get("/findings", PageOut[FindingOut], Scope.COMPLIANCE_READ)
def list_findings(request: HttpRequest, asked: Query[FindingQuery]) -> dict[str, Any]:
    """List the findings that the person may see, newest first."""
    user, now = who(request)
    rows = (
        visible_findings(user, now).select_related("control", "raised_by").prefetch_related("actions__owner")
    )
    if asked.assessment is not None:
        rows = rows.filter(assessment=asked.assessment)
    if asked.open is not None:
        rows = rows.filter(closed_at__isnull=asked.open)
    return list_page(request, rows, asked, _finding)


@room.get("/findings/{finding_id}", FindingOut, Scope.COMPLIANCE_READ)
def read_finding(request: HttpRequest, finding_id: Id) -> FindingOut:
    """Read a finding with its actions."""
    user, now = who(request)
    return _finding(finding_to_read(user, finding_id, now))


@room.post(
    "/assessments/{assessment_id}/controls/{control}/findings", FindingOut, Scope.COMPLIANCE_WRITE, status=201
)
def raise_finding(
    request: HttpRequest, assessment_id: Id, control: ControlNumber, given: CheckFindingIn
) -> FindingOut:
    """Raise a finding about a control, with its first action."""
    user, now = who(request)
    owner = get_object_or_404(User, pk=given.owner, is_active=True)
    finding = services.raise_finding(
        actor=user, assessment_id=assessment_id, number=control, severity=given.severity, text=given.text,
        action=services.Planned(given.action, owner, given.due), now=now,
    )  # fmt: skip
    tell(request, "Location", f"/api/v1/findings/{finding.pk}")
    return _finding(finding)


@room.post("/findings/{finding_id}/withdrawal", FindingOut, Scope.COMPLIANCE_WRITE)
def withdraw_finding(request: HttpRequest, finding_id: Id, given: BecauseIn) -> FindingOut:
    """Withdraw a finding that is none, after its actions were dropped; it is kept, with the reason."""
    user, now = who(request)
    services.withdraw_finding(actor=user, finding_id=finding_id, reason=given.reason, now=now)
    return _finding(finding_to_read(user, finding_id, now))
