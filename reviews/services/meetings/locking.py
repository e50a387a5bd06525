"""Fetching a meeting together with its lock, which every act on it takes first.

The order is: the meeting, then the request of the item that is open, then rows of attendance. Acts on a request that
touch attendance (a recusal in mid-meeting) lock the request first, too, so that nobody waits in a circle.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from audit.refusal import IllegalTransition
from reviews.models import AgendaItem, Meeting, Minutes
from reviews.permissions.meetings import MeetingStanding, meeting_standing, request_of, visible_meetings
from reviews.rules import meeting_lifecycle
from reviews.rules.agenda import ItemState
from reviews.rules.machine import NoSuchTransition
from reviews.rules.meeting_lifecycle import MeetingEvent, MeetingState
from reviews.services.locking import lock_request


@dataclass(frozen=True, slots=True)
class Held:
    """A locked meeting, its items, and what the actor is to it."""

    meeting: Meeting
    items: tuple[AgendaItem, ...]
    standing: MeetingStanding

    @property
    def open_item(self) -> AgendaItem | None:
        """Return the item that is being dealt with, or None."""
        return next((item for item in self.items if item.state == ItemState.OPEN), None)

    def item(self, item_id: int) -> AgendaItem:
        """Return the item; raises Http404 for one of another meeting, or that was taken off."""
        found = next((item for item in self.items if item.pk == item_id), None)
        if found is None or found.state == ItemState.REMOVED:
            raise Http404
        return found


def hold_meeting(actor: User, meeting_id: int, now: datetime) -> Held:
    """Return the meeting with its row locked; raises Http404 for who doesn't see it."""
    found = visible_meetings(actor, now).filter(pk=meeting_id)
    meeting = found.select_related("board").select_for_update(of=("self",)).first()
    if meeting is None:
        raise Http404
    items = tuple(items_with_requests().filter(meeting=meeting))
    for item in items:
        item.meeting = meeting
    standing = meeting_standing(actor, meeting, now, requests={request_of(item) for item in items})
    return Held(meeting, items, standing)


def hold_item(actor: User, item_id: int, now: datetime) -> tuple[Held, AgendaItem]:
    """Return the locked meeting of an item, and the item; raises Http404."""
    meeting_id = AgendaItem.objects.filter(pk=item_id).values_list("meeting_id", flat=True).first()
    if meeting_id is None:
        raise Http404
    held = hold_meeting(actor, meeting_id, now)
    return held, held.item(item_id)


def items_with_requests() -> "QuerySet[AgendaItem]":
    """Return items with what says which request they are about."""
    return AgendaItem.objects.select_related(
        "review__board", "review__request", "condition__decision", "approves"
    ).order_by("place", "id")


def lock_request_of(item: AgendaItem | None) -> None:
    """Lock the request that an item is about, if it is about one."""
    request = request_of(item) if item is not None else None
    if request is not None:
        lock_request(request)


def minutes_of(meeting: Meeting) -> Minutes:
    """Return the minutes of a meeting that has begun, with their row locked; raises Http404."""
    found = Minutes.objects.select_for_update(of=("self",)).filter(meeting=meeting).first()
    if found is None:
        raise Http404
    found.meeting = meeting
    return found


def move_meeting(meeting: Meeting, event: MeetingEvent) -> None:
    """Move the meeting, whose row the caller has locked and saves; raises IllegalTransition."""
    try:
        meeting.state = meeting_lifecycle.next_state(MeetingState(meeting.state), event)
    except NoSuchTransition:
        raise IllegalTransition(
            _("This isn't possible any more: the meeting has moved on. Load the page again.")
        ) from None
