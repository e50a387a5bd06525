"""Series of meetings: listed, made, changed and ended from a day on, by who plans the meetings of the board."""

from datetime import datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from ninja import Field, Query
from pydantic import StringConstraints

from accounts.api.fields import Clock, Id, In, LikelyDayIn, Line, LinkOrNone, Out, Whole, Zone
from accounts.api.pages import PageOut, PageQuery, list_page
from accounts.api.rooms import Room
from accounts.api.visit import tell, who
from accounts.rules.scopes import Scope
from reviews.api.boards import BoardName
from reviews.api.meeting_agenda import Note
from reviews.models import MeetingSeries
from reviews.permissions.boards import board_by_slug
from reviews.permissions.meetings import series_led, series_to_read, why_not_lead_board
from reviews.permissions.reasons import require
from reviews.rules.meeting_dates import DaysOff, at_wall
from reviews.selectors.meetings.listing import series_in_force
from reviews.services.meetings import series as services

room = Room("Meetings")
LAST_MINUTE = time(23, 59)


class MeetingSeriesOut(Out):
    """When and where a board meets again and again."""

    id: int = Field(examples=[3])
    board: str = Field(description="Short name of the board.", examples=["ethics"])
    rule: str = Field(description="RRULE (RFC 5545).", examples=["FREQ=MONTHLY;BYDAY=1WE"])
    starts: str = Field(description="First meeting, on the clock of the zone.", examples=["2026-12-02T10:00"])
    zone: str = Field(examples=["Europe/Berlin"])
    minutes: int = Field(description="How long a meeting lasts.", examples=[90])
    ends_at: datetime | None = Field(description="There are no meetings after it; null: it has no end.")
    days_off: DaysOff = Field(description="What becomes of a date on a day off of the board's calendar.")
    place: str = Field(examples=["Room 4.02 and video"])
    video: str = Field(examples=["https://video.example.org/ethics"])
    call_days: int = Field(
        description="Working days before a meeting by which its invitation should be out.", examples=[5]
    )
    follows: int | None = Field(
        description="Number of the series that it took the place of.", examples=[None]
    )
    reason: str = Field(description="Why it follows another.", examples=[""])


class MeetingSeriesIn(In):
    """When and where a board meets again and again; its meetings are made some months ahead."""

    rule: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)] = Field(
        description="RRULE (RFC 5545) without DTSTART, UNTIL and COUNT.", examples=["FREQ=MONTHLY;BYDAY=1WE"]
    )
    first_on: LikelyDayIn = Field(description="Day of the first meeting.", examples=["2026-12-02"])
    clock: Clock = Field(description="When it begins, on the clock of the zone.")
    minutes: Annotated[Whole, Field(ge=5, le=1440)] = Field(90, examples=[90])
    zone: Zone
    last_on: LikelyDayIn | None = Field(
        None, description="No meetings after this day; null: it has no end.", examples=[None]
    )
    days_off: DaysOff = Field(
        DaysOff.LATER, description="What becomes of a date on a day off of the board's calendar."
    )
    place: Line = Field(examples=["Room 4.02 and video"])
    video: LinkOrNone = Field("", examples=["https://video.example.org/ethics"])
    call_days: Annotated[Whole, Field(le=60)] = Field(
        5, description="Working days before a meeting by which its invitation should be out.", examples=[5]
    )

    def rhythm(self) -> services.Rhythm:
        """Return it as the services take it."""
        ends = at_wall(self.last_on, LAST_MINUTE, ZoneInfo(self.zone)) if self.last_on else None
        return services.Rhythm(
            rule=self.rule, starts=datetime.combine(self.first_on, time.fromisoformat(self.clock)), zone=self.zone,
            lasts=self.minutes, place=self.place, video=self.video, days_off=self.days_off,
            call_days=self.call_days, ends_at=ends,
        )  # fmt: skip


class MeetingSeriesChangeIn(MeetingSeriesIn):
    """The rhythm from a day on, whole, and why it changes."""

    since: LikelyDayIn = Field(description="Meetings before this day stay.", examples=["2027-01-01"])
    reason: Note = Field(examples=["Fridays are for travelling."])


class MeetingSeriesEndIn(In):
    """From which day on there are no more meetings, and why."""

    since: LikelyDayIn = Field(examples=["2027-01-01"])
    reason: Note = Field(examples=["The board meets when there is something to decide."])


class MeetingSeriesQuery(PageQuery):
    """Of which board series are asked for."""

    board: Annotated[str, Field(max_length=50, description="Short name of a board.")] = ""


def _told(one: MeetingSeries) -> MeetingSeriesOut:
    return MeetingSeriesOut(
        id=one.pk, board=one.board.slug, rule=one.rule, starts=one.starts, zone=one.zone, minutes=one.lasts,
        ends_at=one.ends_at, days_off=DaysOff(one.days_off), place=one.place, video=one.video,
        call_days=one.call_days, follows=one.follows_id, reason=one.reason,
    )  # fmt: skip


@room.get("/meeting-series", PageOut[MeetingSeriesOut], Scope.REQUESTS_READ)
def list_meeting_series(request: HttpRequest, asked: Query[MeetingSeriesQuery]) -> dict[str, Any]:
    """List the series in force of the boards whose meetings one plans."""
    user, now = who(request)
    rows = series_in_force(series_led(user, now), now)
    if asked.board:
        rows = rows.filter(board__slug=asked.board)
    return list_page(request, rows, asked, _told)


@room.get("/meeting-series/{series_id}", MeetingSeriesOut, Scope.REQUESTS_READ)
def read_meeting_series(request: HttpRequest, series_id: Id) -> MeetingSeriesOut:
    """Read a series, also one that has ended."""
    user, now = who(request)
    return _told(series_to_read(user, series_id, now))


@room.post("/boards/{board}/meeting-series", MeetingSeriesOut, Scope.BOARDS_WRITE, status=201)
def make_meeting_series(request: HttpRequest, board: BoardName, given: MeetingSeriesIn) -> MeetingSeriesOut:
    """Make a series of meetings of the board, each of which can be moved by itself."""
    user, now = who(request)
    found = board_by_slug(user, board, now)
    require(why_not_lead_board(user, found.pk, now))
    made = services.make_series(actor=user, board_id=found.pk, rhythm=given.rhythm(), now=now)
    tell(request, "Location", f"/api/v1/meeting-series/{made.pk}")
    return _told(made)


@room.post("/meeting-series/{series_id}/change", MeetingSeriesOut, Scope.BOARDS_WRITE, status=201)
def change_meeting_series(
    request: HttpRequest, series_id: Id, given: MeetingSeriesChangeIn
) -> MeetingSeriesOut:
    """Change a series from a day on: it ends the day before, and the one that is answered follows it.

    Meetings to which nobody was invited yet take the new dates and keep their agenda. A meeting to which somebody was
    invited already is moved or cancelled by itself first.
    """
    user, now = who(request)
    new = services.change_series(
        actor=user, series_id=series_to_read(user, series_id, now).pk, since=given.since, rhythm=given.rhythm(),
        reason=given.reason, now=now,
    )  # fmt: skip
    tell(request, "Location", f"/api/v1/meeting-series/{new.pk}")
    return _told(new)


@room.post("/meeting-series/{series_id}/end", MeetingSeriesOut, Scope.BOARDS_WRITE)
def end_meeting_series(request: HttpRequest, series_id: Id, given: MeetingSeriesEndIn) -> MeetingSeriesOut:
    """End a series from a day on: meetings that somebody prepared are cancelled, the others go."""
    user, now = who(request)
    ended = services.end_series(
        actor=user, series_id=series_to_read(user, series_id, now).pk, since=given.since, reason=given.reason,
        now=now,
    )  # fmt: skip
    return _told(ended)
