"""What the pictures of compliance show, as figures: how controls stand, who is late, what expires, how actions go."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query

from accounts.api.fields import In, Out, PersonOut, person_out
from accounts.api.rooms import Room
from accounts.api.visit import who
from accounts.rules.scopes import Scope
from compliance.api.checklists import EvidenceOut, evidence_out
from compliance.permissions import sight_of
from compliance.selectors.actions import Whose, action_list
from compliance.selectors.expiry import expiring_for
from compliance.selectors.late import Late, late_things
from compliance.selectors.overdue import Holder, overdue_of
from compliance.selectors.standing import Heat, heat_of

room = Room("Compliance")


class ControlsCellOut(Out):
    """How the controls of a library stand for a project, each by its newest accepted answer."""

    framework: str = Field(examples=["eu-ai-act"])
    library: str = Field(description="Code of the library.", examples=["eu-ai-act"])
    about: str = Field(description="Name of a project, or the organisation.", examples=["Ferryman"])
    controls: int = Field(description="That the library has.", examples=[14])
    met: int = Field(examples=[11])
    partly: int = Field(examples=[1])
    not_met: int = Field(examples=[0])
    not_applicable: int = Field(examples=[2])
    standing: str | None = Field(
        description="The answer that asks most for attention: not_met, partly, met or not_applicable.",
        examples=["met"],
    )
    assessment: int = Field(description="The newest checklist that was counted.", examples=[7])


class ControlsOut(Out):
    """How controls stand; only where something was accepted."""

    items: list[ControlsCellOut]


class OverdueHolderOut(Out):
    """Somebody with overdue checks and actions; `days` since the oldest was due."""

    person: PersonOut | None = Field(description="Null: nobody was named.")
    to_fill_in: int = Field(examples=[2])
    to_review: int = Field(examples=[0])
    to_do: int = Field(description="Actions.", examples=[1])
    days: int = Field(examples=[12])


class LateStepOut(Out):
    """Who was told of it, as what, and when."""

    office: str = Field(examples=["line manager"])
    at: datetime
    names: list[str] = Field(examples=[["Aylin Demir"]])


class LateOut(Out):
    """A check or an action that is overdue."""

    kind: str = Field(description="checklist, checklist.review or action.", examples=["checklist"])
    id: int = Field(description="Of the checklist, or of the action.", examples=[7])
    title: str = Field(examples=["Accounts and access reviewed"])
    about: str = Field(examples=["Ferryman-MT 2.1"])
    holder: PersonOut | None
    does: str = Field(examples=["fills it in"])
    due: datetime
    days: int = Field(description="Calendar days since it was due.", examples=[3])
    told: list[LateStepOut]
    next_step: str = Field(description="Whom the next step tells; empty: nobody.", examples=["line manager"])
    next_step_at: datetime | None


class OverdueOut(Out):
    """All that is overdue among what the person sees: by person, and one by one, the longest first."""

    checks: int = Field(examples=[2])
    actions: int = Field(examples=[1])
    holders: list[OverdueHolderOut]
    items: list[LateOut]


class ExpiringOut(EvidenceOut):
    """A file that expires within 90 days or has within 60; `days` that are left, negative once it has."""

    control: str = Field(examples=["RR-1"])
    assessment: int = Field(examples=[7])
    title: str = Field(description="Of the checklist.", examples=["Readiness for release"])
    owner: PersonOut | None
    days: int = Field(examples=[14])


class ExpiringListOut(Out):
    """Files that newer ones haven't replaced, soonest first."""

    items: list[ExpiringOut]


class WeekOut(Out):
    """The end of a week: how many actions are open; `ahead`: it hasn't come, and counts those that are open today."""

    day: date
    in_time: int = Field(examples=[6])
    late: int = Field(examples=[1])
    ahead: bool


class WeeksOut(Out):
    """How actions burn down: twelve weeks back, today, and eight weeks on."""

    items: list[WeekOut]


class WeeksQuery(In):
    """Whose actions."""

    mine: bool = Field(False, description="Only those that the person has to do.")


@room.get("/compliance/figures/controls", ControlsOut, Scope.COMPLIANCE_READ)
def read_controls(request: HttpRequest) -> ControlsOut:
    """Read how the controls of each library stand for the organisation and for each project."""
    user, now = who(request)
    return ControlsOut(items=[ControlsCellOut(**cell) for cell in _cells(heat_of(user, now, most=None))])


@room.get("/compliance/figures/overdue", OverdueOut, Scope.COMPLIANCE_READ)
def read_overdue(request: HttpRequest) -> OverdueOut:
    """Read who holds what is overdue, who was told of it, and which step comes next."""
    user, now = who(request)
    found = overdue_of(user, now)
    late = late_things(user, now, sight_of(user, now), most=None)
    return OverdueOut(
        checks=found.checks, actions=found.actions, holders=[_holder(one) for one in found.holders],
        items=[_late(one) for one in late],
    )  # fmt: skip


@room.get("/compliance/figures/expiring", ExpiringListOut, Scope.COMPLIANCE_READ)
def read_expiring(request: HttpRequest) -> ExpiringListOut:
    """Read which evidence is about to expire, or has expired lately."""
    user, now = who(request)
    return ExpiringListOut(
        items=[
            ExpiringOut(
                **evidence_out(one.evidence).model_dump(), control=one.evidence.control.number,
                assessment=one.evidence.assessment_id, title=one.title, days=one.days,
                owner=person_out(owner) if (owner := one.evidence.assessment.owner) else None,
            )
            for one in expiring_for(user, now)
        ]
    )  # fmt: skip


@room.get("/compliance/figures/actions", WeeksOut, Scope.COMPLIANCE_READ)
def read_weeks(request: HttpRequest, asked: Query[WeeksQuery]) -> WeeksOut:
    """Read how many actions were open at the end of each week, and how few will be when each is done by its day."""
    user, now = who(request)
    points = [column.point for column in action_list(user, Whose.OPEN, now, mine=asked.mine).columns]
    return WeeksOut(
        items=[
            WeekOut(day=point.day, in_time=point.in_time, late=point.late, ahead=point.ahead)
            for point in points
        ]
    )


def _cells(heat: Heat) -> Iterator[dict[str, Any]]:
    for framework, rows in heat.frameworks:
        for row in rows:
            for about, cell in zip(heat.columns, row.cells, strict=True):
                if cell.latest is not None:
                    yield {
                        "framework": framework, "library": row.library.code, "about": about, "controls": row.controls,
                        **asdict(cell.counted), "standing": cell.counted.standing, "assessment": cell.latest,
                    }  # fmt: skip


def _holder(one: Holder) -> OverdueHolderOut:
    return OverdueHolderOut(
        person=person_out(one.person) if one.person else None, to_fill_in=one.to_fill_in, to_review=one.to_review,
        to_do=one.to_do, days=one.days,
    )  # fmt: skip


def _late(one: Late) -> LateOut:
    held, coming = one.held, one.escalation.next
    return LateOut(
        kind=held.kind, id=held.pk, title=held.title, about=held.about,
        holder=person_out(held.holder) if held.holder else None, does=held.does, due=held.due, days=one.days,
        told=[LateStepOut(office=step.as_what, at=step.at, names=step.names) for step in one.escalation.steps],
        next_step=str(coming.who) if coming else "", next_step_at=coming.at if coming else None,
    )  # fmt: skip
