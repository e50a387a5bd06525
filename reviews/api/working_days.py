"""Working days: the days off of a year, closings that administrators write and take back, and where a board sits."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Schema
from pydantic import StringConstraints

from accounts.api.fields import Address, Flag, Id, In, LikelyDayIn, Out, PersonOut, page_address, person_out
from accounts.api.rooms import Room
from accounts.api.visit import who
from accounts.models import User
from accounts.rules.scopes import Scope
from reviews.api.boards import BoardName
from reviews.models import Board, ClosingDay
from reviews.permissions.boards import board_by_slug
from reviews.permissions.calendars import why_not_manage_days
from reviews.permissions.reasons import require
from reviews.rules.working_calendar import Told
from reviews.selectors.changed_dates import waiting_sentence
from reviews.selectors.working_days import FIRST_YEAR, LAST_YEAR, days_page
from reviews.services import working_days as services

room = Room("Working days")
Code = Annotated[str, StringConstraints(max_length=6)]


class DaysQuery(Schema):
    """Which year, and whose days."""

    year: Annotated[
        int | None, Field(ge=FIRST_YEAR, le=LAST_YEAR, description="Left out: this year.", examples=[2026])
    ] = None
    board: Annotated[
        str, Field(max_length=50, description="Short name of a board; left out: the house.", examples=[""])
    ] = ""


class NamedDaysOut(Out):
    """Days in a row that are no plain working day and no plain weekend."""

    first: date = Field(examples=["2026-12-24"])
    last: date = Field(examples=["2026-12-31"])
    kind: Told
    name: str = Field(examples=["House closed over the new year"])


class MonthDaysOut(Out):
    """How many working days a month has."""

    month: int = Field(examples=[12])
    working: int = Field(examples=[18])


class ClosingDaysOut(Out):
    """Days on which the house is closed, or works though others rest."""

    id: int = Field(examples=[4])
    board: str | None = Field(description="Null: every board.", examples=["ethics"])
    first: date = Field(examples=["2026-12-24"])
    last: date = Field(examples=["2026-12-31"])
    reason: str = Field(examples=["House closed over the new year"])
    works: bool = Field(description="The house works on them.", examples=[False])
    made_by: PersonOut
    made_at: datetime
    taken_back_at: datetime | None
    taken_back_by: PersonOut | None


class WorkingDaysOut(Out):
    """The working days of a year, of a board or of the house."""

    year: int = Field(examples=[2026])
    board: str | None = Field(description="Null: the house.", examples=["ethics"])
    country: str = Field(
        description="Whose holidays count (ISO 3166); empty: weekends only.", examples=["DE"]
    )
    subdivision: str = Field(examples=["BY"])
    time_zone: str = Field(examples=["Europe/Berlin"])
    place: str = Field(description="In words.", examples=["Germany, Bayern (Europe/Berlin)"])
    edition: str = Field(description="Of the list of holidays.", examples=["holidays 0.83"])
    announced: bool = Field(
        description="False: the government hasn't announced the days of that year; they were computed."
    )
    working: int = Field(description="Working days of the year.", examples=[251])
    months: list[MonthDaysOut]
    named: list[NamedDaysOut]
    closings: list[ClosingDaysOut]
    former: list[ClosingDaysOut] = Field(description="Taken back.")
    why_not_manage: str | None = Field(description="Null: this person writes closings.", examples=[None])
    address: Address


class DaysWrittenOut(WorkingDaysOut):
    """The working days as they are now, and which running dates would be others."""

    dates_that_wait: str = Field(
        description="How many running dates would be others now; none moves by itself. Empty: none would.",
        examples=["2 running dates would be others now. They stay until chair or secretary have them counted again."],
    )  # fmt: skip


class ClosingDaysIn(In):
    """Days on which the house is closed, or works; running dates stay as they are."""

    board: BoardName | None = Field(None, description="Left out: every board.", examples=["ethics"])
    first: LikelyDayIn = Field(examples=["2026-12-24"])
    last: LikelyDayIn | None = Field(None, description="Left out: one day.", examples=["2026-12-31"])
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)] = Field(
        description="Everybody reads it beside their deadlines.", examples=["House closed over the new year"]
    )
    works: Flag = Field(False, description="The house works, though they are a weekend or a holiday.")


class BoardPlaceIn(In):
    """Where a board sits, and why it counts differently from now on."""

    country: Code = Field(description="ISO 3166; empty: weekends only.", examples=["DE"])
    subdivision: Code = Field("", description="Where it has holidays of its own.", examples=["BY"])
    time_zone: Annotated[str, StringConstraints(min_length=1, max_length=64)] = Field(
        examples=["Europe/Berlin"]
    )
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)] = Field(
        examples=["The board moved to Munich."]
    )


def _closing(row: ClosingDay) -> ClosingDaysOut:
    return ClosingDaysOut(
        id=row.pk, board=row.board.slug if row.board else None, first=row.day, last=row.until, reason=row.reason,
        works=row.works, made_by=person_out(row.made_by), made_at=row.made_at, taken_back_at=row.ended_at,
        taken_back_by=person_out(row.ended_by) if row.ended_by else None,
    )  # fmt: skip


def _days(user: User, board: Board | None, year: int, now: datetime) -> dict[str, Any]:
    page = days_page(user, board, year, now)
    return {
        "year": year, "board": board.slug if board else None, "country": page.days.country,
        "subdivision": page.days.subdivision, "time_zone": page.days.zone.key, "place": page.place,
        "edition": page.edition, "announced": page.announced, "working": page.working,
        "months": [MonthDaysOut(month=at, working=one.working) for at, one in enumerate(page.months, start=1)],
        "named": [NamedDaysOut(first=one.first, last=one.last, kind=one.told, name=one.name) for one in page.named],
        "closings": [_closing(row) for row in page.closings], "former": [_closing(row) for row in page.former],
        "why_not_manage": str(page.why_not_manage) if page.why_not_manage else None,
        "address": page_address("reviews:working_days"),
    }  # fmt: skip


def _written(user: User, board: Board | None, year: int, now: datetime) -> DaysWrittenOut:
    return DaysWrittenOut(**_days(user, board, year, now), dates_that_wait=waiting_sentence(board, now))


@room.get("/working-days", WorkingDaysOut, Scope.REQUESTS_READ)
def read_working_days(request: HttpRequest, asked: Query[DaysQuery]) -> WorkingDaysOut:
    """Read the days off of a year, of a board or of the house: by these deadlines are counted."""
    user, now = who(request)
    board = board_by_slug(user, asked.board, now) if asked.board else None
    return WorkingDaysOut(**_days(user, board, asked.year or timezone.localdate(now).year, now))


@room.post("/working-days/closings", DaysWrittenOut, Scope.ORGANISATION_WRITE, status=201)
def close_days(request: HttpRequest, given: ClosingDaysIn) -> DaysWrittenOut:
    """Write days on which the house is closed, or works; administrators do. No running date moves by it."""
    user, now = who(request)
    require(why_not_manage_days(user))
    board = board_by_slug(user, given.board, now) if given.board is not None else None
    services.add_closing(
        actor=user, board_id=board.pk if board else None, day=given.first, until=given.last or given.first,
        reason=given.reason, works=given.works, now=now,
    )  # fmt: skip
    return _written(user, board, given.first.year, now)


@room.post("/working-days/closings/{closing_id}/ending", DaysWrittenOut, Scope.ORGANISATION_WRITE, takes=None)
def take_back_closing(request: HttpRequest, closing_id: Id) -> DaysWrittenOut:
    """Take closing days back; by which days older dates were counted stays known."""
    user, now = who(request)
    require(why_not_manage_days(user))
    closing = services.end_closing(actor=user, closing_id=closing_id, now=now)
    return _written(user, closing.board, closing.day.year, now)


@room.post("/boards/{board}/place", DaysWrittenOut, Scope.ORGANISATION_WRITE)
def place_board(request: HttpRequest, board: BoardName, given: BoardPlaceIn) -> DaysWrittenOut:
    """Say whose holidays a board keeps and in which time zone it counts; administrators do."""
    user, now = who(request)
    found = board_by_slug(user, board, now)
    require(why_not_manage_days(user))
    placed = services.place_board(
        actor=user, board_id=found.pk, country=given.country, subdivision=given.subdivision,
        time_zone=given.time_zone, reason=given.reason, now=now,
    )  # fmt: skip
    return _written(user, placed, timezone.localdate(now).year, now)
