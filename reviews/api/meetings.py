"""Meetings of boards: listed, read with agenda and attendance, and their invitations answered."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query

from accounts.api.fields import Address, Id, In, Out, PersonOut, WordsOrNone, page_address, person_out
from accounts.api.pages import PageOut, PageQuery, answer_page, keyset
from accounts.api.rooms import Room
from accounts.api.visit import who
from accounts.models import User
from accounts.rules.scopes import Scope
from reviews.models import Attendance, Meeting
from reviews.permissions.meetings import (
    meeting_standing,
    meeting_to_read,
    visible_meetings,
    why_not_answer,
    why_not_lead,
)
from reviews.permissions.reasons import require
from reviews.rules.agenda import ItemKind, ItemState
from reviews.rules.attendance import Answer, How, Part
from reviews.rules.meeting_lifecycle import MeetingState
from reviews.rules.minutes import MinutesState
from reviews.selectors.meetings.lines import Line
from reviews.selectors.meetings.page import MeetingPage, meeting_page
from reviews.selectors.meetings.people import Row
from reviews.selectors.meetings.words import MEETING_STATES, name_of
from reviews.services.meetings.asking import answer_invitation as answer

room = Room("Meetings")


class MeetingLineOut(Out):
    """A meeting of the list."""

    id: int = Field(examples=[12])
    board: str = Field(description="Short name of the board.", examples=["ethics"])
    name: str = Field(examples=["Ethics board, meeting 4"])
    number: int | None = Field(description="Given when the meeting is called.", examples=[4])
    state: MeetingState
    state_in_words: str = Field(examples=["Called"])
    starts_at: datetime
    ends_at: datetime
    zone: str = Field(description="On whose clock it is held.", examples=["Europe/Berlin"])
    place: str = Field(examples=["Room 4.02 and video"])
    minutes: MinutesState | None = Field(description="Where its minutes are; null: there are none yet.")
    address: Address


class MeetingQuery(PageQuery):
    """What of the meetings is asked for."""

    board: Annotated[str, Field(max_length=50, description="Short name of a board.")] = ""
    state: MeetingState | None = None


class ItemOut(Out):
    """An item of the agenda; of one from which this person is recused there is no more than its title."""

    id: int = Field(examples=[40])
    number: int = Field(description="On the agenda.", examples=[1])
    kind: ItemKind
    title: str = Field(examples=["Ferryman-MT 2.1"])
    asked: str = Field(description="What it asks of the board.", examples=["a motion to vote on"])
    begins: str = Field(description="On the clock where the meeting is held.", examples=["10:00"])
    minutes: int = Field(description="Planned.", examples=[20])
    state: ItemState
    request: str | None = Field(
        description="Reference of the request, where this person reads it.", examples=["IMP-2026-0008"]
    )
    takes_part: bool = Field(description="False: this person is recused from it.")


class StayOut(Out):
    """A stretch in which somebody was there; without an end they still are."""

    came_at: datetime
    left_at: datetime | None
    how: How


class AttendanceOut(Out):
    """Somebody of the meeting, what they answered, and when they were there."""

    id: int = Field(description="For arrivals and departures.", examples=[71])
    person: PersonOut | None = Field(description="Null: a guest without an account.")
    name: str = Field(examples=["Mara Member"])
    part: Part
    affiliation: str = Field(description="From where a guest comes.", examples=[""])
    item: int | None = Field(
        description="Number of the item for which a guest comes; null: for the whole.", examples=[None]
    )
    sits_for: int | None = Field(
        description="Number of the member whom an alternate replaces.", examples=[None]
    )
    answer: str = Field(description="accepted, declined, or empty: none yet.", examples=["accepted"])
    is_there: bool
    stays: list[StayOut]


class InvitationOut(Out):
    """The invitation of this person, and what they answered."""

    answer: str = Field(description="Empty: nothing yet.", examples=["declined"])
    reason: str = Field(examples=["I am travelling."])
    why_not_answer: str | None = Field(description="Null: it may be answered now.", examples=[None])


class MeetingOut(MeetingLineOut):
    """A meeting as its page shows it to this person."""

    video: str = Field(examples=["https://video.example.org/ethics"])
    led_by: str = Field(examples=["Chloe Chair"])
    acts: list[str] = Field(
        description="What this person may do: answer, prepare, run, attend.", examples=[["answer"]]
    )
    why_not_start: str | None = Field(description="For who leads it.", examples=[None])
    series: int | None = Field(description="Number of its series, for who leads it.", examples=[3])
    called_at: datetime | None = Field(description="When people were invited first.")
    differs_from_sent: bool = Field(
        description="Time, place, agenda or seats have changed since the invitation was sent: call it again."
    )
    why_cancelled: str = Field(examples=[""])
    quorum: str = Field(description="As the answers foresee it.", examples=["4 of 5 will come, 3 needed"])
    agenda: list[ItemOut]
    attendance: list[AttendanceOut]
    invitation: InvitationOut | None = Field(description="Null: this person isn't invited.")


class AnswerToInvitationIn(In):
    """Whether one comes; who doesn't says why, and the minutes call them excused."""

    answer: Answer
    reason: WordsOrNone = Field("", examples=["I am travelling."])


def _line(meeting: Meeting) -> dict[str, Any]:
    minutes = getattr(meeting, "minutes", None)
    return {
        "id": meeting.pk, "board": meeting.board.slug, "name": name_of(meeting), "number": meeting.number,
        "state": MeetingState(meeting.state), "state_in_words": str(MEETING_STATES[meeting.state].label),
        "starts_at": meeting.starts_at, "ends_at": meeting.ends_at, "zone": meeting.zone, "place": meeting.place,
        "minutes": MinutesState(minutes.state) if minutes is not None else None,
        "address": page_address("reviews:meeting", meeting.pk),
    }  # fmt: skip


def item_out(line: Line) -> ItemOut:
    """Return the item as the agenda shows it to this person."""
    item = line.item
    return ItemOut(
        id=item.pk, number=line.number, kind=ItemKind(item.kind), title=line.title, asked=line.asked,
        begins=line.begins, minutes=item.takes, state=ItemState(item.state), takes_part=line.takes_part,
        request=(line.reference or None) if line.sees else None,
    )  # fmt: skip


def _row(shown: Row) -> AttendanceOut:
    row = shown.row
    return AttendanceOut(
        id=row.pk, person=person_out(row.person) if row.person else None, name=row.name, part=Part(row.part),
        affiliation=row.affiliation, item=row.item_id, sits_for=row.sits_for_id,
        answer=row.answer, is_there=shown.is_there,
        stays=[StayOut(came_at=one.came_at, left_at=one.left_at, how=How(one.how)) for one in row.spans.all()],
    )  # fmt: skip


def _invitation(page: MeetingPage) -> InvitationOut | None:
    if page.own is None or page.own.asked_at is None:
        return None
    why_not = why_not_answer(page.standing, page.meeting, page.own)
    return InvitationOut(
        answer=page.own.answer, reason=page.own.answer_reason, why_not_answer=str(why_not) if why_not else None
    )  # fmt: skip


def told(user: User, meeting_id: int, now: datetime) -> MeetingOut:
    """Return the meeting as it stands now, for this person; raises Http404. Guests see no list of people."""
    page = meeting_page(user, meeting_id, now)
    rows = [*page.people.seats, *page.people.others] if page.standing.of_board else []
    return MeetingOut(
        **_line(page.meeting), video=page.meeting.video if page.meeting.state != MeetingState.CANCELLED else "",
        led_by=page.led_by, acts=sorted(page.acts),
        why_not_start=str(page.why_not_start) if page.why_not_start else None, quorum=page.foreseen_words,
        series=page.meeting.series_id if page.standing.leads else None, called_at=page.meeting.called_at,
        differs_from_sent=page.differs, why_cancelled=page.meeting.cancel_reason,
        agenda=[item_out(line) for line in page.lines], attendance=[_row(row) for row in rows],
        invitation=_invitation(page),
    )  # fmt: skip


def led_meeting(request: HttpRequest, meeting_id: int) -> tuple[User, Meeting, datetime]:
    """Return who asks, the meeting and the moment; raises Http404, and PermissionDenied for who doesn't lead it."""
    user, now = who(request)
    meeting = meeting_to_read(user, meeting_id, now)
    require(why_not_lead(meeting_standing(user, meeting, now)))
    return user, meeting, now


@room.get("/meetings", PageOut[MeetingLineOut], Scope.REQUESTS_READ)
def list_meetings(request: HttpRequest, asked: Query[MeetingQuery]) -> dict[str, Any]:
    """List the meetings of one's boards, and those to which one is asked; the latest first."""
    user, now = who(request)
    rows = visible_meetings(user, now).select_related("board", "minutes")
    if asked.board:
        rows = rows.filter(board__slug=asked.board)
    if asked.state is not None:
        rows = rows.filter(state=asked.state)
    found, following = keyset(rows, asked, by="-starts_at", salt=request.path)
    return answer_page(request, [MeetingLineOut(**_line(one)) for one in found], following)


@room.get("/meetings/{meeting_id}", MeetingOut, Scope.REQUESTS_READ)
def read_meeting(request: HttpRequest, meeting_id: Id) -> MeetingOut:
    """Read a meeting with its agenda and attendance."""
    user, now = who(request)
    return told(user, meeting_id, now)


@room.post("/meetings/{meeting_id}/answer", MeetingOut, Scope.BOARDS_WRITE)
def answer_invitation(request: HttpRequest, meeting_id: Id, given: AnswerToInvitationIn) -> MeetingOut:
    """Say whether one comes; it may be changed until the meeting begins."""
    user, now = who(request)
    meeting = meeting_to_read(user, meeting_id, now)
    own = Attendance.objects.filter(meeting=meeting, person=user).first()
    require(why_not_answer(meeting_standing(user, meeting, now), meeting, own))
    answer(actor=user, meeting_id=meeting.pk, answer=given.answer, reason=given.reason, now=now)
    return told(user, meeting_id, now)
