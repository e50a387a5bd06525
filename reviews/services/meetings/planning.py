"""Making the meetings of a series ahead, one row a date however often it runs; and one meeting by itself."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from compliance import gates
from reviews.models import Board, Meeting, MeetingSeries
from reviews.permissions.meetings import why_not_lead_board
from reviews.permissions.reasons import require
from reviews.rules.meeting_dates import DaysOff, MeetingDate, meeting_dates
from reviews.selectors.calendar import calendar_of

AROUND = timedelta(days=31)
"""A day off moves a date by no more; so the rule is read that much beyond the horizon on either side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One meeting as it is planned: instants, where, and in which time zone its times are told."""

    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str
    video: str = ""


def horizon() -> timedelta:
    """Return how far ahead meetings of a series are made."""
    return timedelta(days=settings.MEETINGS_HORIZON_DAYS)


def plan_meetings(*, now: datetime) -> int:
    """Make every meeting up to the horizon that doesn't exist yet; returns how many. For the clock; may run twice."""
    ids = MeetingSeries.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now)).values_list(
        "pk", flat=True
    )
    return sum(_plan_one(series_id, now) for series_id in list(ids))


@transaction.atomic
def _plan_one(series_id: int, now: datetime) -> int:
    """Make the meetings of one series, unless another process is at it."""
    skip = connection.features.has_select_for_update_skip_locked
    rows = MeetingSeries.objects.select_related("board").select_for_update(of=("self",), skip_locked=skip)
    series = rows.filter(pk=series_id, board__closed_at__isnull=True).first()
    return len(plan_series(series, now)) if series is not None else 0


def plan_series(series: MeetingSeries, now: datetime) -> list[Meeting]:
    """Make what lacks of a locked series up to the horizon. A meeting that was missed isn't made afterwards."""
    there = set(Meeting.objects.filter(series=series).values_list("scheduled_for", flat=True))
    new = [
        planned_meeting(series, date, now)
        for date in dates_ahead(series, now)
        if date.scheduled_for not in there and date.starts_at > now
    ]
    made = Meeting.objects.bulk_create(new)
    trail.record_first("meeting.planned", [(meeting, said_of(meeting)) for meeting in made], now=now)
    return made


def dates_ahead(series: MeetingSeries, now: datetime) -> list[MeetingDate]:
    """Return the dates of the series up to the horizon, days off considered."""
    zone, until = ZoneInfo(series.zone), now + horizon()
    instants = gates.dates_of(recurrence_of(series), now - AROUND)
    dates = meeting_dates(
        takewhile(lambda instant: instant <= until + AROUND, instants), zone, calendar_of(series.board),
        DaysOff(series.days_off),
    )  # fmt: skip
    return [date for date in dates if date.starts_at <= until]


def recurrence_of(series: MeetingSeries) -> gates.Recurrence:
    """Return the rule of the series, to be expanded; days off are the board's own matter."""
    return gates.Recurrence(series.rule, datetime.fromisoformat(series.starts), series.zone, series.ends_at)


def planned_meeting(series: MeetingSeries, date: MeetingDate, now: datetime) -> Meeting:
    """Return the meeting of a date, not saved."""
    return Meeting(
        board=series.board, series=series, scheduled_for=date.scheduled_for, starts_at=date.starts_at,
        ends_at=date.starts_at + timedelta(minutes=series.lasts), zone=series.zone, place=series.place,
        video=series.video, call_by=call_by(series.board, date.starts_at, series.call_days), uid=new_uid(), made_at=now,
    )  # fmt: skip


def call_by(board: Board, starts_at: datetime, days: int) -> datetime:
    """Return when the invitation should be out: so many working days of the board before the meeting."""
    calendar = calendar_of(board)
    return min(calendar.end_of(calendar.add_working_days(calendar.day_of(starts_at), -days)), starts_at)


def new_uid() -> str:
    """Return a UID for a meeting (RFC 5545, 3.8.4.7); it tells nothing about the meeting."""
    return f"{secrets.token_hex(16)}@{urlsplit(settings.BASE_URL).hostname or 'localhost'}"


def said_of(meeting: Meeting) -> dict[str, object]:
    """Return what an event says about when a meeting is."""
    return {
        "board": meeting.board_id, "starts_at": meeting.starts_at.isoformat(), "series": meeting.series_id,
        "scheduled_for": meeting.scheduled_for.isoformat() if meeting.scheduled_for else None,
    }  # fmt: skip


@transaction.atomic
def plan_meeting(*, actor: User, board_id: int, session: Session, now: datetime) -> Meeting:
    """Plan one meeting beside any series."""
    require(why_not_lead_board(actor, board_id, now))
    board = Board.objects.get(pk=board_id)
    if board.closed_at is not None:
        raise Refused(_("This board is closed and meets no more."))
    check_session(session, now)
    meeting = Meeting.objects.create(
        board=board, starts_at=session.starts_at, ends_at=session.ends_at, zone=session.zone,
        place=session.place.strip(), video=session.video,
        call_by=call_by(board, session.starts_at, settings.MEETINGS_CALL_DAYS), uid=new_uid(), made_at=now,
    )  # fmt: skip
    trail.record("meeting.planned", obj=meeting, actor=actor, now=now, data=said_of(meeting))
    return meeting


def check_session(session: Session, now: datetime) -> None:
    """Refuse a time that is over, that ends before it begins or lasts longer than a day, and a place without name."""
    if session.starts_at <= now:
        raise Refused(_("The meeting has to lie ahead."))
    if not timedelta(minutes=5) <= session.ends_at - session.starts_at <= timedelta(days=1):
        raise Refused(_("A meeting lasts five minutes at least, and a day at the most."))
    if not session.place.strip():
        raise Refused(_("Say where the board meets, for example “Room 4.02 and video”."))


def without_use(meetings: Iterable[Meeting]) -> tuple[list[Meeting], list[Meeting]]:
    """Part planned meetings into those on which nothing hangs, which may go, and those that somebody prepared."""
    rows = list(meetings)
    used = set(
        Meeting.objects.filter(pk__in=[row.pk for row in rows])
        .filter(Q(items__isnull=False) | Q(attendances__isnull=False))
        .values_list("pk", flat=True)
    )
    return [row for row in rows if row.pk not in used], [row for row in rows if row.pk in used]
