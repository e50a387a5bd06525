"""Exceptions of controls: asked for, read, approved, refused, revoked."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query

from accounts.api.fields import (
    LARGEST_ID,
    Address,
    DayIn,
    Id,
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
from compliance.models import ControlException
from compliance.permissions.exceptions import exception_to_read, visible_exceptions
from compliance.rules.findings import ExceptionState, deciding_day
from compliance.selectors.finding_page import exception_page
from compliance.services import exceptions

room = Room("Compliance")
Verdict = Annotated[str, Field(pattern="^(approval|refusal|revocation)$", examples=["approval"])]


class ExceptionIn(In):
    """Why a control can't be met for a time, and what is done instead."""

    reason: Words = Field(examples=["The supplier is late."])
    instead: WordsOrNone = Field("", examples=["Weekly checks by hand"])
    until: DayIn = Field(description="The last day on which it counts, within a year.")


class ExceptionReasonIn(In):
    """Why; an approval needs no reason."""

    reason: WordsOrNone = Field("", examples=["The supplier's letter is with us."])


class ExceptionOut(Out):
    """A control that may stay unmet, for a reason and for a time."""

    id: int = Field(examples=[2])
    library: str = Field(examples=["release-readiness"])
    control: str = Field(examples=["RR-1"])
    scope: str = Field(
        description="organisation (then it excuses everybody), board, project or version.",
        examples=["version"],
    )
    project: int | None = Field(examples=[3])
    version: int | None = Field(examples=[9])
    board: int | None = Field(examples=[None])
    reason: str = Field(examples=["The supplier is late."])
    instead: str = Field(examples=["Weekly checks by hand"])
    until: date = Field(description="The last day on which it counts.")
    state: ExceptionState
    counts: bool = Field(description="It excuses something today.")
    asked_by: PersonOut
    asked_at: datetime
    decided_by: PersonOut | None
    decided_at: datetime | None
    decision_reason: str = Field(examples=[""])
    ended_by: PersonOut | None = Field(description="Who revoked it, or took back what they asked for.")
    ended_at: datetime | None
    end_reason: str = Field(examples=[""])
    address: Address


class ExceptionWholeOut(ExceptionOut):
    """An exception, and why this person can't act on it now (null: they can; empty: nobody can any more)."""

    about: str = Field(description="Empty: the organisation.", examples=["Ferryman-MT 2.1"])
    why_not_decide: str | None = Field(examples=["Exceptions are approved by legal staff."])
    why_not_revoke: str | None = Field(examples=[None])


class ExceptionQuery(PageQuery):
    """What of the exceptions is asked for."""

    state: ExceptionState | None = None
    library: Annotated[str, Field(max_length=60, description="Code of a library.")] = ""
    project: Annotated[int, Field(ge=1, le=LARGEST_ID)] | None = Field(None, examples=[3])


@room.get("/exceptions", PageOut[ExceptionOut], Scope.COMPLIANCE_READ)
def list_exceptions(request: HttpRequest, asked: Query[ExceptionQuery]) -> dict[str, Any]:
    """List the exceptions that the person may see, newest first."""
    user, now = who(request)
    rows = visible_exceptions(user, now).select_related("asked_by", "decided_by", "ended_by")
    wanted = {"state": asked.state, "library_code": asked.library, "project": asked.project}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    return list_page(request, rows, asked, lambda one: ExceptionOut(**_line(one, now)))


@room.get("/exceptions/{exception_id}", ExceptionWholeOut, Scope.COMPLIANCE_READ)
def read_exception(request: HttpRequest, exception_id: Id) -> ExceptionWholeOut:
    """Read an exception."""
    user, now = who(request)
    return _told(user, exception_id, now)


@room.post(
    "/assessments/{assessment_id}/controls/{control}/exceptions", ExceptionWholeOut, Scope.COMPLIANCE_WRITE,
    status=201,
)  # fmt: skip
def ask_for_exception(
    request: HttpRequest, assessment_id: Id, control: ControlNumber, given: ExceptionIn
) -> ExceptionWholeOut:
    """Ask that a control may stay unmet for a time, for what the checklist is about.

    Asked from a checklist about the organisation it excuses the whole organisation once it is approved.
    """
    user, now = who(request)
    asked = exceptions.ask_for_exception(
        actor=user, assessment_id=assessment_id, number=control, reason=given.reason, instead=given.instead,
        until=given.until, now=now,
    )  # fmt: skip
    tell(request, "Location", f"/api/v1/exceptions/{asked.pk}")
    return _told(user, asked.pk, now)


@room.post("/exceptions/{exception_id}/{verdict}", ExceptionWholeOut, Scope.COMPLIANCE_WRITE)
def decide_exception(
    request: HttpRequest, exception_id: Id, verdict: Verdict, given: ExceptionReasonIn
) -> ExceptionWholeOut:
    """Approve, refuse or revoke an exception."""
    user, now = who(request)
    act = {
        "approval": exceptions.approve_exception,
        "refusal": exceptions.refuse_exception,
        "revocation": exceptions.revoke_exception,
    }[verdict]
    act(actor=user, exception_id=exception_id, reason=given.reason, now=now)
    return _told(user, exception_id, now)


def _told(user: User, exception_id: int, now: datetime) -> ExceptionWholeOut:
    found = exception_to_read(user, exception_id, now)
    page = exception_page(user, found, now)
    return ExceptionWholeOut(
        **_line(found, now), about=page.shown.about, why_not_decide=page.why_not_decide,
        why_not_revoke=page.why_not_revoke,
    )  # fmt: skip


def _line(one: ControlException, now: datetime) -> dict[str, Any]:
    return {
        "id": one.pk, "library": one.library_code, "control": one.control_number, "scope": one.scope,
        "project": one.project_id, "version": one.version_id, "board": one.board, "reason": one.reason,
        "instead": one.instead, "until": one.until, "state": ExceptionState(one.state),
        "counts": one.counts_on(deciding_day(now)), "asked_by": person_out(one.asked_by), "asked_at": one.asked_at,
        "decided_by": person_out(one.decided_by) if one.decided_by else None, "decided_at": one.decided_at,
        "decision_reason": one.decision_reason, "ended_by": person_out(one.ended_by) if one.ended_by else None,
        "ended_at": one.ended_at, "end_reason": one.end_reason,
        "address": page_address("compliance:exception", one.pk),
    }  # fmt: skip
