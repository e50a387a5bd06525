"""The year of checks, and reports for a period."""

from datetime import date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query

from accounts.api.fields import Address, IdIn, In, LikelyDayIn, Out, PersonOut, page_address, person_out
from accounts.api.pages import PageOut, PageQuery, list_page
from accounts.api.rooms import Room
from accounts.api.visit import who
from accounts.models import User
from accounts.rules.scopes import Scope
from compliance.models import PeriodReport
from compliance.permissions import sight_of
from compliance.permissions.reports import (
    check_may_issue,
    projects_to_report,
    sees_the_organisation,
    visible_reports,
)
from compliance.rules.calendar import Mark
from compliance.rules.reporting import Period
from compliance.selectors.year import Check, year_of
from compliance.services.reporting import issue_report
from registry.models import Project

room = Room("Compliance")
Year = Annotated[int, Field(ge=2000, le=2200, examples=[2026])]
Month = Annotated[int, Field(ge=1, le=12, examples=[11])]


class MonthOut(Out):
    """The checks of a month: how many, and how the one stands that asks most for attention."""

    mark: Mark | None
    count: int = Field(examples=[1])


class RowOut(Out):
    """A check that comes back, with its twelve months."""

    library: str = Field(description="Name of the library.", examples=["Readiness for release"])
    number: str = Field(description="Of its control; empty for several.", examples=["RR-1"])
    title: str = Field(examples=["Accounts and access reviewed"])
    about: str = Field(description="Empty: the organisation.", examples=["Ferryman-MT 2.1"])
    months: list[MonthOut]


class YearOut(Out):
    """The checks of a year."""

    year: int = Field(examples=[2026])
    schedules: int = Field(description="That have not ended.", examples=[6])
    checks: int = Field(examples=[41])
    over: int = Field(description="Checks that are done or overdue.", examples=[30])
    in_time: int = Field(description="Of these, done in time.", examples=[28])
    overdue: int = Field(examples=[1])
    to_come: int = Field(examples=[10])
    rows: list[RowOut]


class CheckOut(Out):
    """A check; `assessment` is null for one to come."""

    on: datetime
    due: datetime
    mark: Mark
    library: str = Field(description="Code of the library.", examples=["release-readiness"])
    assessment: int | None = Field(examples=[7])


class MonthChecksOut(Out):
    """The checks of a month, in the order of their dates."""

    items: list[CheckOut]


class ReportOut(Out):
    """A report for some days that was issued; what it says stands in its record."""

    id: int = Field(examples=[2])
    since: date
    until: date
    project: int | None = Field(description="Null: the whole organisation.", examples=[3])
    made_at: datetime
    made_by: PersonOut
    record: int | None = Field(description="Number of its record, by which it is downloaded.", examples=[18])
    address: Address


class ReportIn(In):
    """Which days, both included, and about what."""

    since: LikelyDayIn = Field(examples=["2026-07-01"])
    until: LikelyDayIn = Field(examples=["2026-09-30"])
    project: IdIn | None = Field(
        None, description="Number of a project; left out: the whole organisation.", examples=[3]
    )


@room.get("/compliance/years/{year}", YearOut, Scope.COMPLIANCE_READ)
def read_year(request: HttpRequest, year: Year) -> YearOut:
    """Read the checks of a year by month, in the person's time zone."""
    user, now = who(request)
    found = year_of(user, year, now, sight_of(user, now))
    rows = [
        RowOut(
            library=group.name, number=row.number, title=row.title, about=row.about,
            months=[MonthOut(mark=cell.mark, count=cell.count) for cell in row.cells],
        )
        for group in found.groups for row in group.rows
    ]  # fmt: skip
    return YearOut(
        year=year, schedules=found.schedules, checks=len(found.checks), over=found.share.over,
        in_time=found.share.in_time, overdue=found.overdue, to_come=found.to_come, rows=rows,
    )  # fmt: skip


@room.get("/compliance/years/{year}/months/{month}", MonthChecksOut, Scope.COMPLIANCE_READ)
def read_month(request: HttpRequest, year: Year, month: Month) -> MonthChecksOut:
    """Read the checks of a month, those to come, too."""
    user, now = who(request)
    found = year_of(user, year, now, sight_of(user, now)).checks
    shown = [one for one in found if timezone.localtime(one.on).month == month]
    return MonthChecksOut(items=[_check(one) for one in sorted(shown, key=lambda one: one.on)])


@room.get("/reports", PageOut[ReportOut], Scope.COMPLIANCE_READ)
def list_reports(request: HttpRequest, asked: Query[PageQuery]) -> dict[str, Any]:
    """List the reports that were issued and that the person may read, newest first."""
    user, now = who(request)
    return list_page(request, visible_reports(user, now).select_related("made_by"), asked, _report)


@room.post("/reports", ReportOut, Scope.COMPLIANCE_WRITE, status=201)
def make_report(request: HttpRequest, given: ReportIn) -> ReportOut:
    """Issue a report for some days as a record, which is then printed and sealed; days are those of the person."""
    user, now = who(request)
    check_may_issue(user)
    project = reported_project(user, given.project, now)
    record = issue_report(
        actor=user, period=Period(given.since, given.until), project=project,
        zone=ZoneInfo(timezone.get_current_timezone_name()), now=now,
    )  # fmt: skip
    return _report(PeriodReport.objects.select_related("made_by").get(record=record))


def reported_project(user: User, number: int | None, now: datetime) -> Project | None:
    """Return what is reported on, None for the organisation; raises Http404 where the person doesn't see it."""
    if number is None:
        if not sees_the_organisation(user):
            raise Http404
        return None
    return get_object_or_404(projects_to_report(user, now), pk=number)


def _check(one: Check) -> CheckOut:
    return CheckOut(
        on=one.on, due=one.due, mark=one.mark, library=one.row[0],
        assessment=one.assessment.pk if one.assessment else None,
    )  # fmt: skip


def _report(one: PeriodReport) -> ReportOut:
    return ReportOut(
        id=one.pk, since=one.since, until=one.until, project=one.project_id, made_at=one.made_at,
        made_by=person_out(one.made_by), record=one.record_id,
        address=page_address("records:record_page", one.record_id),
    )  # fmt: skip
