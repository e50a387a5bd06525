"""Writing minutes: their free texts, saved so that no writer overwrites another; circulated, and taken back."""

from datetime import datetime
from typing import Literal

from django.http import HttpRequest
from ninja import Field

from accounts.api.fields import Id, In, WordsOrNone
from accounts.api.rooms import Room
from accounts.api.visit import tell, version_seen, version_tag
from accounts.models import User
from accounts.rules.scopes import Scope
from reviews.api.meeting_agenda import Note, item_of
from reviews.api.meetings import led_meeting
from reviews.api.minutes import MinutesOut, MinutesTextOut, minutes_told, text_out
from reviews.models import Meeting, MinutesPart
from reviews.selectors.meetings.words import PART_TITLES
from reviews.services.meetings import minutes as services
from reviews.services.meetings.writing import save_part

room = Room("Meetings")
OfMeeting = Literal["opening", "closing"]
OfItem = Literal["discussion", "basis"]


class MinutesTextIn(In):
    """A text of the minutes, in Markdown; empty: nothing."""

    text: WordsOrNone = Field(examples=["Whether laymen tested it was disputed; the evaluation settled it."])


class CirculationIn(In):
    """What changed since the version before; not needed for the first."""

    why: Note = Field("", examples=["What Lena said is added."])


class CorrectionIn(In):
    """What isn't right about the minutes."""

    reason: Note = Field(examples=["Lena said more."])


@room.put(
    "/meetings/{meeting_id}/minutes/texts/{kind}", MinutesTextOut, Scope.BOARDS_WRITE, names_version=True
)
def write_minutes(
    request: HttpRequest, meeting_id: Id, kind: OfMeeting, given: MinutesTextIn
) -> MinutesTextOut:
    """Write a text about the meeting as a whole: before its items, or after them.

    `If-Match` names the version of the text that you saw; without it there must be none yet. The text that stands
    there already, sent again, changes nothing.
    """
    user, meeting, now = led_meeting(request, meeting_id)
    return _written(request, user, meeting, None, kind, given.text, now)


@room.put(
    "/meetings/{meeting_id}/items/{item_id}/texts/{kind}", MinutesTextOut, Scope.BOARDS_WRITE,
    names_version=True,
)  # fmt: skip
def write_minutes_of_item(
    request: HttpRequest, meeting_id: Id, item_id: Id, kind: OfItem, given: MinutesTextIn
) -> MinutesTextOut:
    """Write a text about an item: what was disputed and how it was settled, or the basis of what was decided.

    `If-Match` is as for the texts about the meeting. Who is recused from the item writes nothing about it.
    """
    user, meeting, now = led_meeting(request, meeting_id)
    return _written(request, user, meeting, item_of(meeting_id, item_id), kind, given.text, now)


def _written(
    request: HttpRequest, user: User, meeting: Meeting, item: int | None, kind: str, text: str, now: datetime
) -> MinutesTextOut:
    part = save_part(
        actor=user, meeting_id=meeting.pk, item_id=item, kind=kind, text=text, now=now,
        version=version_seen(request, lambda: _present(meeting, item, kind)),
    )  # fmt: skip
    tell(request, "ETag", version_tag(part.version))
    return text_out(kind, str(PART_TITLES[kind]), item, part)


def _present(meeting: Meeting, item: int | None, kind: str) -> int:
    present = MinutesPart.objects.filter(minutes__meeting=meeting, item=item, kind=kind).first()
    return present.version if present else 0


@room.post("/meetings/{meeting_id}/minutes/circulation", MinutesOut, Scope.BOARDS_WRITE)
def circulate_minutes(request: HttpRequest, meeting_id: Id, given: CirculationIn) -> MinutesOut:
    """Send the minutes to the board as a version: what happened is frozen with the texts."""
    user, meeting, now = led_meeting(request, meeting_id)
    services.circulate_minutes(actor=user, meeting_id=meeting.pk, why=given.why, now=now)
    return minutes_told(user, meeting_id, now)


@room.post("/meetings/{meeting_id}/minutes/correction", MinutesOut, Scope.BOARDS_WRITE)
def correct_minutes(request: HttpRequest, meeting_id: Id, given: CorrectionIn) -> MinutesOut:
    """Take circulated minutes back to correct them; the version that was circulated is kept."""
    user, meeting, now = led_meeting(request, meeting_id)
    services.correct_minutes(actor=user, meeting_id=meeting.pk, reason=given.reason, now=now)
    return minutes_told(user, meeting_id, now)
