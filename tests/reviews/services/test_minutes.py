"""Minutes: told from what happened, written beside it, approved by another, frozen and sealed."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from audit.refusal import IllegalTransition, Refused
from records.models import Record
from records.permissions import may_read
from reviews.models import AgendaItem, Meeting, Minutes, MinutesPart
from reviews.services.meetings.agenda import put_on_agenda
from reviews.services.meetings.asking import answer_invitation, invite_guest
from reviews.services.meetings.calling import call_meeting
from reviews.services.meetings.minutes import approve_minutes, circulate_minutes, correct_minutes
from reviews.services.meetings.room import note_arrival
from reviews.services.meetings.running import close_meeting, start_meeting, take_up
from reviews.services.meetings.writing import save_part
from tests.boardrooms import House, a_house, in_review, vote
from tests.dossiers import NOW
from tests.meetingrooms import (
    MEETS,
    a_meeting,
    ballot_in,
    called,
    comes,
    item_open,
    leaves,
    row_of,
    running,
    the_item,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]
LATER = MEETS + timedelta(hours=2)


@pytest.fixture
def house() -> House:
    house = a_house()
    in_review(house)
    return house


def held(house: House) -> Meeting:
    """A whole meeting: Milo is excused, Mara leaves and comes back, Lena is against, an expert is heard."""
    meeting = called(house)
    answer_invitation(actor=house.milo, meeting_id=meeting.pk, answer="declined", reason="Ill.", now=NOW)
    expert = invite_guest(
        actor=house.sena,
        meeting_id=meeting.pk,
        name="Dr. Speech",
        affiliation="Tidewater",
        expert=True,
        now=NOW,
    )
    running(house, ("chloe", "mara", "lena", "rex"), meeting)
    note_arrival(
        actor=house.sena,
        meeting_id=meeting.pk,
        attendance_id=expert.pk,
        how="video",
        now=MEETS + timedelta(minutes=1),
    )
    leaves(house, meeting, "mara", minutes=2)
    comes(house, meeting, "mara", minutes=4)
    item = item_open(house, meeting)
    ballot = ballot_in(house, meeting)
    vote(house, ballot, "chloe", now=MEETS + timedelta(minutes=11))
    vote(house, ballot, "mara", now=MEETS + timedelta(minutes=11))
    vote(
        house,
        ballot,
        "lena",
        "against",
        reason="It was not tested by laymen.",
        now=MEETS + timedelta(minutes=12),
    )
    write(house, meeting, "Whether laymen tested it. They will.", item=item)
    close_meeting(actor=house.sena, meeting_id=meeting.pk, now=MEETS + timedelta(minutes=60))
    return Meeting.objects.get(pk=meeting.pk)


def closed(house: House) -> Meeting:
    """A short meeting: its item is taken up, written about, and carried over."""
    meeting = running(house, ("chloe", "milo", "lena", "rex"))
    write(house, meeting, "Whether laymen tested it.", item=item_open(house, meeting))
    close_meeting(actor=house.sena, meeting_id=meeting.pk, now=LATER)
    return meeting


def write(
    house: House, meeting: Meeting, text: str, *, item: AgendaItem, by: str = "sena", version: int = 0
) -> MinutesPart:
    return save_part(
        actor=house.people[by], meeting_id=meeting.pk, item_id=item.pk, kind="discussion", text=text, version=version,
        now=MEETS + timedelta(minutes=20),
    )  # fmt: skip


@pytest.mark.both_engines
def test_the_minutes_tell_who_was_there_what_was_voted_and_who_was_of_another_opinion(house: House) -> None:
    meeting = held(house)
    content = circulate_minutes(actor=house.sena, meeting_id=meeting.pk, now=LATER).content
    people = {person["name"]: person for person in content["attendance"]}
    assert [len(people[name]["stays"]) for name in ("Chloe Chair", "Mara Member", "Rex Recused")] == [1, 2, 1]
    assert people["Milo Member"]["presence"] == "excused"
    assert [(guest["name"], guest["kind"]) for guest in content["guests"]] == [
        ("Sena Secretary", "guest"), ("Dr. Speech", "expert"),
    ]  # fmt: skip
    (item,) = content["items"]
    assert item["state"] == "decided"
    assert item["eligible"] == ["Chloe Chair", "Mara Member", "Lena Lay"]
    assert [person["name"] for person in item["recusals"]] == ["Rex Recused"]
    assert item["recusals"][0]["left_at"] is not None
    ballot = item["votes"][0]["ballot"]
    assert (ballot["quorum"]["needed"], ballot["quorum"]["present_at_closing"]) == (3, 3)
    assert (ballot["threshold"]["votes_for"], ballot["threshold"]["votes_against"]) == (2, 1)
    assert item["request"]["revision_sha256"] == ballot["revision_sha256"]
    assert item["minority_opinions"][0]["text"] == "It was not tested by laymen."
    assert item["discussion"] == "Whether laymen tested it. They will."
    assert item["basis"] == "The board should approve it."


def test_they_are_approved_by_the_chair_and_sealed_and_who_is_recused_does_not_get_the_record(
    house: House,
) -> None:
    meeting = held(house)
    version = circulate_minutes(actor=house.sena, meeting_id=meeting.pk, now=LATER)
    given: dict[str, Any] = {"meeting_id": meeting.pk, "now": LATER}
    with pytest.raises(PermissionDenied):
        approve_minutes(actor=house.sena, sha256=version.sha256, **given)
    with pytest.raises(Refused, match="Another version"):
        approve_minutes(actor=house.chloe, sha256="0" * 64, **given)
    minutes = approve_minutes(actor=house.chloe, sha256=version.sha256, **given)
    record = Record.objects.get(kind="minutes")
    assert (minutes.record, minutes.state, record.state, record.reference) == (
        record,
        "approved",
        "sealing",
        "ETHICS-M1",
    )
    assert record.context_sha256
    with pytest.raises(Refused):
        write(house, meeting, "Something else.", item=the_item(meeting), version=1)
    with pytest.raises(IllegalTransition):
        correct_minutes(actor=house.sena, meeting_id=meeting.pk, reason="A slip.", now=LATER)
    readers = {
        name: may_read(house.people[name], record, LATER) for name in ("milo", "sena", "rex", "ravi", "ugo")
    }
    assert readers == {"milo": True, "sena": True, "rex": False, "ravi": False, "ugo": False}


def test_corrections_are_a_further_version_and_every_version_is_kept(house: House) -> None:
    meeting = closed(house)
    first = circulate_minutes(actor=house.sena, meeting_id=meeting.pk, now=LATER)
    with pytest.raises(Refused):
        write(house, meeting, "Corrected.", item=the_item(meeting), version=1)
    correct_minutes(actor=house.sena, meeting_id=meeting.pk, reason="Lena said more.", now=LATER)
    write(house, meeting, "Corrected.", item=the_item(meeting), version=1)
    with pytest.raises(Refused, match="changed"):
        circulate_minutes(actor=house.sena, meeting_id=meeting.pk, now=LATER)
    second = circulate_minutes(actor=house.sena, meeting_id=meeting.pk, now=LATER, why="What Lena said.")
    assert (first.number, second.number) == (1, 2)
    first.refresh_from_db()
    assert first.content["items"][0]["discussion"] == "Whether laymen tested it."
    with pytest.raises(Refused, match="Another version"):
        approve_minutes(actor=house.chloe, meeting_id=meeting.pk, sha256=first.sha256, now=LATER)


def test_the_next_meeting_approves_them_by_the_hand_of_another_than_their_writer(house: House) -> None:
    meeting = closed(house)
    version = circulate_minutes(actor=house.sena, meeting_id=meeting.pk, now=LATER)
    later = a_meeting(house, after=timedelta(days=8))
    put_on_agenda(actor=house.sena, meeting_id=later.pk, now=LATER, keys=[f"minutes:{meeting.pk}"])
    call_meeting(actor=house.sena, meeting_id=later.pk, now=LATER)
    moment = NOW + timedelta(days=8)
    item = AgendaItem.objects.get(meeting=later)
    given: dict[str, Any] = {
        "meeting_id": meeting.pk,
        "sha256": version.sha256,
        "item_id": item.pk,
        "now": moment,
    }
    with pytest.raises(IllegalTransition):
        approve_minutes(actor=house.chloe, **given)
    start_meeting(actor=house.sena, meeting_id=later.pk, now=moment)
    take_up(actor=house.sena, item_id=item.pk, now=moment)
    with pytest.raises(PermissionDenied):
        approve_minutes(actor=house.sena, **given)
    approve_minutes(actor=house.chloe, **given)
    assert Minutes.objects.get(meeting=meeting).approved_in == later


def test_an_item_without_a_ballot_says_what_quorum_there_was(house: House) -> None:
    meeting = closed(house)
    (item,) = circulate_minutes(actor=house.sena, meeting_id=meeting.pk, now=LATER).content["items"]
    assert "Quorum: 3 of 5 seats were there, 3 were needed." in item["state_note"]
    assert item["eligible"] == ["Chloe Chair", "Milo Member", "Lena Lay"]
    assert row_of(house, meeting, "rex").spans.count() == 1
