"""Who is asked to a meeting, and the messages that carry their invitations and cancellations."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reminders.notices import notify
from reminders.timing import words_of
from reviews.models import AgendaItem, Attendance, Meeting, MeetingNotice, Seat
from reviews.permissions.meetings import request_of, why_not_answer, why_not_lead
from reviews.permissions.reasons import WrongState, require
from reviews.permissions.sight import requests_conflicted
from reviews.rules.attendance import SEATED, Answer, Part
from reviews.rules.meeting_lifecycle import MeetingState
from reviews.selectors.meetings.invitation import Invitation, calendar_text, meeting_address
from reviews.selectors.meetings.words import name_of, title_of, when_in_words
from reviews.services.meetings.locking import hold_meeting

GUESTS = (Part.GUEST, Part.EXPERT)
OVER = (MeetingState.CLOSED, MeetingState.CANCELLED)


def invite_seats(meeting: Meeting, now: datetime) -> tuple[list[Attendance], list[Attendance]]:
    """Bring the list of who is asked to the seats in force, with the secretary; return who is new, and who fell out.

    Guests with an account who were written down before are asked with them. Rows of seats keep name and role as they
    are now, so that the minutes say what was then.
    """
    seats = Seat.objects.filter(board=meeting.board_id, until__isnull=True).select_related("person")
    rows = {row.person_id: row for row in Attendance.objects.filter(meeting=meeting).select_related("person")}
    new, wanted = [], set()
    for seat in sorted(_active(seats), key=lambda seat: (list(Part).index(Part(seat.role)), seat.pk)):
        wanted.add(seat.person_id)
        row = rows.get(seat.person_id) or Attendance(meeting=meeting, person=seat.person)
        if _fill(row, seat.person, Part(seat.role), list(seat.attributes), now):
            new.append(row)
    secretary = meeting.secretary
    if secretary is not None and secretary.pk not in wanted:
        wanted.add(secretary.pk)
        row = rows.get(secretary.pk) or Attendance(meeting=meeting, person=secretary)
        if _fill(row, secretary, Part.SECRETARY, [], now):
            new.append(row)
    for row in rows.values():
        if row.part in GUESTS and row.person_id and row.asked_at is None and row.ended_at is None:
            row.asked_at = now
            row.save(update_fields=["asked_at"])
            new.append(row)
    fell_out = [
        row for key, row in rows.items()
        if key not in wanted and row.part in {*SEATED, Part.SECRETARY} and row.ended_at is None
    ]  # fmt: skip
    for row in fell_out:
        row.ended_at = now
        row.save(update_fields=["ended_at"])
    return new, fell_out


def _active(seats: Iterable[Seat]) -> list[Seat]:
    return [seat for seat in seats if seat.person.is_active]


def _fill(row: Attendance, person: User, part: Part, attributes: list[str], now: datetime) -> bool:
    """Write what the seat is now, and say whether the row is new, changed or asked again."""
    before = (row.pk, row.name, row.part, row.attributes, row.ended_at)
    row.name, row.part, row.attributes, row.ended_at = person.display_name, part.value, attributes, None
    row.asked_at = row.asked_at or now
    if before == (row.pk, row.name, row.part, row.attributes, None):
        return False
    row.save()
    return True


def tell_all(
    meeting: Meeting, notice: MeetingNotice, items: Sequence[AgendaItem], now: datetime,
    also_cancel: Sequence[Attendance] = (),
) -> None:  # fmt: skip
    """Put the invitation or the cancellation into the inbox of everybody who is asked; the rest is the jobs'."""
    rows = Attendance.objects.filter(meeting=meeting, person__isnull=False, ended_at__isnull=True)
    for row in rows.select_related("person"):
        ask(row, meeting, notice, items, now, cancels=notice.method == "cancel")
    for row in also_cancel:
        ask(row, meeting, notice, (), now, cancels=True)


def ask(
    row: Attendance, meeting: Meeting, notice: MeetingNotice, items: Sequence[AgendaItem], now: datetime, *,
    cancels: bool = False,
) -> None:  # fmt: skip
    """Send one person their copy: the agenda as they may read it, and the calendar object."""
    person = row.person
    if person is None or meeting.secretary is None:
        return
    with words_of(person.language, person.time_zone):
        lines = () if cancels else tuple(_lines(row, items))
        name, when = name_of(meeting), when_in_words(meeting)
        invitation = Invitation(
            meeting=meeting, guest=row, organizer=meeting.secretary, now=now, agenda=lines, cancels=cancels,
            why=notice.why,
        )  # fmt: skip
        calendar = calendar_text(invitation)
    if cancels:
        subject = format_lazy(gettext_lazy("Cancelled: {meeting}, {when}"), meeting=name, when=when)
    elif notice.sequence and row.asked_at != now:
        subject = format_lazy(gettext_lazy("Changed: {meeting}, {when}"), meeting=name, when=when)
    else:
        subject = format_lazy(gettext_lazy("Invitation: {meeting}, {when}"), meeting=name, when=when)
    notify(
        person=person, kind="meeting.invitation", obj=meeting, subject=subject,
        body="\n".join([*([notice.why] if notice.why else []), meeting.place, *lines]), url=meeting_address(meeting),
        now=now, once=_occasion(row, notice, cancels=cancels), calendar=calendar,
    )  # fmt: skip


def _occasion(row: Attendance, notice: MeetingNotice, *, cancels: bool) -> str:
    """Return what makes the message unique: who is asked again after they were taken off gets it again."""
    since = f"{row.asked_at:%Y%m%dT%H%M%S}" if row.asked_at else ""
    return f"{notice.sequence} {'cancel' if cancels else 'request'} {since}"


def _lines(row: Attendance, items: Sequence[AgendaItem]) -> Iterable[str]:
    """Yield the agenda as this person may read it: of a guest only the item for which they come."""
    seated = row.part in {*SEATED, Part.SECRETARY}
    for number, item in enumerate(items, 1):
        if seated or row.item_id == item.pk:
            yield _("{number}. {title}").format(number=number, title=title_of(item))


@transaction.atomic
def answer_invitation(*, actor: User, meeting_id: int, answer: str, reason: str, now: datetime) -> Attendance:
    """Say whether one comes; a refusal has a reason, and may be changed until the meeting begins."""
    held = hold_meeting(actor, meeting_id, now)
    own = Attendance.objects.filter(meeting=held.meeting, person=actor).first()
    require(why_not_answer(held.standing, held.meeting, own))
    assert own is not None
    if answer not in list(Answer):
        raise Refused(_("Say whether you come or not."))
    if answer == Answer.DECLINED and not reason.strip():
        raise Refused(_("Say why you can't come; the minutes call you excused."))
    own.answer, own.answered_at = Answer(answer).value, now
    own.answer_reason = reason.strip() if answer == Answer.DECLINED else ""
    own.save(update_fields=["answer", "answer_reason", "answered_at"])
    trail.record(
        "invitation.answered",
        obj=own,
        actor=actor,
        now=now,
        reason=own.answer_reason,
        data={"answer": own.answer},
    )
    return own


@transaction.atomic
def invite_guest(
    *, actor: User, meeting_id: int, name: str, now: datetime, person_id: int | None = None, affiliation: str = "",
    item_id: int | None = None, expert: bool = False,
) -> Attendance:  # fmt: skip
    """Ask a guest, or an expert without a vote, to the meeting or to one of its items.

    With an account they get the invitation at once when the meeting is called, else with it; without one they are
    written down by name.
    """
    held = hold_meeting(actor, meeting_id, now)
    meeting = held.meeting
    require(why_not_lead(held.standing))
    if meeting.state in OVER:
        require(WrongState(_("This meeting is over or was cancelled.")))
    person = User.objects.filter(pk=person_id, is_active=True).first() if person_id else None
    if person is None and (person_id or not name.strip()):
        raise Refused(_("Choose a person, or write down a name."))
    row = Attendance.objects.filter(meeting=meeting, person=person).first() if person else None
    if row is not None and row.ended_at is None:
        raise Refused(_("{name} is invited already.").format(name=row.name))
    item = held.item(item_id) if item_id else None
    if person is not None and item is not None and _is_kept_from(person, item):
        raise Refused(_("{name} is recused from this item, so they can't be its guest.").format(name=person))
    row = row or Attendance(meeting=meeting, person=person)
    row.name = person.display_name if person else name.strip()
    row.part, row.affiliation = Part.EXPERT if expert else Part.GUEST, affiliation.strip()
    row.item, row.ended_at = item, None
    called = meeting.state == MeetingState.CALLED
    row.asked_at = now if person and called else None
    row.save()
    trail.record(
        "guest.invited", obj=row, actor=actor, now=now, data={"part": row.part, "item": row.item_id},
        personal={"person": row.name},
    )  # fmt: skip
    if called and person is not None and (notice := meeting.notices.order_by("-sequence").first()):
        ask(row, meeting, notice, held.items, now)
    return row


def _is_kept_from(person: User, item: AgendaItem) -> bool:
    request = request_of(item)
    return request is not None and requests_conflicted(person).filter(pk=request).exists()


@transaction.atomic
def uninvite_guest(*, actor: User, meeting_id: int, attendance_id: int, now: datetime) -> Attendance:
    """Take a guest off the list again; who had an invitation gets a cancellation."""
    held = hold_meeting(actor, meeting_id, now)
    require(why_not_lead(held.standing))
    rows = Attendance.objects.select_related("person").filter(meeting=held.meeting, ended_at__isnull=True)
    row = rows.filter(pk=attendance_id, part__in=GUESTS).first()
    if row is None or row.spans.exists():
        raise Refused(_("Only a guest who wasn't there yet is taken off the list."))
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    trail.record("guest.uninvited", obj=row, actor=actor, now=now, personal={"person": row.name})
    notice = held.meeting.notices.order_by("-sequence").first()
    if notice is not None and row.asked_at is not None:
        ask(row, held.meeting, notice, (), now, cancels=True)
    return row
