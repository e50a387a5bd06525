"""Calling a meeting: its number, its frozen agenda, who is asked; sent again when something changed; cancelled.

The rows are the truth: a notice with what was sent, and for each person a message with the calendar object that its
mail carries, put there in the transaction of the act and sent by the jobs of the reminders, always as the same mail.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reviews.models import Attendance, Meeting, MeetingNotice
from reviews.permissions.meetings import why_not_prepare
from reviews.permissions.reasons import require
from reviews.rules.meeting_lifecycle import MeetingEvent, MeetingState
from reviews.selectors.meetings.sent import agenda_items, content_of, has_moved, last_notice, sha256_of
from reviews.services.meetings.asking import invite_seats, tell_all
from reviews.services.meetings.locking import Held, hold_meeting, move_meeting
from reviews.services.meetings.planning import Session, call_by, check_session


@transaction.atomic
def call_meeting(*, actor: User, meeting_id: int, now: datetime, why: str = "") -> MeetingNotice:
    """Send the invitation with the agenda as it stands; a meeting that is called is sent again with what changed.

    The first time the meeting gets its number, and who calls it keeps its minutes unless somebody else was named.
    `why`: what changed, for those who have the invitation. When time or place changed, everybody is asked again.
    """
    held = hold_meeting(actor, meeting_id, now)
    meeting = held.meeting
    require(why_not_prepare(held.standing, meeting))
    if meeting.starts_at <= now:
        raise Refused(_("The time of this meeting has passed. Move it first, or cancel it."))
    first = meeting.state == MeetingState.PLANNED
    if first:
        meeting.number, meeting.called_at = _next_number(meeting), now
        meeting.secretary = meeting.secretary or actor
    move_meeting(meeting, MeetingEvent.CALL)
    return _send(held, actor, now, why, first=first)


def _next_number(meeting: Meeting) -> int:
    last: int | None = Meeting.objects.filter(board=meeting.board_id).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _send(held: Held, actor: User, now: datetime, why: str, *, first: bool) -> MeetingNotice:
    """Freeze what is sent, ask the seats, and put the messages into inboxes; refuse when nothing changed."""
    meeting, before = held.meeting, last_notice(held.meeting)
    items = list(agenda_items(meeting))
    if not items:
        raise Refused(_("The agenda is empty. Put on it what is ready, or an item of your own."))
    with override(meeting.board.language or None):
        content = content_of(meeting, items)
    sha256 = sha256_of(content)
    asked, ended = invite_seats(meeting, now)
    if not first and before is not None and before.sha256 == sha256 and not asked and not ended:
        raise Refused(_("Nothing changed since the invitation was sent."))
    again = _ask_again(meeting) if before is not None and has_moved(content, before.content) else []
    if not first:
        meeting.sequence += 1
    meeting.save()
    notice = MeetingNotice.objects.create(
        meeting=meeting, sequence=meeting.sequence, method="request", content=content, sha256=sha256,
        why=why.strip(), sent_at=now, sent_by=actor,
    )  # fmt: skip
    trail.record(
        "meeting.called" if first else "meeting.sent_again", obj=meeting, actor=actor, now=now, reason=notice.why,
        also=[notice, *asked, *ended, *again],
        data={
            "number": meeting.number, "sequence": meeting.sequence, "items": len(items), "agenda_sha256": sha256,
            "starts_at": meeting.starts_at.isoformat(),
        },
    )  # fmt: skip
    tell_all(meeting, notice, items, now, also_cancel=ended)
    return notice


def _ask_again(meeting: Meeting) -> list[Attendance]:
    """Take back the answers that were given to another time or place."""
    rows = list(Attendance.objects.filter(meeting=meeting).exclude(answer=""))
    for row in rows:
        row.answer, row.answer_reason, row.answered_at = "", "", None
        row.save(update_fields=["answer", "answer_reason", "answered_at"])
    return rows


@transaction.atomic
def change_meeting(*, actor: User, meeting_id: int, session: Session, reason: str, now: datetime) -> Meeting:
    """Change time or place of one meeting; the series stays. One that is called is sent again at once."""
    held = hold_meeting(actor, meeting_id, now)
    meeting = held.meeting
    require(why_not_prepare(held.standing, meeting))
    check_session(session, now)
    called = meeting.state == MeetingState.CALLED
    if called and not reason.strip():
        raise Refused(_("Say why, because people were invited already; it stands in what they get."))
    before = (meeting.starts_at, meeting.ends_at, meeting.zone, meeting.place, meeting.video)
    given = (session.starts_at, session.ends_at, session.zone, session.place.strip(), session.video)
    if given == before:
        return meeting
    meeting.starts_at, meeting.ends_at, meeting.zone, meeting.place, meeting.video = given
    days = meeting.series.call_days if meeting.series else (before[0] - meeting.call_by) // timedelta(days=1)
    meeting.call_by = call_by(meeting.board, session.starts_at, days) if not called else meeting.call_by
    if called:
        _send(held, actor, now, reason, first=False)
        return meeting
    meeting.save()
    trail.record(
        "meeting.moved", obj=meeting, actor=actor, now=now, reason=reason,
        data={"starts_at": {"old": before[0].isoformat(), "new": meeting.starts_at.isoformat()}},
    )  # fmt: skip
    return meeting


@transaction.atomic
def cancel_meeting(*, actor: User, meeting_id: int, reason: str, now: datetime) -> Meeting:
    """Cancel a meeting with a reason; everybody who was asked gets a cancellation. Its number isn't given again."""
    held = hold_meeting(actor, meeting_id, now)
    meeting = held.meeting
    require(why_not_prepare(held.standing, meeting))
    if not reason.strip():
        raise Refused(_("Say why the meeting is cancelled; everybody who was invited reads it."))
    called = meeting.state == MeetingState.CALLED
    move_meeting(meeting, MeetingEvent.CANCEL)
    meeting.cancelled_at, meeting.cancel_reason = now, reason.strip()
    also = []
    if called:
        meeting.sequence += 1
        with override(meeting.board.language or None):
            content = content_of(meeting, agenda_items(meeting))
        notice = MeetingNotice.objects.create(
            meeting=meeting, sequence=meeting.sequence, method="cancel", content=content, sha256=sha256_of(content),
            why=meeting.cancel_reason, sent_at=now, sent_by=actor,
        )  # fmt: skip
        also.append(notice)
    meeting.save()
    trail.record("meeting.cancelled", obj=meeting, actor=actor, now=now, reason=meeting.cancel_reason, also=also,
                 data={"sequence": meeting.sequence, "called": called})  # fmt: skip
    if called:
        tell_all(meeting, also[0], [], now)
    return meeting
