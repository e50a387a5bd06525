"""Actions that mend findings: planned, listed, reported, verified, returned, dropped, given to others."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query

from accounts.api.fields import Address, DayIn, Id, IdIn, In, Words, WordsOrNone, page_address
from accounts.api.pages import PageOut, PageQuery, list_page
from accounts.api.rooms import Room
from accounts.api.visit import tell, who
from accounts.models import User
from accounts.rules.scopes import Scope
from compliance.api.findings import ActionOut, BecauseIn, action_out
from compliance.models import Action
from compliance.models.boards import board_names
from compliance.rules.findings import is_late
from compliance.selectors.actions import Whose, about_of, actions_of, chosen_actions, named_actions
from compliance.services import actions, findings

room = Room("Compliance")


class ActionWholeOut(ActionOut):
    """An action with the finding that it mends."""

    finding: int = Field(examples=[4])
    severity: str = Field(description="Of the finding.", examples=["high"])
    library: str = Field(description="Code of the library.", examples=["release-readiness"])
    control: str = Field(examples=["RR-1"])
    about: str = Field(description="Empty: the organisation.", examples=["Ferryman-MT 2.1"])
    late: bool
    returned_reason: str = Field(description="Why the last report was given back.", examples=[""])
    drop_reason: str = Field(examples=[""])
    planned_at: datetime
    done_at: datetime | None
    settled_at: datetime | None = Field(description="Verified or dropped.")
    address: Address


class ActionQuery(PageQuery):
    """What of the actions is asked for."""

    which: Whose | None = Field(None, description="Left out: all of them.", examples=["late"])
    mine: bool = Field(False, description="Only those that the person has to do.")


class ActionIn(In):
    """What is to be done, by whom, until when."""

    text: Words = Field(examples=["Write the data sheet."])
    owner: IdIn = Field(description="Number of the person who does it.", examples=[12])
    due: DayIn = Field(description="The last day that is in time.")


class ActionReportIn(In):
    """What was done."""

    report: WordsOrNone = Field("", examples=["The data sheet is written."])


class ActionChangeIn(In):
    """Another person or another day for an action that is still to do, and why."""

    owner: IdIn = Field(description="Number of the person who does it.", examples=[12])
    due: DayIn = Field(description="The last day that is in time.")
    reason: Words = Field(examples=["She knows the data."])


@room.get("/actions", PageOut[ActionWholeOut], Scope.COMPLIANCE_READ)
def list_actions(request: HttpRequest, asked: Query[ActionQuery]) -> dict[str, Any]:
    """List the actions that the person may see, the soonest due first."""
    user, now = who(request)
    rows, today = actions_of(user, now), timezone.localdate(now)
    if asked.which is not None:
        rows = chosen_actions(rows, asked.which, today)
    if asked.mine:
        rows = rows.filter(owner=user)
    boards = board_names()
    return list_page(request, named_actions(rows), asked, lambda one: _whole(one, boards, now), by="due")


@room.get("/actions/{action_id}", ActionWholeOut, Scope.COMPLIANCE_READ)
def read_action(request: HttpRequest, action_id: Id) -> ActionWholeOut:
    """Read an action with the finding that it mends."""
    user, now = who(request)
    return _told(user, action_id, now)


@room.post("/findings/{finding_id}/actions", ActionWholeOut, Scope.COMPLIANCE_WRITE, status=201)
def plan_action(request: HttpRequest, finding_id: Id, given: ActionIn) -> ActionWholeOut:
    """Add an action to an open finding."""
    user, now = who(request)
    planned = findings.Planned(given.text, _person(given.owner), given.due)
    made = findings.plan_action(actor=user, finding_id=finding_id, action=planned, now=now)
    tell(request, "Location", f"/api/v1/actions/{made.pk}")
    return _told(user, made.pk, now)


@room.put("/actions/{action_id}", ActionWholeOut, Scope.COMPLIANCE_WRITE)
def change_action(request: HttpRequest, action_id: Id, given: ActionChangeIn) -> ActionWholeOut:
    """Give an action that is still to do another owner or day; the same again changes nothing."""
    user, now = who(request)
    actions.change_action(
        actor=user,
        action_id=action_id,
        owner=_person(given.owner),
        due=given.due,
        reason=given.reason,
        now=now,
    )
    return _told(user, action_id, now)


@room.post("/actions/{action_id}/report", ActionWholeOut, Scope.COMPLIANCE_WRITE)
def report_action(request: HttpRequest, action_id: Id, given: ActionReportIn) -> ActionWholeOut:
    """Report an action as done; somebody else verifies it."""
    user, now = who(request)
    actions.report_action(actor=user, action_id=action_id, report=given.report, now=now)
    return _told(user, action_id, now)


@room.post("/actions/{action_id}/verification", ActionWholeOut, Scope.COMPLIANCE_WRITE, takes=None)
def verify_action(request: HttpRequest, action_id: Id) -> ActionWholeOut:
    """Verify that an action is done; the last one that is closes its finding."""
    user, now = who(request)
    actions.verify_action(actor=user, action_id=action_id, now=now)
    return _told(user, action_id, now)


@room.post("/actions/{action_id}/return", ActionWholeOut, Scope.COMPLIANCE_WRITE)
def return_action(request: HttpRequest, action_id: Id, given: BecauseIn) -> ActionWholeOut:
    """Give a reported action back to its owner."""
    user, now = who(request)
    actions.return_action(actor=user, action_id=action_id, reason=given.reason, now=now)
    return _told(user, action_id, now)


@room.post("/actions/{action_id}/drop", ActionWholeOut, Scope.COMPLIANCE_WRITE)
def drop_action(request: HttpRequest, action_id: Id, given: BecauseIn) -> ActionWholeOut:
    """Drop an action without having it done; the finding stays open unless another of its actions was verified."""
    user, now = who(request)
    actions.drop_action(actor=user, action_id=action_id, reason=given.reason, now=now)
    return _told(user, action_id, now)


def _person(number: int) -> User:
    return get_object_or_404(User, pk=number, is_active=True)


def _told(user: User, action_id: int, now: datetime) -> ActionWholeOut:
    """Return the action, or raise Http404: whoever gave their last action of a finding away may see it no more."""
    rows: QuerySet[Action] = named_actions(actions_of(user, now)).filter(pk=action_id)
    found = rows.first()
    if found is None:
        raise Http404
    return _whole(found, board_names(), now)


def _whole(one: Action, boards: dict[int, str], now: datetime) -> ActionWholeOut:
    finding = one.finding
    return ActionWholeOut(
        **action_out(one).model_dump(), finding=finding.pk, severity=finding.severity,
        library=finding.assessment.library.code, control=finding.control.number, about=about_of(one, boards),
        late=is_late(one.state, one.due, timezone.localdate(now)), returned_reason=one.returned_reason,
        drop_reason=one.drop_reason, planned_at=one.created_at, done_at=one.done_at, settled_at=one.settled_at,
        address=f"{page_address('compliance:finding', finding.pk)}#a{one.pk}",
    )  # fmt: skip
