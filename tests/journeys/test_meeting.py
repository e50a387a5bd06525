"""Quorum lost in mid-meeting: a member leaves while a ballot is open, the item is tabled and later goes on."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from reviews.models import AgendaItem, Attendance, Ballot, Decision, Meeting, MinutesPart
from reviews.services.meetings.agenda import put_on_agenda
from reviews.services.meetings.balloting import open_in_meeting
from reviews.services.meetings.calling import call_meeting
from reviews.services.meetings.planning import Session, plan_meeting
from reviews.services.meetings.room import note_arrival
from reviews.services.meetings.running import start_meeting, take_up
from tests.boardrooms import House, a_motion, in_review, vote
from tests.dossiers import a_version
from tests.journeys.cast import a_lab
from tests.journeys.conftest import Visit
from tests.journeys.place import Place
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.journey


@pytest.fixture
def house(place: Place) -> House:
    return a_lab("meeting")


@pytest.fixture
def ballot(house: House) -> Ballot:
    """A ballot that is open in a meeting; three of four are there, as many as are needed, and two have voted."""
    now = timezone.now() - timedelta(minutes=20)
    in_review(house, ("ethics",), version=a_version(house.ravi, now=now), now=now)
    meeting = a_running_meeting(house, now)
    item = take_up(actor=house.sena, item_id=AgendaItem.objects.get(meeting=meeting).pk, now=now)
    assert item.review is not None
    motion = a_motion(house, item.review, mover="milo", seconder="lena", now=now)
    ballot = open_in_meeting(actor=house.sena, item_id=item.pk, motion_id=motion.pk, now=now)
    for name in ("chloe", "milo"):
        vote(house, ballot, name, now=now)
    return ballot


def a_running_meeting(house: House, now: datetime) -> Meeting:
    session = Session(
        starts_at=now + timedelta(minutes=1), ends_at=now + timedelta(hours=2), zone="UTC", place="Room 4.02"
    )
    board = house.boards["ethics"].pk
    meeting = plan_meeting(actor=house.sena, board_id=board, session=session, now=now)
    put_on_agenda(actor=house.sena, meeting_id=meeting.pk, now=now)
    call_meeting(actor=house.sena, meeting_id=meeting.pk, now=now)
    start_meeting(actor=house.sena, meeting_id=meeting.pk, now=now)
    for name in ("chloe", "milo", "lena"):
        row = Attendance.objects.get(meeting=meeting, person=house.people[name])
        note_arrival(actor=house.sena, meeting_id=meeting.pk, attendance_id=row.pk, how="in_person", now=now)
    return meeting


def test_without_quorum_the_item_is_tabled_not_decided_and_goes_on_when_it_is_back(
    house: House, ballot: Ballot, visit: Visit
) -> None:
    sena = visit(house.sena)
    sena.is_signed_in()
    sena.goes(f"/meetings/{ballot.meeting_id}/")
    assert "Quorum has no reserve." in sena.text()
    writes_down(sena, "Lena was called away before she had voted.")
    sena.presses("Leaves Lena Vogel")
    assert "Tabled, not decided." in sena.text()
    ballot.refresh_from_db()
    assert (ballot.state, ballot.result, ballot.because) == ("closed", "tabled", "quorum_lost")
    assert not Decision.objects.filter(request=ballot.request).exists()
    second = goes_on(sena, ballot)
    for name in ("chloe", "milo", "lena"):
        vote(house, second, name, now=timezone.now())
    sena.goes(f"/meetings/{ballot.meeting_id}/")
    assert "passed" in sena.text().lower()
    assert Decision.objects.get(request=ballot.request).outcome == "approved"


def writes_down(sena: Visitor, text: str) -> None:
    """What she writes is saved while she writes."""
    sena.page.get_by_label("Disputed points").fill(text)
    sena.page.locator(".saved .state.good").first.wait_for()
    assert MinutesPart.objects.get(item__meeting__board__slug="ethics-meeting").text == text


def goes_on(sena: Visitor, ballot: Ballot) -> Ballot:
    """Lena is back; the motion is put again, word for word."""
    sena.presses("Back Lena Vogel")
    sena.presses("Take the item up again")
    sena.presses("Put the motion again")
    sena.presses("Open the ballot")
    second = Ballot.objects.get(meeting=ballot.meeting_id, state="open")
    assert (second.text, second.number) == (ballot.text, ballot.number + 1)
    return second
