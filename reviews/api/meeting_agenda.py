"""Agendas of meetings: what is ready put on them, items of one's own, changed, moved and taken off."""

from typing import Annotated, Literal

from django.http import Http404, HttpRequest
from ninja import Field
from pydantic import StringConstraints

from accounts.api.fields import Id, In, Out, Whole
from accounts.api.rooms import Room
from accounts.rules.scopes import Scope
from reviews.api.meetings import MeetingOut, led_meeting, told
from reviews.models import AgendaItem
from reviews.rules.agenda import Asked, ItemKind
from reviews.selectors.meetings.ready import ready_for
from reviews.selectors.meetings.words import title_of
from reviews.services.meetings import agenda

room = Room("Meetings")
Title = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Minutes = Annotated[Whole, Field(le=agenda.LONGEST, description="Planned minutes.", examples=[20])]


class ReadyOut(Out):
    """Something that could stand on the agenda."""

    key: str = Field(description="Send it to put this on the agenda.", examples=["review-17"])
    kind: ItemKind
    title: str = Field(examples=["Ferryman-MT 2.1"])
    asked: Asked


class AllReadyOut(Out):
    """What is ready for the meeting, in the order in which it would stand on the agenda."""

    items: list[ReadyOut]


class FillIn(In):
    """What is put on the agenda."""

    keys: list[Annotated[str, StringConstraints(max_length=60)]] | None = Field(
        None, max_length=100, description="Left out: everything that is ready.", examples=[["review-17"]]
    )


class ItemIn(In):
    """An item of one's own."""

    title: Title = Field(examples=["Rules of procedure"])
    note: Note = Field("", description="What is asked of the board.", examples=["To discuss."])
    minutes: Minutes


class ItemChangeIn(In):
    """Planned minutes and note of an item; the title only of items of one's own."""

    title: Title = Field("", examples=["Rules of procedure"])
    note: Note = Field("", examples=["To discuss."])
    minutes: Minutes


class MoveItemIn(In):
    """Whether the item changes places with the one before it or after it."""

    by: Literal["up", "down"]


class TableWhyIn(In):
    """Why the item is taken off."""

    why: Note = Field("", examples=["The dossier isn't complete."])


def item_of(meeting_id: int, item_id: int) -> int:
    """Return the id of an item of the meeting; raises Http404."""
    if not AgendaItem.objects.filter(pk=item_id, meeting=meeting_id).exists():
        raise Http404
    return item_id


@room.get("/meetings/{meeting_id}/ready", AllReadyOut, Scope.REQUESTS_READ)
def list_ready(request: HttpRequest, meeting_id: Id) -> AllReadyOut:
    """List what is ready for the meeting and stands on no agenda yet; for who leads it."""
    _user, meeting, _now = led_meeting(request, meeting_id)
    return AllReadyOut(
        items=[
            ReadyOut(key=one.key, kind=ItemKind(one.item.kind), title=title_of(one.item), asked=one.asked)
            for one in ready_for(meeting)
        ]
    )


@room.post("/meetings/{meeting_id}/agenda", MeetingOut, Scope.BOARDS_WRITE, status=201)
def put_on_agenda(request: HttpRequest, meeting_id: Id, given: FillIn) -> MeetingOut:
    """Put what is ready on the agenda: what was chosen, or all of it."""
    user, meeting, now = led_meeting(request, meeting_id)
    agenda.put_on_agenda(actor=user, meeting_id=meeting.pk, keys=given.keys or None, now=now)
    return told(user, meeting_id, now)


@room.post("/meetings/{meeting_id}/items", MeetingOut, Scope.BOARDS_WRITE, status=201)
def add_agenda_item(request: HttpRequest, meeting_id: Id, given: ItemIn) -> MeetingOut:
    """Add an item of one's own to the agenda."""
    user, meeting, now = led_meeting(request, meeting_id)
    agenda.add_item(
        actor=user, meeting_id=meeting.pk, title=given.title, note=given.note, takes=given.minutes, now=now
    )
    return told(user, meeting_id, now)


@room.put("/meetings/{meeting_id}/items/{item_id}", MeetingOut, Scope.BOARDS_WRITE)
def change_agenda_item(request: HttpRequest, meeting_id: Id, item_id: Id, given: ItemChangeIn) -> MeetingOut:
    """Change planned minutes and note of an item; of one's own items the title, too."""
    user, _meeting, now = led_meeting(request, meeting_id)
    agenda.change_item(
        actor=user, item_id=item_of(meeting_id, item_id), note=given.note, takes=given.minutes, title=given.title,
        now=now,
    )  # fmt: skip
    return told(user, meeting_id, now)


@room.post("/meetings/{meeting_id}/items/{item_id}/move", MeetingOut, Scope.BOARDS_WRITE)
def move_agenda_item(request: HttpRequest, meeting_id: Id, item_id: Id, given: MoveItemIn) -> MeetingOut:
    """Move an item up or down; only items that are still to come change places."""
    user, _meeting, now = led_meeting(request, meeting_id)
    by = -1 if given.by == "up" else 1
    agenda.move_item(actor=user, item_id=item_of(meeting_id, item_id), by=by, now=now)
    return told(user, meeting_id, now)


@room.post("/meetings/{meeting_id}/items/{item_id}/removal", MeetingOut, Scope.BOARDS_WRITE)
def remove_agenda_item(request: HttpRequest, meeting_id: Id, item_id: Id, given: TableWhyIn) -> MeetingOut:
    """Take an item off the agenda; what was sent keeps its copy."""
    user, _meeting, now = led_meeting(request, meeting_id)
    agenda.remove_item(actor=user, item_id=item_of(meeting_id, item_id), why=given.why, now=now)
    return told(user, meeting_id, now)
