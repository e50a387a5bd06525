"""Series of meetings: made, changed from a day on, ended; one meeting of them moved by itself."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from compliance import gates
from reviews.models import Board, Meeting, MeetingSeries
from reviews.permissions.meetings import series_led, why_not_lead_board
from reviews.permissions.reasons import require
from reviews.rules.meeting_dates import DaysOff, MeetingDate, at_wall
from reviews.rules.meeting_lifecycle import MeetingEvent, MeetingState
from reviews.services.meetings.locking import move_meeting
from reviews.services.meetings.planning import call_by, dates_ahead, plan_series, without_use


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When and where a board meets again and again.

    `rule` is an RRULE, `starts` the naive wall time in `zone` of the first meeting, `lasts` its minutes, `days_off`
    what becomes of a date on a day off, `call_days` the working days before by which its invitation should be out.
    """

    rule: str
    starts: datetime
    zone: str
    lasts: int
    place: str
    video: str = ""
    days_off: DaysOff = DaysOff.LATER
    call_days: int = 5
    ends_at: datetime | None = None


@transaction.atomic
def make_series(*, actor: User, board_id: int, rhythm: Rhythm, now: datetime) -> MeetingSeries:
    """Make a series and its meetings up to the horizon; raises Refused with what is wrong about the rule."""
    require(why_not_lead_board(actor, board_id, now))
    board = Board.objects.get(pk=board_id)
    if board.closed_at is not None:
        raise Refused(_("This board is closed and meets no more."))
    series = MeetingSeries.objects.create(board=board, made_by=actor, made_at=now, **_fields(rhythm))
    trail.record("meeting_series.made", obj=series, actor=actor, now=now, data=_said(series))
    if not plan_series(series, now) and rhythm.ends_at is not None:
        raise Refused(
            _("This series has no meeting: it ends before its first date, or days off drop them all.")
        )
    return series


def _fields(rhythm: Rhythm) -> dict[str, object]:
    """Return the fields of the row; refuses a rhythm that can't be kept."""
    problem = gates.problem_of_recurrence(
        gates.Recurrence(rhythm.rule, rhythm.starts, rhythm.zone, rhythm.ends_at)
    )
    if problem is not None:
        raise Refused(str(gates.RECURRENCE_PROBLEMS[problem]))
    if not rhythm.place.strip():
        raise Refused(_("Say where the board meets, for example “Room 4.02 and video”."))
    if not 5 <= rhythm.lasts <= 1440:
        raise Refused(_("A meeting lasts five minutes at least, and a day at the most."))
    return {
        "rule": rhythm.rule.strip().upper().removeprefix("RRULE:"),
        "starts": rhythm.starts.isoformat(timespec="minutes"),
        "zone": rhythm.zone, "lasts": rhythm.lasts, "place": rhythm.place.strip(), "video": rhythm.video,
        "days_off": DaysOff(rhythm.days_off).value, "call_days": rhythm.call_days, "ends_at": rhythm.ends_at,
    }  # fmt: skip


def _said(series: MeetingSeries) -> dict[str, object]:
    return {
        "board": series.board_id, "rule": series.rule, "starts": series.starts, "zone": series.zone,
        "days_off": series.days_off, "follows": series.follows_id,
        "ends_at": series.ends_at.isoformat() if series.ends_at else None,
    }  # fmt: skip


@transaction.atomic
def change_series(
    *, actor: User, series_id: int, since: date, rhythm: Rhythm, reason: str, now: datetime
) -> MeetingSeries:
    """Change a series from a day on: it ends the day before, and another one follows it.

    Meetings that nobody was invited to yet take the new dates in their order and keep their agenda. Raises Refused
    when somebody was invited to a meeting after the day: that one is moved or cancelled by itself first.
    """
    series = _series_to_change(actor, series_id, now)
    if MeetingSeries.objects.filter(follows=series).exists():
        raise Refused(_("Another series follows this one already. Change that one."))
    cut = _cut(series, since, rhythm.zone, now)
    if rhythm.starts.date() < since:
        raise Refused(_("The first meeting lies before that day. Choose one on that day or later."))
    if not reason.strip():
        raise Refused(_("Say why the series changes."))
    planned = _planned_after(series, cut)
    last = series.ends_at
    series.ends_at = cut - timedelta(seconds=1)
    series.save(update_fields=["ends_at"])
    new = MeetingSeries(
        board=series.board,
        follows=series,
        made_by=actor,
        made_at=now,
        reason=reason.strip(),
        **_fields(rhythm),
    )
    new.ends_at = rhythm.ends_at or last
    new.save()
    dates = [each for each in dates_ahead(new, now) if each.starts_at >= cut]
    moved = [_take_date(meeting, new, each) for meeting, each in zip(planned, dates, strict=False)]
    gone, cancelled = _drop(planned[len(moved) :], reason, now)
    trail.record(
        "meeting_series.changed", obj=new, actor=actor, now=now, reason=reason, also=[series, *moved, *cancelled],
        gone=gone, data={**_said(new), "since": since.isoformat(), "moved": len(moved)},
    )  # fmt: skip
    _remove(gone)
    plan_series(new, now)
    return new


def _series_to_change(actor: User, series_id: int, now: datetime) -> MeetingSeries:
    """Return the series with its row locked; raises Http404 where the person doesn't lead the board."""
    series = series_led(actor, now).select_for_update(of=("self",)).filter(pk=series_id).first()
    if series is None:
        raise Http404
    if series.ends_at is not None and series.ends_at <= now:
        raise Refused(_("This series has ended. Change the one that follows it, or make a new one."))
    return series


def _cut(series: MeetingSeries, since: date, zone: str, now: datetime) -> datetime:
    """Return the first moment of the day from which a change counts, and refuse a day that is too early."""
    cut = at_wall(since, time(), ZoneInfo(zone))
    if cut <= now - timedelta(days=1):
        raise Refused(_("Choose today or a later day; what has been can't be changed."))
    if series.ends_at is not None and cut > series.ends_at:
        raise Refused(_("The series has no meetings from that day on. Choose an earlier day."))
    called = Meeting.objects.filter(series=series, starts_at__gte=cut).exclude(
        state__in=[MeetingState.PLANNED, MeetingState.CANCELLED]
    )
    if (last := called.order_by("-starts_at").first()) is not None:
        raise Refused(
            _(
                "People were invited to the meeting on {day} already. Choose a later day, or move or cancel that "
                "meeting by itself first."
            ).format(day=last.starts_there.date().isoformat())
        )
    return cut


def _planned_after(series: MeetingSeries, cut: datetime) -> list[Meeting]:
    rows = Meeting.objects.select_for_update().filter(
        series=series, state=MeetingState.PLANNED, starts_at__gte=cut
    )
    return list(rows.order_by("starts_at", "id"))


def _take_date(meeting: Meeting, series: MeetingSeries, each: MeetingDate) -> Meeting:
    """Give a planned meeting its date in the series that follows."""
    meeting.series, meeting.scheduled_for, meeting.starts_at = series, each.scheduled_for, each.starts_at
    meeting.ends_at = each.starts_at + timedelta(minutes=series.lasts)
    meeting.zone, meeting.place, meeting.video = series.zone, series.place, series.video
    meeting.call_by = call_by(series.board, each.starts_at, series.call_days)
    meeting.save()
    return meeting


def _drop(meetings: list[Meeting], reason: str, now: datetime) -> tuple[list[Meeting], list[Meeting]]:
    """Say which of these may go; cancel those that somebody prepared, so that nothing is lost."""
    gone, used = without_use(meetings)
    for meeting in used:
        move_meeting(meeting, MeetingEvent.CANCEL)
        meeting.cancelled_at, meeting.cancel_reason = now, reason.strip()
        meeting.save(update_fields=["state", "cancelled_at", "cancel_reason"])
    return gone, used


def _remove(meetings: list[Meeting]) -> None:
    """Remove planned meetings on which nothing hangs, after their event was recorded."""
    Meeting.objects.filter(pk__in=[meeting.pk for meeting in meetings]).delete()


@transaction.atomic
def end_series(*, actor: User, series_id: int, since: date, reason: str, now: datetime) -> MeetingSeries:
    """End a series: from this day on there are no more meetings of it."""
    series = _series_to_change(actor, series_id, now)
    cut = _cut(series, since, series.zone, now)
    if not reason.strip():
        raise Refused(_("Say why the series ends."))
    series.ends_at = cut - timedelta(seconds=1)
    series.save(update_fields=["ends_at"])
    gone, cancelled = _drop(_planned_after(series, cut), reason, now)
    trail.record(
        "meeting_series.ended", obj=series, actor=actor, now=now, reason=reason, also=cancelled, gone=gone,
        data={"since": since.isoformat(), "meetings": len(gone) + len(cancelled)},
    )  # fmt: skip
    _remove(gone)
    return series
