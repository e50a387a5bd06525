"""Calling a meeting: the agenda is frozen, everybody gets a calendar object, changes go out again, answers count."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.http import Http404
from icalendar import Calendar

from audit.refusal import IllegalTransition, Refused
from desk.selectors.calendar import calendar_of
from jobs.models import Job
from reminders.mail import send_mail
from reminders.models import Mail, Message
from reminders.waiting import waiting_for
from reviews.models import AgendaItem, Attendance, Meeting, MeetingNotice
from reviews.services.boards import seat_person
from reviews.services.interests import recuse
from reviews.services.meetings.agenda import add_item, change_item, move_item, put_on_agenda, remove_item
from reviews.services.meetings.asking import answer_invitation, invite_guest, uninvite_guest
from reviews.services.meetings.calling import call_meeting, cancel_meeting, change_meeting
from reviews.services.meetings.planning import Session
from tests.boardrooms import House, a_house, in_review
from tests.dossiers import NOW
from tests.meetingrooms import MEETS, a_meeting, called, row_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]


@pytest.fixture
def house() -> House:
    house = a_house()
    in_review(house)
    return house


def invitations(house: House, name: str) -> list[Any]:
    rows = Message.objects.filter(person=house.people[name], kind="meeting.invitation").order_by("id")
    return [Calendar.from_ical(row.calendar) for row in rows]


def event_of(calendar: Any) -> Any:
    return calendar.walk("VEVENT")[0]


def session(**more: Any) -> Session:
    given: dict[str, Any] = {
        "starts_at": MEETS + timedelta(hours=3), "ends_at": MEETS + timedelta(hours=4), "zone": "Europe/Berlin",
        "place": "Room 4.02 and video",
    }  # fmt: skip
    return Session(**{**given, **more})


def test_everybody_with_a_seat_gets_one_request_in_the_zone_of_the_meeting(house: House) -> None:
    meeting = called(house)
    assert (meeting.number, meeting.state, meeting.secretary) == (1, "called", house.sena)
    calendar = invitations(house, "milo")[0]
    event = event_of(calendar)
    assert (calendar["METHOD"], event["SEQUENCE"], event["UID"]) == ("REQUEST", 0, meeting.uid)
    assert event["DTSTART"].to_ical() == b"20261125T100000"
    assert event["DTSTART"].params["TZID"] == calendar.walk("VTIMEZONE")[0]["TZID"] == "Europe/Berlin"
    assert str(event["ORGANIZER"]) == "mailto:sena.secretary@example.org"
    attendee = event["ATTENDEE"]
    assert (str(attendee), attendee.params["RSVP"], attendee.params["PARTSTAT"]) == (
        "mailto:milo.member@example.org", "TRUE", "NEEDS-ACTION",
    )  # fmt: skip
    assert event_of(invitations(house, "chloe")[0])["ATTENDEE"].params["ROLE"] == "CHAIR"
    for name in ("ravi", "lex", "ugo"):
        assert not invitations(house, name)


def test_the_mail_carries_the_object_and_a_second_attempt_is_the_same_mail(house: House) -> None:
    called(house)
    planned = Mail.objects.get(person=house.milo, messages__kind="meeting.invitation")
    assert Job.objects.filter(kind="reminders.mail", key=f"reminders.mail:{planned.pk}").count() == 1
    send_mail(planned.pk, NOW)
    Mail.objects.filter(pk=planned.pk).update(state="sending")
    send_mail(planned.pk, NOW + timedelta(minutes=5))
    first, second = (letter.message() for letter in mail.outbox)
    assert first["Message-ID"] == second["Message-ID"] == planned.message_id
    part = next(part for part in first.walk() if part.get_content_type() == "text/calendar")
    assert part.get_param("method") == "REQUEST"
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert "SEQUENCE:0" in content.decode()


def test_what_was_sent_keeps_its_agenda_and_a_change_is_sent_again_with_the_next_sequence(
    house: House,
) -> None:
    meeting = called(house)
    sent = MeetingNotice.objects.get(meeting=meeting)
    with pytest.raises(Refused, match="Nothing changed"):
        call_meeting(actor=house.sena, meeting_id=meeting.pk, now=NOW)
    item = add_item(actor=house.sena, meeting_id=meeting.pk, title="Budget", note="", takes=15, now=NOW)
    move_item(actor=house.sena, item_id=item.pk, by=-1, now=NOW)
    call_meeting(actor=house.sena, meeting_id=meeting.pk, now=NOW, why="The budget came in.")
    again = MeetingNotice.objects.get(meeting=meeting, sequence=1)
    assert [line["title"] for line in again.content["items"]] == ["Budget", "Harbor-7B 2.1"]
    sent.refresh_from_db()
    assert [line["title"] for line in sent.content["items"]] == ["Harbor-7B 2.1"]
    assert [event_of(one)["SEQUENCE"] for one in invitations(house, "milo")] == [0, 1]
    assert Meeting.objects.get(pk=meeting.pk).number == 1


def test_another_time_is_sent_at_once_and_everybody_is_asked_again(house: House) -> None:
    meeting = called(house)
    answer_invitation(actor=house.milo, meeting_id=meeting.pk, answer="accepted", reason="", now=NOW)
    with pytest.raises(Refused, match="why"):
        change_meeting(actor=house.sena, meeting_id=meeting.pk, session=session(), reason="", now=NOW)
    change_meeting(
        actor=house.sena, meeting_id=meeting.pk, session=session(), reason="The room is taken.", now=NOW
    )
    assert row_of(house, meeting, "milo").answer == ""
    last = event_of(invitations(house, "milo")[-1])
    assert (last["SEQUENCE"], last["DTSTART"].to_ical()) == (1, b"20261125T130000")
    assert "The room is taken." in str(last["DESCRIPTION"])


def test_a_cancelled_meeting_says_why_and_takes_itself_out_of_calendars(house: House) -> None:
    meeting = called(house)
    with pytest.raises(Refused, match="why"):
        cancel_meeting(actor=house.sena, meeting_id=meeting.pk, reason=" ", now=NOW)
    cancel_meeting(actor=house.sena, meeting_id=meeting.pk, reason="Nobody is well.", now=NOW)
    calendar = invitations(house, "lena")[-1]
    assert (calendar["METHOD"], event_of(calendar)["SEQUENCE"], str(event_of(calendar)["STATUS"])) == (
        "CANCEL",
        1,
        "CANCELLED",
    )
    with pytest.raises(IllegalTransition):
        call_meeting(actor=house.sena, meeting_id=meeting.pk, now=NOW)
    other = called(house, a_meeting(house, after=timedelta(days=3)))
    assert other.number == 2, "the number of a meeting that was cancelled isn't given again"


def test_a_guest_gets_their_item_only_and_a_cancellation_when_they_are_taken_off(house: House) -> None:
    meeting = called(house)
    item = AgendaItem.objects.get(meeting=meeting)
    guest = invite_guest(
        actor=house.sena,
        meeting_id=meeting.pk,
        name="",
        person_id=house.ugo.pk,
        affiliation="Harbour office",
        now=NOW,
    )
    assert "Harbor-7B" not in invitations(house, "ugo")[0].to_ical().decode()
    assert event_of(invitations(house, "ugo")[0])["ATTENDEE"].params["ROLE"] == "OPT-PARTICIPANT"
    with pytest.raises(Refused, match="recused"):
        invite_guest(
            actor=house.sena,
            meeting_id=meeting.pk,
            name="",
            person_id=house.ravi.pk,
            item_id=item.pk,
            now=NOW,
        )
    uninvite_guest(actor=house.sena, meeting_id=meeting.pk, attendance_id=guest.pk, now=NOW)
    assert invitations(house, "ugo")[-1]["METHOD"] == "CANCEL"


def test_a_guest_who_was_written_down_before_is_asked_when_the_meeting_is_called(house: House) -> None:
    meeting = a_meeting(house)
    invite_guest(actor=house.sena, meeting_id=meeting.pk, name="", person_id=house.ugo.pk, now=NOW)
    given: dict[str, Any] = {"actor": house.ugo, "meeting_id": meeting.pk, "reason": "", "now": NOW}
    with pytest.raises(Http404):
        answer_invitation(answer="accepted", **given)
    called(house, meeting)
    assert answer_invitation(answer="accepted", **given).answer == "accepted"
    with pytest.raises(Refused, match="Nothing changed"):
        call_meeting(actor=house.sena, meeting_id=meeting.pk, now=NOW)


def test_answers_have_a_reason_where_somebody_cannot_come_and_stay_their_own(house: House) -> None:
    meeting = called(house)
    given: dict[str, Any] = {"meeting_id": meeting.pk, "now": NOW}
    with pytest.raises(Refused, match="why"):
        answer_invitation(actor=house.milo, answer="declined", reason="", **given)
    answer_invitation(actor=house.milo, answer="declined", reason="A journey.", **given)
    row = row_of(house, meeting, "milo")
    assert (row.answer, row.answer_reason) == ("declined", "A journey.")
    waits = {
        thing.person_id
        for _source, thing in waiting_for(house.lena.pk, NOW)
        if thing.url == f"/meetings/{meeting.pk}/"
    }
    assert waits == {house.lena.pk}
    assert not [1 for source, _thing in waiting_for(house.milo.pk, NOW) if source.kind == "meeting.answer"]
    assert Attendance.objects.filter(answer="").count() == 5


def test_a_called_meeting_stands_in_a_members_calendar_under_the_same_uid(house: House) -> None:
    meeting = called(house)
    feed = Calendar.from_ical(calendar_of(house.milo, NOW, lambda path: f"http://localhost{path}"))
    found = [event for event in feed.walk("VEVENT") if event["UID"] == meeting.uid]
    assert [event.decoded("DTSTART") for event in found] == [MEETS]
    answer_invitation(actor=house.milo, meeting_id=meeting.pk, answer="declined", reason="Ill.", now=NOW)
    feed = Calendar.from_ical(calendar_of(house.milo, NOW, lambda path: f"http://localhost{path}"))
    assert meeting.uid not in [event["UID"] for event in feed.walk("VEVENT")]


def test_a_new_seat_is_asked_when_the_invitation_is_sent_again(house: House) -> None:
    meeting = called(house)
    seat_person(
        actor=house.ada, board_id=house.boards["ethics"].pk, person_id=house.ugo.pk, role="alternate", attributes=[],
        now=NOW,
    )  # fmt: skip
    call_meeting(actor=house.sena, meeting_id=meeting.pk, now=NOW)
    assert invitations(house, "ugo")[0]["METHOD"] == "REQUEST"


def test_the_agenda_is_what_is_ready_and_what_the_secretary_makes_of_it(house: House) -> None:
    meeting = a_meeting(house)
    with pytest.raises(Refused, match="empty"):
        call_meeting(actor=house.sena, meeting_id=meeting.pk, now=NOW)
    (ready,) = put_on_agenda(actor=house.sena, meeting_id=meeting.pk, now=NOW)
    with pytest.raises(Refused, match="Nothing"):
        put_on_agenda(actor=house.sena, meeting_id=meeting.pk, now=NOW)
    change_item(actor=house.sena, item_id=ready.pk, note="Only the new risks.", takes=45, now=NOW)
    remove_item(actor=house.sena, item_id=ready.pk, why="Too early.", now=NOW)
    put_on_agenda(actor=house.sena, meeting_id=meeting.pk, now=NOW)
    states = AgendaItem.objects.filter(meeting=meeting).order_by("id").values_list("state", flat=True)
    assert list(states) == ["removed", "waiting"]


def test_who_is_recused_is_still_invited_and_their_inbox_tells_no_more_than_the_title(house: House) -> None:
    recuse(actor=house.mara, request_id=in_review_id(house), kind="personal", reason="A friend.", now=NOW)
    called(house)
    text = Message.objects.get(person=house.mara, kind="meeting.invitation").body
    assert "A friend." not in text


def in_review_id(house: House) -> int:
    return house.boards["ethics"].reviews.get().request_id
