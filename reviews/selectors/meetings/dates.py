"""Meetings in a person's own calendar: those to which they are asked and that they haven't declined."""

from collections.abc import Iterator
from datetime import datetime

from accounts.models import User
from reminders.dates import Dated
from reviews.models import Attendance, Meeting
from reviews.rules.meeting_lifecycle import MeetingState
from reviews.selectors.meetings.invitation import meeting_address
from reviews.selectors.meetings.words import name_of

MOST = 100


def meeting_dates(person: User, now: datetime) -> Iterator[Dated]:
    """Yield the meetings ahead under the UID of their invitation, so that a calendar that has both shows one."""
    asked = Attendance.objects.filter(person=person, asked_at__isnull=False, ended_at__isnull=True)
    meetings = Meeting.objects.filter(
        pk__in=asked.exclude(answer="declined").values("meeting_id"),
        state=MeetingState.CALLED,
        ends_at__gt=now,
    )
    for meeting in meetings.select_related("board").order_by("starts_at", "id")[:MOST]:
        yield Dated(
            f"reviews.meeting/{meeting.pk}", meeting.starts_at, name_of(meeting), meeting.place,
            meeting_address(meeting), until=meeting.ends_at, uid=meeting.uid, where=meeting.place,
        )  # fmt: skip
