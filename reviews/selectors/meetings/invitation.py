"""An invitation as iCalendar: REQUEST and CANCEL by RFC 5546, components by RFC 5545, sent by mail as RFC 6047 says."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress

from accounts.models import User
from reviews.models import Attendance, Meeting
from reviews.selectors.meetings.words import name_of

PARTSTAT = {"accepted": "ACCEPTED", "declined": "DECLINED", "": "NEEDS-ACTION"}
ROLES = {"chair": "CHAIR", "guest": "OPT-PARTICIPANT", "expert": "OPT-PARTICIPANT"}


@dataclass(frozen=True, slots=True)
class Invitation:
    """One calendar object for one person; `cancels` makes it a CANCEL. `agenda` are lines of text they may read."""

    meeting: Meeting
    guest: Attendance
    organizer: User
    now: datetime
    agenda: tuple[str, ...] = ()
    cancels: bool = False
    why: str = ""

    @property
    def method(self) -> str:
        """Return METHOD."""
        return "CANCEL" if self.cancels else "REQUEST"


def meeting_address(meeting: Meeting) -> str:
    """Return the page of the meeting, as a path."""
    return reverse("reviews:meeting", args=[meeting.pk])


def calendar_text(invitation: Invitation) -> str:
    """Return the calendar object; texts are in the active language, times in the meeting's own zone with its rules.

    Each person is the only attendee of their copy, so that it tells nobody who else was asked, guests least of all.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Imprimatur//Meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", invitation.method)
    calendar.add_component(_event(invitation))
    year = invitation.meeting.starts_there.year
    calendar.add_missing_timezones(first_date=date(year - 1, 1, 1), last_date=date(year + 2, 1, 1))
    return bytes(calendar.to_ical()).decode()


def _event(invitation: Invitation) -> Event:
    meeting, event = invitation.meeting, Event()
    address = urljoin(settings.BASE_URL, meeting_address(meeting))
    event.add("uid", meeting.uid)
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", invitation.now.astimezone(UTC))
    event.add("dtstart", meeting.starts_at.astimezone(meeting.tz))
    event.add("dtend", meeting.ends_at.astimezone(meeting.tz))
    event.add("summary", name_of(meeting))
    event.add("location", meeting.place)
    lines = [*invitation.agenda, *([invitation.why] if invitation.why else []), meeting.video, address]
    event.add("description", "\n".join(line for line in lines if line))
    event.add("url", address)
    event.add("status", "CANCELLED" if invitation.cancels else "CONFIRMED")
    event.add("organizer", _address(invitation.organizer.email, invitation.organizer.display_name))
    event.add("attendee", _attendee(invitation.guest), encode=False)
    if meeting.video:
        event.add(
            "conference", meeting.video, parameters={"FEATURE": "VIDEO", "VALUE": "URI", "LABEL": _("Video")}
        )
    return event


def _address(email: str, name: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    address.params["CN"] = name
    return address


def _attendee(guest: Attendance) -> vCalAddress:
    person = guest.person
    assert person is not None, "who has no account gets no invitation"
    attendee = _address(person.email, person.display_name)
    attendee.params["CUTYPE"] = "INDIVIDUAL"
    attendee.params["ROLE"] = ROLES.get(guest.part, "REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = PARTSTAT[guest.answer]
    attendee.params["RSVP"] = "FALSE" if guest.answer else "TRUE"
    return attendee
