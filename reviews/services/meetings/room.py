"""Who comes and goes while a meeting runs; the seats of its open ballot follow, and with them quorum."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reviews.models import Attendance, AttendanceSpan, Meeting
from reviews.permissions.meetings import why_not_handle, why_not_run
from reviews.permissions.reasons import require
from reviews.rules.attendance import How, Part
from reviews.services.meetings.following import seats_follow
from reviews.services.meetings.leaving import recused_at
from reviews.services.meetings.locking import Held, hold_meeting, lock_request_of


@transaction.atomic
def note_arrival(
    *, actor: User, meeting_id: int, attendance_id: int, how: str, now: datetime, at: datetime | None = None,
    sits_for: int | None = None,
) -> AttendanceSpan:  # fmt: skip
    """Write down that somebody came, or came back; `at`: when, if not now; `sits_for`: whom an alternate replaces.

    Who is recused from the item that is open waits outside until it is finished.
    """
    held, row = _held(actor, meeting_id, attendance_id, now)
    if row.spans.filter(left_at__isnull=True).exists():
        raise Refused(_("{name} is there already.").format(name=row.name))
    if how not in list(How):
        raise Refused(_("Say how they take part: in person, by video or by telephone."))
    item = held.open_item
    if item is not None and row.person_id in recused_at(item, [row.person_id]):
        raise Refused(
            _("{name} is recused from the open item and comes in when it is finished.").format(name=row.name)
        )
    came = _moment(held.meeting, at, now, before_start=True)
    last = row.spans.order_by("-left_at").first()
    if last is not None and last.left_at is not None and came < last.left_at:
        raise Refused(_("{name} was there until later than that.").format(name=row.name))
    _sit_for(held.meeting, row, sits_for)
    span = AttendanceSpan.objects.create(attendance=row, came_at=came, how=How(how).value)
    _record("attendance.came", held.meeting, row, span, actor, now)
    seats_follow(held.meeting, now)
    return span


@transaction.atomic
def note_departure(
    *, actor: User, meeting_id: int, attendance_id: int, now: datetime, at: datetime | None = None
) -> AttendanceSpan:
    """Write down that somebody left; a ballot that has no quorum without them is tabled, not decided."""
    held, row = _held(actor, meeting_id, attendance_id, now)
    span = row.spans.filter(left_at__isnull=True).first()
    if span is None:
        raise Refused(_("{name} isn't there.").format(name=row.name))
    span.left_at = _moment(held.meeting, at, now, before_start=False)
    if span.left_at < span.came_at:
        raise Refused(_("{name} came later than that.").format(name=row.name))
    span.save(update_fields=["left_at"])
    _record("attendance.left", held.meeting, row, span, actor, now)
    seats_follow(held.meeting, now)
    return span


def _held(actor: User, meeting_id: int, attendance_id: int, now: datetime) -> tuple[Held, Attendance]:
    """Lock the meeting and the request of its open item, and return the person's row."""
    held = hold_meeting(actor, meeting_id, now)
    require(why_not_run(held.standing, held.meeting))
    if held.open_item is not None:  # whoever writes down who is there decides on the quorum of its ballot
        require(why_not_handle(held.standing, held.meeting, held.open_item))
    lock_request_of(held.open_item)
    rows = Attendance.objects.select_for_update(of=("self",)).select_related("person")
    row = rows.filter(meeting=held.meeting, pk=attendance_id, ended_at__isnull=True).first()
    if row is None:
        raise Refused(_("This person isn't on the list of this meeting. Add them as a guest first."))
    return held, row


def _moment(meeting: Meeting, at: datetime | None, now: datetime, *, before_start: bool) -> datetime:
    """Return the moment that was given, which lies in the meeting; people may come before it starts."""
    started = meeting.started_at or now
    earliest = min(started, meeting.starts_at) if before_start else started
    if at is None:
        return now
    if at > now or (at < earliest and (earliest - at).total_seconds() > 3600):
        raise Refused(_("This time lies outside of the meeting."))
    return at


def _sit_for(meeting: Meeting, row: Attendance, sits_for: int | None) -> None:
    """Keep whom an alternate replaces, if it was chosen; without a choice the rules of the board propose it."""
    if sits_for is None and row.sits_for_id is None:
        return
    seats = Attendance.objects.filter(
        meeting=meeting, part__in=[Part.CHAIR, Part.MEMBER], ended_at__isnull=True
    )
    if sits_for is not None and (row.part != Part.ALTERNATE or not seats.filter(person=sits_for).exists()):
        raise Refused(_("An alternate sits for a member of the board. Check whom they replace."))
    row.sits_for_id = sits_for
    row.save(update_fields=["sits_for"])


def _record(
    verb: str, meeting: Meeting, row: Attendance, span: AttendanceSpan, actor: User | None, now: datetime
) -> None:
    moment = span.left_at or span.came_at
    trail.record(
        verb, obj=meeting, actor=actor, now=now, also=[row, span],
        data={"part": row.part, "at": moment.isoformat(), "how": span.how, "item": span.out_for_id},
        personal={"person": row.name},
    )  # fmt: skip
