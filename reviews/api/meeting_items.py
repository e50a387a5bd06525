"""An item of a running meeting: its motions and ballots in the room, and earlier minutes that it approves."""

from datetime import datetime

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field

from accounts.api.fields import Id, In, Out, PersonOut, Sha256, person_out
from accounts.api.rooms import Room
from accounts.api.visit import who
from accounts.models import User
from accounts.rules.scopes import Scope
from reviews.api.meeting_agenda import item_of
from reviews.api.meetings import ItemOut, item_out, led_meeting
from reviews.models import AgendaItem, Ballot, Motion
from reviews.selectors.meetings.item import ItemInView
from reviews.selectors.meetings.page import meeting_page
from reviews.services.meetings import balloting
from reviews.services.meetings.minutes import approve_minutes

room = Room("Meetings")


class RoomQuorumOut(Out):
    """Quorum as the room gives it now, in people."""

    seats: int = Field(examples=[5])
    present: int = Field(description="Present and eligible.", examples=[4])
    needed: int = Field(examples=[3])
    recused: int = Field(examples=[1])
    met: bool
    lacking: list[str] = Field(description="What the composition of the room lacks.", examples=[[]])


class MotionAtItemOut(Out):
    """A motion on which a ballot can be opened in the meeting."""

    id: int = Field(examples=[5])
    kind: str = Field(examples=["approve"])
    text: str = Field(examples=["The board should approve it."])
    moved_by: PersonOut
    seconded_by: PersonOut | None = Field(description="Null: somebody has to second it first.")


class ItemInRoomOut(ItemOut):
    """An item with what the page of the running meeting shows about it; before and after it, without that.

    The numbers of ballots are those within the request.
    """

    acts: list[str] = Field(
        description="What this person may do with it: take_up, finish, table, close its ballot, vote by proxy.",
        examples=[["table", "finish"]],
    )
    quorum: RoomQuorumOut | None = Field(description="Null: nothing is voted on.")
    motions: list[MotionAtItemOut] = Field(description="For who leads the meeting, while no ballot is open.")
    ballot: int | None = Field(
        description="Number of the ballot that is open, or that was the last of this meeting.", examples=[1]
    )
    ballot_state: str = Field(description="Empty: there is no ballot.", examples=["open"])
    waits_for: list[str] = Field(
        description="Whose votes the open ballot waits for.", examples=[["Lena Lay"]]
    )
    tabled: list[int] = Field(description="Ballots whose motion this person may put again.", examples=[[1]])
    approves: int | None = Field(
        description="Number of the earlier meeting whose minutes it approves.", examples=[None]
    )
    sha256: str = Field(
        description="Of the version of these minutes that was circulated last; send it to approve it. Empty: none.",
        examples=[""],
    )  # fmt: skip


class ItemApprovalIn(In):
    """Which version of the earlier minutes the meeting approved."""

    sha256: Sha256


def _told(user: User, meeting_id: int, item_id: int, now: datetime) -> ItemInRoomOut:
    """Return the item as it stands now, for this person; raises Http404 also for guests who come for another one."""
    page = meeting_page(user, meeting_id, now, item_id=item_id)
    line = next((one for one in page.lines if one.item.pk == item_id), None)
    if line is None:
        raise Http404
    view, item = page.view, line.item
    ballot = view.ballot if view else None
    return ItemInRoomOut(
        **item_out(line).model_dump(), acts=sorted(view.acts) if view else [],
        quorum=_quorum(view) if view else None,
        motions=[_motion(one) for one in view.motions] if view else [],
        ballot=ballot.number if ballot else None, ballot_state=ballot.state if ballot else "",
        waits_for=list(view.waits_for) if view else [], tabled=[one.number for one in view.tabled] if view else [],
        approves=item.approves_id if line.sees else None, sha256=view.to_approve if view else "",
    )  # fmt: skip


def _quorum(view: ItemInView) -> RoomQuorumOut | None:
    found = view.quorum
    if found is None:
        return None
    return RoomQuorumOut(
        seats=found.seats, present=found.present, needed=found.needed, recused=found.recused, met=found.met,
        lacking=[words for check, words in view.checks if not check.met],
    )  # fmt: skip


def _motion(one: Motion) -> MotionAtItemOut:
    return MotionAtItemOut(
        id=one.pk, kind=one.kind, text=one.text, moved_by=person_out(one.moved_by),
        seconded_by=person_out(one.seconded_by) if one.seconded_by else None,
    )  # fmt: skip


def _led_item(request: HttpRequest, meeting_id: int, item_id: int) -> tuple[User, AgendaItem, datetime]:
    """Return who asks, the item and the moment; raises Http404, and PermissionDenied for who doesn't lead."""
    user, _meeting, now = led_meeting(request, meeting_id)
    return user, AgendaItem.objects.get(pk=item_of(meeting_id, item_id)), now


@room.get("/meetings/{meeting_id}/items/{item_id}/room", ItemInRoomOut, Scope.REQUESTS_READ)
def read_agenda_item(request: HttpRequest, meeting_id: Id, item_id: Id) -> ItemInRoomOut:
    """Read an item of the agenda; while the meeting runs with its quorum, motions and ballots.

    Where the board hides positions until a ballot closes, they aren't here either.
    """
    user, now = who(request)
    return _told(user, meeting_id, item_id, now)


@room.post(
    "/meetings/{meeting_id}/items/{item_id}/motions/{motion_id}/ballot", ItemInRoomOut, Scope.BOARDS_WRITE,
    status=201, takes=None,
)  # fmt: skip
def open_ballot_in_meeting(request: HttpRequest, meeting_id: Id, item_id: Id, motion_id: Id) -> ItemInRoomOut:
    """Open a ballot in the meeting on a motion about the item that is being dealt with.

    Who is in the room votes, at the ballot of the request; alternates sit for members who aren't there.
    """
    user, item, now = _led_item(request, meeting_id, item_id)
    balloting.open_in_meeting(actor=user, item_id=item.pk, motion_id=motion_id, now=now)
    return _told(user, meeting_id, item_id, now)


@room.post(
    "/meetings/{meeting_id}/items/{item_id}/ballots/{number}/again", ItemInRoomOut, Scope.BOARDS_WRITE,
    status=201, takes=None,
)  # fmt: skip
def put_motion_again(request: HttpRequest, meeting_id: Id, item_id: Id, number: Id) -> ItemInRoomOut:
    """Put a motion again, word for word, whose ballot was tabled; its ballot is opened when quorum is there."""
    user, item, now = _led_item(request, meeting_id, item_id)
    ballot = get_object_or_404(Ballot, review=item.review_id, review__isnull=False, number=number)
    balloting.put_again(actor=user, review_id=ballot.review_id, ballot_id=ballot.pk, now=now)
    return _told(user, meeting_id, item_id, now)


@room.post("/meetings/{meeting_id}/items/{item_id}/approval", ItemInRoomOut, Scope.BOARDS_WRITE)
def approve_minutes_at_item(
    request: HttpRequest, meeting_id: Id, item_id: Id, given: ItemApprovalIn
) -> ItemInRoomOut:
    """Write down that this meeting approved the minutes of an earlier one, by another hand than their writer's.

    They are frozen and sealed as they were circulated.
    """
    user, item, now = _led_item(request, meeting_id, item_id)
    if item.approves_id is None:
        raise Http404
    approve_minutes(actor=user, meeting_id=item.approves_id, sha256=given.sha256, item_id=item.pk, now=now)
    return _told(user, meeting_id, item_id, now)
