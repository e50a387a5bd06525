"""The running meeting: started, its items taken up, finished and tabled, and its end."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reviews.models import AgendaItem, Attendance, AttendanceSpan, Ballot, Meeting, Minutes
from reviews.permissions.meetings import request_of, why_not_handle, why_not_run, why_not_start
from reviews.permissions.reasons import WrongState, require
from reviews.rules.agenda import ItemState
from reviews.rules.attendance import How, Part
from reviews.rules.ballot import BallotResult, ClosedBecause, Closing
from reviews.rules.clocks import Term, Unit
from reviews.rules.explaining import DateKind, SourcedTerm
from reviews.rules.meeting_lifecycle import MeetingEvent
from reviews.services.closing import count_and_close
from reviews.services.locking import ballot_of, lock_request
from reviews.services.meetings.asking import invite_seats
from reviews.services.meetings.ending import end_ballots
from reviews.services.meetings.leaving import call_back, send_out
from reviews.services.meetings.locking import Held, hold_item, hold_meeting, lock_request_of, move_meeting
from reviews.services.reckoning import keep, reckon

TO_TAKE_UP = (ItemState.WAITING, ItemState.TABLED, ItemState.DONE)


@transaction.atomic
def start_meeting(*, actor: User, meeting_id: int, now: datetime) -> Meeting:
    """Start the meeting: from now on who comes and goes is written down, and its minutes are begun.

    The seats are those in force now. Who starts it and keeps the minutes is there.
    """
    held = hold_meeting(actor, meeting_id, now)
    meeting = held.meeting
    require(why_not_start(held.standing, meeting, now))
    if Meeting.objects.filter(board=meeting.board_id, state="running").exists():
        raise Refused(_("Another meeting of this board runs. Close it first."))
    move_meeting(meeting, MeetingEvent.START)
    meeting.started_at = now
    meeting.save()
    new, ended = invite_seats(meeting, now)
    assert meeting.secretary is not None
    minutes = Minutes.objects.create(meeting=meeting, writer=meeting.secretary)
    also = [minutes, *new, *ended]
    own = Attendance.objects.filter(
        meeting=meeting, person=actor, part=Part.SECRETARY, ended_at__isnull=True
    ).first()
    if own is not None:
        also.append(AttendanceSpan.objects.create(attendance=own, came_at=now, how=How.IN_PERSON))
    trail.record(
        "meeting.started", obj=meeting, actor=actor, now=now, also=also, data={"number": meeting.number}
    )
    return meeting


@transaction.atomic
def take_up(*, actor: User, item_id: int, now: datetime) -> AgendaItem:
    """Take an item up, for the first time or again; the one before it is finished, if no ballot of it is open.

    Who is recused from it leaves the room for as long as it lasts.
    """
    held, item = hold_item(actor, item_id, now)
    require(why_not_handle(held.standing, held.meeting, item))
    if item.state not in TO_TAKE_UP:
        require(WrongState(_("This item is being dealt with already.")))
    changed: list[AttendanceSpan | AgendaItem] = []
    before = held.open_item
    for each in sorted(
        filter(None, (before, item)), key=lambda one: request_of(one) or 0
    ):  # in one order everywhere
        lock_request_of(each)
    if before is not None:
        changed += _finish(held, before, now)
    item.state, item.opened_at = ItemState.OPEN.value, item.opened_at or now
    item.finished_at, item.why = None, ""
    item.save(update_fields=["state", "opened_at", "finished_at", "why"])
    sent = send_out(item, now)
    trail.record(
        "agenda.item_taken_up", obj=item, actor=actor, now=now, also=[*changed, *sent],
        data={"review": item.review_id, "sent_out": len(sent)},
    )  # fmt: skip
    return item


@transaction.atomic
def finish_item(*, actor: User, item_id: int, now: datetime) -> AgendaItem:
    """Finish the open item; who had left for it comes back."""
    held, item = hold_item(actor, item_id, now)
    require(why_not_handle(held.standing, held.meeting, item))
    if item.state != ItemState.OPEN:
        require(WrongState(_("This item isn't being dealt with.")))
    lock_request_of(item)
    back = _finish(held, item, now)
    trail.record(
        "agenda.item_finished", obj=item, actor=actor, now=now, also=back, data={"action": item.action}
    )
    return item


def _finish(held: Held, item: AgendaItem, now: datetime) -> list[AttendanceSpan | AgendaItem]:
    """Finish the item with what became of it; refuses while its ballot is open."""
    if (
        item.review_id
        and Ballot.objects.filter(meeting=held.meeting, review=item.review_id, state="open").exists()
    ):
        raise Refused(_("A ballot on this item is open. Wait for the votes, or table the item."))
    item.state, item.finished_at, item.action = ItemState.DONE.value, now, _action_of(held.meeting, item)
    item.save(update_fields=["state", "finished_at", "action"])
    return [item, *call_back(item, now)]


def _action_of(meeting: Meeting, item: AgendaItem) -> str:
    """Return the code of what became of an item: the result of its last ballot in this meeting, or "heard"."""
    if item.approves_id:
        approved = Minutes.objects.filter(meeting=item.approves_id, approved_in=meeting).exists()
        return "approved" if approved else "heard"
    if item.review_id is None:
        return "heard"
    last = Ballot.objects.filter(meeting=meeting, review=item.review_id).order_by("-number").first()
    return f"{last.result or last.state}" if last is not None else "heard"


@transaction.atomic
def table_item(*, actor: User, item_id: int, why: str, now: datetime) -> AgendaItem:
    """Table the open item: its open ballot is tabled with it, not decided; it may be taken up again."""
    held, item = hold_item(actor, item_id, now)
    require(why_not_handle(held.standing, held.meeting, item))
    if item.state != ItemState.OPEN:
        require(WrongState(_("This item isn't being dealt with.")))
    if not why.strip():
        raise Refused(_("Say why the item is tabled; it stands in the minutes."))
    lock_request_of(item)
    _table_ballot(held.meeting, item, actor, now)
    item.state, item.action, item.why = ItemState.TABLED.value, "tabled", why.strip()
    item.save(update_fields=["state", "action", "why"])
    trail.record(
        "agenda.item_tabled", obj=item, actor=actor, now=now, reason=item.why, also=call_back(item, now),
        data={"review": item.review_id},
    )  # fmt: skip
    return item


def _table_ballot(meeting: Meeting, item: AgendaItem, actor: User, now: datetime) -> None:
    """Close the open ballot of the item as tabled."""
    ballot = Ballot.objects.filter(meeting=meeting, review=item.review_id, state="open").first()
    if item.review_id is None or ballot is None:
        return
    held = ballot_of(lock_request(ballot.request_id), ballot.pk)
    count_and_close(held, Closing(ClosedBecause.TABLED, BallotResult.TABLED), actor, now)


@transaction.atomic
def close_meeting(*, actor: User, meeting_id: int, now: datetime, circulate: bool | None = None) -> Meeting:
    """Close the meeting: what wasn't finished is carried over, and everybody has left.

    `circulate` says what becomes of open ballots of the meeting: they go on by circulation, or are tabled; Refused
    without it while there are some, and where the board's policy doesn't allow circulation.
    """
    held = hold_meeting(actor, meeting_id, now)
    meeting = held.meeting
    require(why_not_run(held.standing, meeting))
    if held.open_item is not None and Ballot.objects.filter(meeting=meeting, state="open").exists():
        require(why_not_handle(held.standing, meeting, held.open_item))
    circulated = end_ballots(meeting, actor, circulate, now)
    carried = [item for item in held.items if item.state in (ItemState.WAITING, ItemState.OPEN)]
    for item in carried:
        item.state, item.why = ItemState.CARRIED.value, _why_carried(item, circulated)
        item.save(update_fields=["state", "why"])
    there = list(AttendanceSpan.objects.filter(attendance__meeting=meeting, left_at__isnull=True))
    for span in there:
        span.left_at = max(now, span.came_at)
        span.save(update_fields=["left_at"])
    move_meeting(meeting, MeetingEvent.CLOSE)
    meeting.closed_at = now
    meeting.save()
    minutes = Minutes.objects.get(meeting=meeting)
    within = SourcedTerm(Term(settings.MINUTES_DAYS, Unit.WORKING_DAYS))
    reckoned = reckon(DateKind.MINUTES, meeting.board, now, sourced=within)
    minutes.due_at = reckoned.due
    minutes.save(update_fields=["due_at"])
    keep(minutes, reckoned, now=now, actor=actor)
    trail.record(
        "meeting.closed", obj=meeting, actor=actor, now=now, also=[*carried, *there, minutes],
        data={"number": meeting.number, "carried": len(carried)},
    )  # fmt: skip
    return meeting


def _why_carried(item: AgendaItem, circulated: set[int]) -> str:
    if item.review_id in circulated:
        return _("Its ballot goes on by circulation.")
    if item.opened_at is None:
        return _("The meeting ended before it was reached.")
    return _("The meeting ended before it was finished.")
