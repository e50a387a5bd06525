"""Schedules: listed, read, made, changed, paused, resumed and ended."""

from datetime import datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query
from pydantic import StringConstraints

from accounts.api.fields import (
    Address,
    Clock,
    Id,
    IdIn,
    In,
    LikelyDayIn,
    Out,
    PersonOut,
    Whole,
    Words,
    page_address,
    person_out,
)
from accounts.api.pages import PageOut, PageQuery, list_page
from accounts.api.rooms import Room
from accounts.api.visit import tell, who
from accounts.models import User
from accounts.rules.scopes import Scope
from compliance.models import Schedule
from compliance.models.boards import board_names
from compliance.permissions import schedule_to_read, visible_schedules
from compliance.rules.happenings import Happening
from compliance.rules.lifecycle import ScheduleState
from compliance.rules.working_days import Shift
from compliance.selectors.cadence import suggestion_for
from compliance.selectors.happening_words import schedule_in_words
from compliance.selectors.schedules import about_of, coming_dates, foreseen
from compliance.services import schedules as services
from compliance.services.about import Checked

room = Room("Compliance")
Title = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
LAST_MINUTE = time(23, 59)


class ScheduleLineOut(Out):
    """A check that comes back: what, about what, when, by whom."""

    id: int = Field(examples=[5])
    title: str = Field(examples=["Accounts and access reviewed"])
    library: str = Field(description="Code of the library.", examples=["part-11"])
    controls: list[str] = Field(description="Numbers of its controls; none: all.", examples=[["P11-4"]])
    about: str = Field(description="Empty: the organisation.", examples=["Ferryman-MT 2.1"])
    board: int | None = Field(examples=[None])
    project: int | None = Field(examples=[3])
    version: int | None = Field(examples=[9])
    state: ScheduleState
    timing: str = Field(examples=["every month on day 1 at 09:00, Europe/Oslo"])
    rule: str = Field(
        description="RRULE (RFC 5545); empty: on no dates.", examples=["FREQ=MONTHLY;BYMONTHDAY=1"]
    )
    starts: str = Field(description="Wall time in the zone.", examples=["2026-12-01T09:00"])
    zone: str = Field(examples=["Europe/Oslo"])
    ends_at: datetime | None
    shift: str = Field(description="What becomes of a date on a day off.", examples=["later"])
    country: str = Field(description="Whose holidays are days off; empty: weekends only.", examples=["NO"])
    happenings: list[str] = Field(examples=[["version_released"]])
    days: int = Field(description="From a date until its work is due.", examples=[14])
    owner: PersonOut | None
    reviewer: PersonOut | None
    address: Address


class ComingOut(Out):
    """A date to come, and when its work is due."""

    on: datetime
    due: datetime


class ScheduleOut(ScheduleLineOut):
    """A schedule with its next ten dates."""

    coming: list[ComingOut]


class ScheduleIn(In):
    """A schedule; what is left out is empty. At most one of project, version and board."""

    library: Annotated[str, StringConstraints(min_length=1, max_length=60)] = Field(examples=["part-11"])
    controls: list[Annotated[str, StringConstraints(max_length=40)]] = Field(
        [], max_length=500, description="Numbers of controls; none: all of them.", examples=[["P11-4"]]
    )
    project: IdIn | None = Field(None, examples=[3])
    version: IdIn | None = Field(None, examples=[None])
    board: IdIn | None = Field(None, description="Number of a board.", examples=[None])
    rule: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = Field(
        "", description="RRULE (RFC 5545) without DTSTART, UNTIL and COUNT; empty: only when something happens.",
        examples=["FREQ=MONTHLY;BYMONTHDAY=1"],
    )  # fmt: skip
    happenings: list[Happening] = Field(
        [], max_length=10, description="A checklist opens each time, beside the dates.", examples=[[]]
    )
    first_on: LikelyDayIn = Field(
        description="The first date, or the day from which it listens.", examples=["2026-12-01"]
    )
    clock: Clock = Field("09:00", examples=["09:00"])
    zone: Annotated[str, StringConstraints(max_length=64)] = Field("UTC", examples=["Europe/Oslo"])
    last_on: LikelyDayIn | None = Field(None, examples=[None])
    shift: Shift = Field(Shift.NONE, description="What becomes of a date on a day off.")
    country: Annotated[str, StringConstraints(max_length=2)] = Field("", examples=["NO"])
    days: Whole = Field(14, le=366, description="Days to complete.", examples=[14])
    owner: IdIn | None = Field(None, description="Number of who fills it in.", examples=[12])
    reviewer: IdIn | None = Field(None, description="Number of who reviews it.", examples=[14])
    title_en: Title = Field("", description="Empty: the name of its control or library.", examples=[""])
    title_zh: Title = Field("", examples=[""])


class CadenceOut(Out):
    """A cadence that the library suggests, and for which controls."""

    cadence: str = Field(examples=["every quarter (stands in the rule)"])
    controls: list[str] = Field(examples=[["P11-4"]])
    notes: list[str] = Field(examples=[[]])


class SchedulePreviewOut(Out):
    """When a schedule that isn't made would happen, and how often we suggest."""

    timing: str = Field(examples=["every month on day 1 at 09:00, Europe/Oslo"])
    coming: list[datetime] = Field(description="The next ten dates.")
    ends: bool = Field(description="These are the last ones.")
    suggested: list[CadenceOut]


class ScheduleReasonIn(In):
    """Why; it stands in the log."""

    reason: Words = Field(examples=["The system is replaced in spring."])


class ScheduleQuery(PageQuery):
    """What of the schedules is asked for."""

    state: ScheduleState | None = None


@room.get("/schedules", PageOut[ScheduleLineOut], Scope.COMPLIANCE_READ)
def list_schedules(request: HttpRequest, asked: Query[ScheduleQuery]) -> dict[str, Any]:
    """List the schedules that the person may see, those made last first."""
    user, now = who(request)
    rows = visible_schedules(user, now).select_related("owner", "reviewer", "project", "version__model")
    if asked.state is not None:
        rows = rows.filter(state=asked.state)
    boards = board_names()
    return list_page(request, rows, asked, lambda one: ScheduleLineOut(**_line(one, boards)))


@room.get("/schedules/{schedule_id}", ScheduleOut, Scope.COMPLIANCE_READ)
def read_schedule(request: HttpRequest, schedule_id: Id) -> ScheduleOut:
    """Read a schedule with its next ten dates."""
    user, now = who(request)
    return _told(user, schedule_id, now)


@room.post("/schedules", ScheduleOut, Scope.COMPLIANCE_WRITE, status=201)
def make_schedule(request: HttpRequest, given: ScheduleIn) -> ScheduleOut:
    """Make a schedule."""
    user, now = who(request)
    made = services.create_schedule(actor=user, checked=_checked(given), timing=_timing(given), now=now)
    tell(request, "Location", f"/api/v1/schedules/{made.pk}")
    return _told(user, made.pk, now)


@room.post("/schedule-previews", SchedulePreviewOut, Scope.COMPLIANCE_WRITE)
def preview_schedule(request: HttpRequest, given: ScheduleIn) -> SchedulePreviewOut:
    """Answer when a schedule would happen, with all that would be refused; nothing is kept."""
    user, now = who(request)
    timing = _timing(given)
    library = services.try_schedule(actor=user, checked=_checked(given), timing=timing, now=now)
    seen = foreseen(timing.series, timing.happenings, now)
    suggested = suggestion_for(library.controls.all(), given.controls).parts
    return SchedulePreviewOut(
        timing=seen.timing, coming=seen.coming, ends=seen.ends,
        suggested=[CadenceOut(cadence=one.cadence, controls=one.numbers, notes=one.notes) for one in suggested],
    )  # fmt: skip


@room.put("/schedules/{schedule_id}", ScheduleOut, Scope.COMPLIANCE_WRITE)
def change_schedule(request: HttpRequest, schedule_id: Id, given: ScheduleIn) -> ScheduleOut:
    """Change a schedule from now on: dates that nobody has begun are made anew, those that were opened stay."""
    user, now = who(request)
    services.change_schedule(
        actor=user, schedule_id=schedule_id, checked=_checked(given), timing=_timing(given), now=now
    )
    return _told(user, schedule_id, now)


@room.post("/schedules/{schedule_id}/pause", ScheduleOut, Scope.COMPLIANCE_WRITE)
def pause_schedule(request: HttpRequest, schedule_id: Id, given: ScheduleReasonIn) -> ScheduleOut:
    """Pause a schedule: it makes no dates until it is resumed."""
    user, now = who(request)
    services.pause_schedule(actor=user, schedule_id=schedule_id, reason=given.reason, now=now)
    return _told(user, schedule_id, now)


@room.post("/schedules/{schedule_id}/resumption", ScheduleOut, Scope.COMPLIANCE_WRITE, takes=None)
def resume_schedule(request: HttpRequest, schedule_id: Id) -> ScheduleOut:
    """Resume a schedule: it makes dates from now on; what fell into the pause isn't caught up."""
    user, now = who(request)
    services.resume_schedule(actor=user, schedule_id=schedule_id, now=now)
    return _told(user, schedule_id, now)


@room.post("/schedules/{schedule_id}/end", ScheduleOut, Scope.COMPLIANCE_WRITE)
def end_schedule(request: HttpRequest, schedule_id: Id, given: ScheduleReasonIn) -> ScheduleOut:
    """End a schedule: what was opened is finished, nothing new comes."""
    user, now = who(request)
    services.end_schedule(actor=user, schedule_id=schedule_id, reason=given.reason, now=now)
    return _told(user, schedule_id, now)


def _checked(given: ScheduleIn) -> Checked:
    return Checked(
        library_code=given.library, control_numbers=given.controls, title_en=given.title_en,
        title_zh=given.title_zh, project_id=given.project, version_id=given.version, board_id=given.board,
    )  # fmt: skip


def _timing(given: ScheduleIn) -> services.Timing:
    ends = datetime.combine(given.last_on, LAST_MINUTE, _zone(given.zone)) if given.last_on else None
    return services.Timing(
        rule=given.rule, starts=datetime.combine(given.first_on, time.fromisoformat(given.clock)), zone=given.zone,
        ends_at=ends, shift=given.shift, country=given.country if given.shift else "",
        happenings=[str(each) for each in given.happenings], days=given.days, owner=_person(given.owner),
        reviewer=_person(given.reviewer),
    )  # fmt: skip


def _zone(name: str) -> ZoneInfo:
    """Return the zone, or UTC for one that the service then refuses with its words."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def _person(number: int | None) -> User | None:
    return get_object_or_404(User, pk=number, is_active=True) if number is not None else None


def _told(user: User, schedule_id: int, now: datetime) -> ScheduleOut:
    found = schedule_to_read(user, schedule_id, now)
    coming = [ComingOut(on=one.on, due=one.due) for one in coming_dates(found, now)]
    return ScheduleOut(**_line(found, board_names()), coming=coming)


def _line(one: Schedule, boards: dict[int, str]) -> dict[str, Any]:
    return {
        "id": one.pk, "title": one.title, "library": one.library_code, "controls": list(one.control_numbers),
        "about": about_of(one, boards), "board": one.board, "project": one.project_id, "version": one.version_id,
        "state": ScheduleState(one.state), "timing": str(schedule_in_words(one.series, one.happenings)),
        "rule": one.rule, "starts": one.starts, "zone": one.zone, "ends_at": one.ends_at, "shift": str(one.shift),
        "country": one.country, "happenings": list(one.happenings), "days": one.days,
        "owner": person_out(one.owner) if one.owner else None,
        "reviewer": person_out(one.reviewer) if one.reviewer else None,
        "address": page_address("compliance:schedule", one.pk),
    }  # fmt: skip
