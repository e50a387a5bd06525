"""Findings, the actions that mend them, and exceptions of controls."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query

from accounts.api.fields import (
    Address,
    DayIn,
    Id,
    IdIn,
    In,
    Out,
    PersonOut,
    Words,
    WordsOrNone,
    page_address,
    person_out,
)
from accounts.api.pages import PageOut, PageQuery, list_page
from accounts.api.rooms import Room
from accounts.api.visit import tell, who
from accounts.models import User
from accounts.rules.scopes import Scope
from compliance.api.checklists import ControlNumber
from compliance.models import Action, ControlException, Finding
from compliance.permissions.exceptions import exception_to_read, visible_exceptions
from compliance.permissions.findings import finding_to_read, visible_findings
from compliance.services import actions, exceptions
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
    closed_at: datetime | None
    actions: list[ActionOut]
    address: Address


class CheckFindingIn(In):
    """What is wrong, and the first action: what, who, until when."""

    severity: Literal["low", "medium", "high", "critical"]
    text: Words = Field(examples=["There is no data sheet."])
    action: Words = Field(examples=["Write the data sheet."])
    owner: IdIn = Field(description="Number of the person who does it.", examples=[12])
    due: DayIn


class ActionReportIn(In):
    """What was done."""

    report: WordsOrNone = Field("", examples=["The data sheet is written."])


class BecauseIn(In):
    """Why."""

    reason: Words = Field(examples=["Half of the fields are empty."])


class ExceptionIn(In):
    """Why a control can't be met for a time, and what is done instead."""

    reason: Words = Field(examples=["The supplier is late."])
    instead: WordsOrNone = Field("", examples=["Weekly checks by hand"])
    until: DayIn


class ExceptionOut(Out):
    """A control that may stay unmet, for a reason and for a time."""

    id: int = Field(examples=[2])
    library: str = Field(examples=["release-readiness"])
    control: str = Field(examples=["RR-1"])
    reason: str = Field(examples=["The supplier is late."])
    instead: str = Field(examples=["Weekly checks by hand"])
    until: date
    state: str = Field(examples=["asked"])
    asked_by: PersonOut
    asked_at: datetime
    address: Address


def _finding(one: Finding) -> FindingOut:
    return FindingOut(
        id=one.pk, assessment=one.assessment_id, control=one.control.number, severity=one.severity, text=one.text,
        raised_at=one.raised_at, closed_at=one.closed_at, actions=[_action(each) for each in one.actions.all()],
        address=page_address("compliance:finding", one.pk),
    )  # fmt: skip


def _action(one: Action) -> ActionOut:
    return ActionOut(
        id=one.pk, text=one.text, owner=person_out(one.owner), due=one.due, state=one.state, report=one.report
    )


def _exception(one: ControlException) -> ExceptionOut:
    return ExceptionOut(
        id=one.pk, library=one.library_code, control=one.control_number, reason=one.reason, instead=one.instead,
        until=one.until, state=one.state, asked_by=person_out(one.asked_by), asked_at=one.asked_at,
        address=page_address("compliance:exception", one.pk),
    )  # fmt: skip


@room.get("/findings", PageOut[FindingOut], Scope.COMPLIANCE_READ)
def list_findings(request: HttpRequest, asked: Query[PageQuery]) -> dict[str, Any]:
    """List the findings that the person may see, newest first."""
    user, now = who(request)
    rows = visible_findings(user, now).select_related("control").prefetch_related("actions__owner")
    return list_page(request, rows, asked, _finding)


@room.get("/findings/{finding_id}", FindingOut, Scope.COMPLIANCE_READ)
def read_finding(request: HttpRequest, finding_id: Id) -> FindingOut:
    """Read a finding with its actions."""
    user, now = who(request)
    return _finding(finding_to_read(user, finding_id, now))


@room.post(
    "/assessments/{assessment_id}/controls/{number}/findings", FindingOut, Scope.COMPLIANCE_WRITE, status=201
)
def raise_finding(
    request: HttpRequest, assessment_id: Id, number: ControlNumber, given: CheckFindingIn
) -> FindingOut:
    """Raise a finding about a control, with its first action."""
    user, now = who(request)
    owner = get_object_or_404(User, pk=given.owner, is_active=True)
    finding = services.raise_finding(
        actor=user, assessment_id=assessment_id, number=number, severity=given.severity, text=given.text,
        action=services.Planned(given.action, owner, given.due), now=now,
    )  # fmt: skip
    tell(request, "Location", f"/api/v1/findings/{finding.pk}")
    return _finding(finding)


@room.post("/actions/{action_id}/report", ActionOut, Scope.COMPLIANCE_WRITE)
def report_action(request: HttpRequest, action_id: Id, given: ActionReportIn) -> ActionOut:
    """Report an action as done; somebody else verifies it."""
    user, now = who(request)
    return _action(actions.report_action(actor=user, action_id=action_id, report=given.report, now=now))


@room.post("/actions/{action_id}/verification", ActionOut, Scope.COMPLIANCE_WRITE, takes=None)
def verify_action(request: HttpRequest, action_id: Id) -> ActionOut:
    """Verify that an action is done."""
    user, now = who(request)
    return _action(actions.verify_action(actor=user, action_id=action_id, now=now))


@room.post("/actions/{action_id}/return", ActionOut, Scope.COMPLIANCE_WRITE)
def return_action(request: HttpRequest, action_id: Id, given: BecauseIn) -> ActionOut:
    """Give a reported action back to its owner."""
    user, now = who(request)
    return _action(actions.return_action(actor=user, action_id=action_id, reason=given.reason, now=now))


@room.get("/exceptions", PageOut[ExceptionOut], Scope.COMPLIANCE_READ)
def list_exceptions(request: HttpRequest, asked: Query[PageQuery]) -> dict[str, Any]:
    """List the exceptions that the person may see, newest first."""
    user, now = who(request)
    return list_page(request, visible_exceptions(user, now).select_related("asked_by"), asked, _exception)


@room.get("/exceptions/{exception_id}", ExceptionOut, Scope.COMPLIANCE_READ)
def read_exception(request: HttpRequest, exception_id: Id) -> ExceptionOut:
    """Read an exception."""
    user, now = who(request)
    return _exception(exception_to_read(user, exception_id, now))


@room.post(
    "/assessments/{assessment_id}/controls/{number}/exceptions",
    ExceptionOut,
    Scope.COMPLIANCE_WRITE,
    status=201,
)
def ask_for_exception(
    request: HttpRequest, assessment_id: Id, number: ControlNumber, given: ExceptionIn
) -> ExceptionOut:
    """Ask that a control may stay unmet for a time."""
    user, now = who(request)
    asked = exceptions.ask_for_exception(
        actor=user, assessment_id=assessment_id, number=number, reason=given.reason, instead=given.instead,
        until=given.until, now=now,
    )  # fmt: skip
    tell(request, "Location", f"/api/v1/exceptions/{asked.pk}")
    return _exception(asked)


Verdict = Annotated[str, Field(pattern="^(approval|refusal|revocation)$", examples=["approval"])]


@room.post("/exceptions/{exception_id}/{verdict}", ExceptionOut, Scope.COMPLIANCE_WRITE)
def decide_exception(
    request: HttpRequest, exception_id: Id, verdict: Verdict, given: BecauseIn
) -> ExceptionOut:
    """Approve, refuse or revoke an exception."""
    user, now = who(request)
    act = {
        "approval": exceptions.approve_exception,
        "refusal": exceptions.refuse_exception,
        "revocation": exceptions.revoke_exception,
    }[verdict]
    return _exception(act(actor=user, exception_id=exception_id, reason=given.reason, now=now))
