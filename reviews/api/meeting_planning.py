"""Planning meetings: when and where, called with their agenda, moved and cancelled; and their guests."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Field
from pydantic import StringConstraints

from accounts.api.fields import Flag, Id, IdIn, In, LikelyMomentIn, Line, LinkOrNone, Zone
from accounts.api.rooms import Room
from accounts.api.visit import tell, who
from accounts.rules.scopes import Scope
from reviews.api.boards import BoardName
from reviews.api.meeting_agenda import Note
from reviews.api.meetings import MeetingOut, led_meeting, told
from reviews.permissions.boards import board_by_slug
from reviews.permissions.meetings import why_not_lead_board
from reviews.permissions.reasons import require
from reviews.services.meetings import asking, calling, planning

room = Room("Meetings")
NameOrNone = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class SessionIn(In):
    """When and where one meeting is."""

    starts_at: LikelyMomentIn = Field(examples=["2026-12-03T09:00:00Z"])
    ends_at: LikelyMomentIn = Field(
        description="At least five minutes later, at most a day.", examples=["2026-12-03T10:30:00Z"]
    )
    zone: Zone = Field(description="On whose clock its times are told.")
    place: Line = Field(examples=["Room 4.02 and video"])
    video: LinkOrNone = Field(
        "", description="Address of the video meeting.", examples=["https://video.example.org/ethics"]
    )

    def session(self) -> planning.Session:
        """Return it as the services take it."""
        return planning.Session(
            starts_at=self.starts_at, ends_at=self.ends_at, zone=self.zone, place=self.place, video=self.video
        )


class MovedSessionIn(SessionIn):
    """When and where the meeting is from now on."""

    reason: Note = Field(
        "", description="Who was invited already reads it, and then it must be there.", examples=["The room is taken."]
    )  # fmt: skip


class CallIn(In):
    """What changed since the invitation was sent; not needed the first time."""

    why: Note = Field("", examples=["An item was added."])


class CancellationIn(In):
    """Why there is no meeting; everybody who was invited reads it."""

    reason: Note = Field(examples=["Too few can come."])


class GuestIn(In):
    """Who is asked: a person with an account, or somebody by name."""

    person: IdIn | None = Field(None, description="Number of a person; null: by name.", examples=[None])
    name: NameOrNone = Field("", description="Of who has no account.", examples=["Li Kexin"])
    affiliation: NameOrNone = Field("", description="From where they come.", examples=["Safety institute"])
    item: IdIn | None = Field(
        None,
        description="Number of the item for which they come; null: for the whole meeting.",
        examples=[40],
    )
    expert: Flag = Field(False, description="The board asks them for advice; they don't vote.")


@room.post("/boards/{board}/meetings", MeetingOut, Scope.BOARDS_WRITE, status=201)
def plan_meeting(request: HttpRequest, board: BoardName, given: SessionIn) -> MeetingOut:
    """Plan a meeting of the board; nobody is invited yet, the invitation goes out with the agenda."""
    user, now = who(request)
    found = board_by_slug(user, board, now)
    require(why_not_lead_board(user, found.pk, now))
    meeting = planning.plan_meeting(actor=user, board_id=found.pk, session=given.session(), now=now)
    tell(request, "Location", f"/api/v1/meetings/{meeting.pk}")
    return told(user, meeting.pk, now)


@room.put("/meetings/{meeting_id}/session", MeetingOut, Scope.BOARDS_WRITE)
def change_meeting(request: HttpRequest, meeting_id: Id, given: MovedSessionIn) -> MeetingOut:
    """Change time or place of one meeting; its series stays.

    Who was invited already gets the change at once, and is asked again.
    """
    user, meeting, now = led_meeting(request, meeting_id)
    calling.change_meeting(
        actor=user, meeting_id=meeting.pk, session=given.session(), reason=given.reason, now=now
    )
    return told(user, meeting_id, now)


@room.post("/meetings/{meeting_id}/call", MeetingOut, Scope.BOARDS_WRITE)
def call_meeting(request: HttpRequest, meeting_id: Id, given: CallIn) -> MeetingOut:
    """Send the invitation with the agenda as it stands, or what changed since it was sent.

    The first time the meeting gets its number, and who calls it keeps its minutes unless somebody else was named.
    """
    user, meeting, now = led_meeting(request, meeting_id)
    calling.call_meeting(actor=user, meeting_id=meeting.pk, why=given.why, now=now)
    return told(user, meeting_id, now)


@room.post("/meetings/{meeting_id}/cancellation", MeetingOut, Scope.BOARDS_WRITE)
def cancel_meeting(request: HttpRequest, meeting_id: Id, given: CancellationIn) -> MeetingOut:
    """Cancel a meeting that hasn't begun; its number isn't given again."""
    user, meeting, now = led_meeting(request, meeting_id)
    calling.cancel_meeting(actor=user, meeting_id=meeting.pk, reason=given.reason, now=now)
    return told(user, meeting_id, now)


@room.post("/meetings/{meeting_id}/guests", MeetingOut, Scope.BOARDS_WRITE, status=201)
def invite_guest(request: HttpRequest, meeting_id: Id, given: GuestIn) -> MeetingOut:
    """Ask a guest to the meeting, or to one of its items.

    Who has an account gets the invitation with that of the board, or at once when it is out; they see when and where,
    but not what the board deals with.
    """
    user, meeting, now = led_meeting(request, meeting_id)
    asking.invite_guest(
        actor=user, meeting_id=meeting.pk, name=given.name, person_id=given.person, affiliation=given.affiliation,
        item_id=given.item, expert=given.expert, now=now,
    )  # fmt: skip
    return told(user, meeting_id, now)


@room.post(
    "/meetings/{meeting_id}/guests/{attendance_id}/removal", MeetingOut, Scope.BOARDS_WRITE, takes=None
)
def uninvite_guest(request: HttpRequest, meeting_id: Id, attendance_id: Id) -> MeetingOut:
    """Take a guest who wasn't there yet off the list; who had an invitation gets a cancellation."""
    user, meeting, now = led_meeting(request, meeting_id)
    asking.uninvite_guest(actor=user, meeting_id=meeting.pk, attendance_id=attendance_id, now=now)
    return told(user, meeting_id, now)
