"""A running meeting: started, who comes and goes, its items taken up, finished and tabled, and its end."""

from typing import Literal

from django.http import HttpRequest
from ninja import Field

from accounts.api.fields import Id, IdIn, In, MomentIn, Words
from accounts.api.rooms import Room
from accounts.rules.scopes import Scope
from reviews.api.meeting_agenda import item_of
from reviews.api.meetings import MeetingOut, led_meeting, told
from reviews.rules.attendance import How
from reviews.services.meetings import room as attendance
from reviews.services.meetings import running

room = Room("Meetings")


class ArrivalIn(In):
    """How somebody takes part, and since when; an alternate with whom they replace."""

    how: How
    at: MomentIn | None = Field(None, description="Left out: now.", examples=["2026-11-05T09:30:00Z"])
    sits_for: IdIn | None = Field(None, description="Number of the member.", examples=[None])


class DepartureIn(In):
    """Since when somebody is gone."""

    at: MomentIn | None = Field(None, description="Left out: now.", examples=["2026-11-05T10:10:00Z"])


class TablingIn(In):
    """Why the item is tabled; it stands in the minutes."""

    why: Words = Field(examples=["An expert is missing."])


class MeetingClosingIn(In):
    """What becomes of ballots that are open: they go on by circulation, or are tabled."""

    open_ballots: Literal["circulate", "table"] | None = Field(
        None, description="Needed only while a ballot of the meeting is open.", examples=["table"]
    )


@room.post("/meetings/{meeting_id}/start", MeetingOut, Scope.BOARDS_WRITE, takes=None)
def start_meeting(request: HttpRequest, meeting_id: Id) -> MeetingOut:
    """Start a meeting that was called: from now on who comes and goes is written down."""
    user, meeting, now = led_meeting(request, meeting_id)
    running.start_meeting(actor=user, meeting_id=meeting.pk, now=now)
    return told(user, meeting_id, now)


@room.post("/meetings/{meeting_id}/attendance/{attendance_id}/arrival", MeetingOut, Scope.BOARDS_WRITE)
def note_arrival(request: HttpRequest, meeting_id: Id, attendance_id: Id, given: ArrivalIn) -> MeetingOut:
    """Write down that somebody came, or came back."""
    user, meeting, now = led_meeting(request, meeting_id)
    attendance.note_arrival(
        actor=user, meeting_id=meeting.pk, attendance_id=attendance_id, how=given.how, at=given.at,
        sits_for=given.sits_for, now=now,
    )  # fmt: skip
    return told(user, meeting_id, now)


@room.post("/meetings/{meeting_id}/attendance/{attendance_id}/departure", MeetingOut, Scope.BOARDS_WRITE)
def note_departure(request: HttpRequest, meeting_id: Id, attendance_id: Id, given: DepartureIn) -> MeetingOut:
    """Write down that somebody left; a ballot that has no quorum without them is tabled, not decided."""
    user, meeting, now = led_meeting(request, meeting_id)
    attendance.note_departure(
        actor=user, meeting_id=meeting.pk, attendance_id=attendance_id, at=given.at, now=now
    )
    return told(user, meeting_id, now)


@room.post("/meetings/{meeting_id}/items/{item_id}/beginning", MeetingOut, Scope.BOARDS_WRITE, takes=None)
def take_up_item(request: HttpRequest, meeting_id: Id, item_id: Id) -> MeetingOut:
    """Take an item up; who is recused from it leaves the room for as long as it lasts."""
    user, _meeting, now = led_meeting(request, meeting_id)
    running.take_up(actor=user, item_id=item_of(meeting_id, item_id), now=now)
    return told(user, meeting_id, now)


@room.post("/meetings/{meeting_id}/items/{item_id}/end", MeetingOut, Scope.BOARDS_WRITE, takes=None)
def finish_item(request: HttpRequest, meeting_id: Id, item_id: Id) -> MeetingOut:
    """Finish the item that is being dealt with; who had left for it comes back."""
    user, _meeting, now = led_meeting(request, meeting_id)
    running.finish_item(actor=user, item_id=item_of(meeting_id, item_id), now=now)
    return told(user, meeting_id, now)


@room.post("/meetings/{meeting_id}/items/{item_id}/tabling", MeetingOut, Scope.BOARDS_WRITE)
def table_item(request: HttpRequest, meeting_id: Id, item_id: Id, given: TablingIn) -> MeetingOut:
    """Table the item that is being dealt with, with its ballot; it may be taken up again."""
    user, _meeting, now = led_meeting(request, meeting_id)
    running.table_item(actor=user, item_id=item_of(meeting_id, item_id), why=given.why, now=now)
    return told(user, meeting_id, now)


@room.post("/meetings/{meeting_id}/closing", MeetingOut, Scope.BOARDS_WRITE)
def close_meeting(request: HttpRequest, meeting_id: Id, given: MeetingClosingIn) -> MeetingOut:
    """Close the meeting: what wasn't finished is carried over, everybody has left, its minutes can be circulated."""
    user, meeting, now = led_meeting(request, meeting_id)
    circulate = {"circulate": True, "table": False, None: None}[given.open_ballots]
    running.close_meeting(actor=user, meeting_id=meeting.pk, circulate=circulate, now=now)
    return told(user, meeting_id, now)
