"""The figures of any days as a report would say them, before one is issued."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query

from accounts.api.fields import LARGEST_ID, In, LikelyDayIn, Out
from accounts.api.problems import Code
from accounts.api.rooms import Room
from accounts.api.visit import who
from accounts.rules.scopes import Scope
from audit.refusal import Refused
from compliance.api.years import reported_project
from compliance.permissions.reports import why_not_issue
from compliance.rules.reporting import Period, fault_of
from compliance.selectors.report import Span, figures_of
from compliance.selectors.report_words import FAULTS

room = Room("Compliance")


class TimelinessOut(Out):
    """How many checks that were due were done how; `waiting`: in review, or their day hasn't passed."""

    in_time: int = Field(examples=[28])
    late: int = Field(examples=[2])
    missed: int = Field(examples=[1])
    waiting: int = Field(examples=[0])


class ReportMonthOut(Out):
    """A month of the days, cut to them."""

    since: date
    until: date
    runs: TimelinessOut


class MissedCheckOut(Out):
    """A check that nobody has handed in, though its day has passed."""

    title: str = Field(examples=["Accounts and access reviewed"])
    about: str = Field(description="Empty: the organisation.", examples=["Ferryman-MT 2.1"])
    owner: str = Field(examples=["Aylin Demir"])
    due: datetime


class AnswersCountedOut(Out):
    """How many controls have which answer."""

    met: int = Field(examples=[11])
    partly: int = Field(examples=[1])
    not_met: int = Field(examples=[0])
    not_applicable: int = Field(examples=[2])


class FrameworkFiguresOut(Out):
    """The newest answer of each control in the checklists that were accepted on these days."""

    name: str = Field(examples=["EU AI Act"])
    runs: int = Field(examples=[3])
    counted: AnswersCountedOut


class SeveritiesOut(Out):
    """How many findings of each severity."""

    critical: int = Field(examples=[0])
    high: int = Field(examples=[1])
    medium: int = Field(examples=[2])
    low: int = Field(examples=[0])


class FindingFiguresOut(Out):
    """What was found and mended; `open` on the last day."""

    raised: int = Field(examples=[4])
    closed: int = Field(examples=[3])
    open: SeveritiesOut


class OpenFindingOut(Out):
    """A finding that was open on the last day."""

    control: str = Field(examples=["RR-1"])
    title: str = Field(description="Of its checklist.", examples=["Readiness for release"])
    about: str = Field(examples=["Ferryman-MT 2.1"])
    severity: str = Field(examples=["high"])
    text: str = Field(examples=["There is no data sheet."])
    raised_at: datetime
    actions: int = Field(description="Planned for it.", examples=[1])


class ActionFiguresOut(Out):
    """Actions whose last day lies in these days; `overdue`: also from before them."""

    due: int = Field(examples=[5])
    in_time: int = Field(examples=[4])
    late: int = Field(examples=[0])
    overdue: int = Field(examples=[1])


class OverdueActionOut(Out):
    """An action that wasn't reported as done, though its day has passed."""

    text: str = Field(examples=["Write the data sheet."])
    owner: str = Field(examples=["Aylin Demir"])
    control: str = Field(examples=["RR-1"])
    title: str = Field(description="Of the checklist.", examples=["Readiness for release"])
    due: date


class InForceOut(Out):
    """An exception that counted on the last day."""

    control: str = Field(examples=["RR-1"])
    library: str = Field(examples=["Readiness for release"])
    about: str = Field(examples=["Ferryman-MT 2.1"])
    reason: str = Field(examples=["The supplier is late."])
    until: date


class ExpiredFileOut(Out):
    """A file whose last day lies in these days."""

    name: str = Field(examples=["access-review.pdf"])
    control: str = Field(examples=["RR-1"])
    title: str = Field(description="Of the checklist.", examples=["Readiness for release"])
    owner: str = Field(examples=["Aylin Demir"])
    expires_on: date


class ReportFiguresOut(Out):
    """What a report for these days would say. Lists are complete."""

    since: date
    until: date
    project: int | None = Field(description="Null: the whole organisation.", examples=[3])
    runs: TimelinessOut
    months: list[ReportMonthOut]
    missed: list[MissedCheckOut]
    frameworks: list[FrameworkFiguresOut]
    findings: FindingFiguresOut
    open_findings: list[OpenFindingOut]
    actions: ActionFiguresOut
    overdue: list[OverdueActionOut]
    exceptions: list[InForceOut]
    expired: list[ExpiredFileOut]
    why_not_issue: str | None = Field(examples=[None])


class ReportQuery(In):
    """Which days, both included, and about what."""

    since: LikelyDayIn = Field(examples=["2026-07-01"])
    until: LikelyDayIn = Field(examples=["2026-09-30"])
    project: Annotated[int, Field(ge=1, le=LARGEST_ID)] | None = Field(
        None, description="Number of a project; left out: the whole organisation.", examples=[3]
    )


@room.get("/report-figures", ReportFiguresOut, Scope.COMPLIANCE_READ, tells=(Code.REFUSED,))
def read_report_figures(request: HttpRequest, asked: Query[ReportQuery]) -> ReportFiguresOut:
    """Read what a report for some days would say, with days of the person; nothing is issued."""
    user, now = who(request)
    project, zone = reported_project(user, asked.project, now), ZoneInfo(timezone.get_current_timezone_name())
    period = Period(asked.since, asked.until)
    if fault := fault_of(period, now.astimezone(zone).date()):
        raise Refused(str(FAULTS[fault]))
    figures = figures_of(Span(period, zone, project, now))
    return ReportFiguresOut(
        **asdict(figures), since=period.since, until=period.until, project=project.pk if project else None,
        why_not_issue=why_not_issue(user),
    )  # fmt: skip
