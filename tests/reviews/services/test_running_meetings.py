"""A meeting while it runs: who is there counts, who is recused leaves, and without quorum nothing is decided."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from audit.models import Event
from audit.refusal import IllegalTransition, Refused
from reviews.models import AgendaItem, Ballot, Decision, Meeting
from reviews.rules.review_lifecycle import ReviewState
from reviews.services.attendance import mark_attendance
from reviews.services.boards import seat_person
from reviews.services.interests import recuse
from reviews.services.meetings.balloting import open_in_meeting, put_again
from reviews.services.meetings.room import note_arrival, note_departure
from reviews.services.meetings.running import close_meeting, finish_item, start_meeting, table_item, take_up
from reviews.services.opening import open_ballot
from tests.boardrooms import POLICY, House, a_house, a_motion, in_review, vote
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


def later(minutes: int) -> datetime:
    return MEETS + timedelta(minutes=minutes)


@pytest.fixture
def house() -> House:
    house = a_house()
    in_review(house)
    return house


@pytest.mark.both_engines
def test_a_member_who_leaves_takes_the_quorum_along_and_the_item_is_tabled_not_decided(house: House) -> None:
    meeting = running(house, ("chloe", "milo", "lena"))
    item = item_open(house, meeting)
    ballot = ballot_in(house, meeting)
    vote(house, ballot, "milo", now=later(11))
    vote(house, ballot, "chloe", now=later(11))
    leaves(house, meeting, "lena", minutes=12)
    ballot.refresh_from_db()
    item.refresh_from_db()
    assert (ballot.state, ballot.result, ballot.because) == ("closed", "tabled", "quorum_lost")
    assert item.review is not None
    assert (item.state, item.review.state) == ("tabled", ReviewState.TABLED)
    assert not Decision.objects.exists()


def test_when_quorum_is_back_the_motion_is_put_again_word_for_word_and_decided(house: House) -> None:
    meeting = running(house, ("chloe", "milo", "mara", "lena"))
    item_open(house, meeting)
    ballot = ballot_in(house, meeting)
    leaves(house, meeting, "mara", minutes=12)
    assert Ballot.objects.get(pk=ballot.pk).state == "open", "three of five are still a quorum"
    leaves(house, meeting, "lena", minutes=13)
    comes(house, meeting, "mara", minutes=20)
    comes(house, meeting, "lena", minutes=20)
    item_open(house, meeting, minutes=21)
    again = put_again(actor=house.sena, review_id=ballot.review_id, ballot_id=ballot.pk, now=later(21))
    assert (again.text, again.moved_by, again.continues) == (
        ballot.text,
        ballot.motion.moved_by,
        ballot.motion,
    )
    second = ballot_in(house, meeting, motion=again, minutes=22)
    for name in ("chloe", "milo", "mara", "lena"):
        vote(house, second, name, now=later(23))
    assert Decision.objects.get().outcome == "approved"
    with pytest.raises((Refused, IllegalTransition)):
        put_again(actor=house.sena, review_id=ballot.review_id, ballot_id=ballot.pk, now=later(24))


def test_who_is_recused_leaves_for_the_item_and_is_back_after_it(house: House) -> None:
    meeting = running(house)
    item = item_open(house, meeting)
    rex = row_of(house, meeting, "rex")
    assert [(span.left_at, span.out_for) for span in rex.spans.all()] == [(later(5), item)]
    with pytest.raises(Refused, match="recused"):
        comes(house, meeting, "rex", minutes=6)
    finish_item(actor=house.sena, item_id=item.pk, now=later(30))
    back = rex.spans.order_by("came_at").last()
    assert back is not None
    assert (back.came_at, back.left_at) == (later(30), None)
    assert row_of(house, meeting, "milo").spans.count() == 1


def test_a_recusal_in_mid_meeting_sends_its_holder_out_at_once_and_quorum_follows(house: House) -> None:
    meeting = running(house, ("chloe", "mara", "lena"))
    item = item_open(house, meeting)
    ballot = ballot_in(house, meeting)
    recuse(actor=house.mara, request_id=ballot.request_id, kind="personal", reason="A friend.", now=later(11))
    ballot.refresh_from_db()
    assert (ballot.result, ballot.because) == ("tabled", "quorum_lost")
    sent = row_of(house, meeting, "mara").spans.get(out_for=item)
    assert sent.left_at == later(11)


def test_an_alternate_in_the_room_sits_for_who_is_not_and_for_nobody_when_they_come(house: House) -> None:
    seat_person(
        actor=house.ada, board_id=house.boards["ethics"].pk, person_id=house.ugo.pk, role="alternate",
        attributes=["lay"], now=NOW,
    )  # fmt: skip
    meeting = running(house, ("chloe", "milo", "mara"))
    comes(house, meeting, "ugo", sits_for="lena")
    item_open(house, meeting)
    ballot = ballot_in(house, meeting)
    assert ballot.opening["quorum"]["present"] == 4
    comes(house, meeting, "lena", minutes=12)
    seats = {seat.name: seat for seat in ballot.seats.all()}
    assert (seats["Lena Lay"].is_eligible, seats["Ugo Outsider"].is_eligible) == (True, False)


def test_absent_from_a_ballot_in_a_meeting_is_who_is_not_in_the_room(house: House) -> None:
    meeting = running(house, ("chloe", "lena", "milo"))
    item_open(house, meeting)
    ballot = ballot_in(house, meeting)
    assert {seat.name for seat in ballot.seats.all() if seat.is_eligible} == {
        "Chloe Chair", "Lena Lay", "Milo Member",
    }  # fmt: skip
    with pytest.raises(Refused, match="absent"):
        vote(house, ballot, "mara", now=later(11))
    with pytest.raises(Refused, match="meeting"):
        mark_attendance(
            actor=house.sena,
            ballot_id=ballot.pk,
            person_id=house.lena.pk,
            present=True,
            note="",
            now=later(11),
        )


def test_a_board_that_votes_in_meetings_only_opens_no_ballot_outside(house: House) -> None:
    house = a_house({**POLICY, "circulation": False})
    meeting = running(house)
    item = item_open(house, meeting)
    assert item.review is not None
    motion = a_motion(house, item.review, now=later(6))
    with pytest.raises(Refused, match="meetings only"):
        open_ballot(actor=house.sena, motion_id=motion.pk, now=later(6))
    ballot = ballot_in(house, meeting, motion=motion)
    with pytest.raises(Refused, match="meetings only"):
        close_meeting(actor=house.sena, meeting_id=meeting.pk, now=later(90), circulate=True)
    close_meeting(actor=house.sena, meeting_id=meeting.pk, now=later(90), circulate=False)
    ballot.refresh_from_db()
    assert (ballot.result, ballot.because) == ("tabled", "tabled")


def test_closing_asks_what_becomes_of_an_open_ballot_and_carries_over_what_was_not_finished(
    house: House,
) -> None:
    meeting = running(house, ("chloe", "mara", "lena"))
    item_open(house, meeting)
    ballot = ballot_in(house, meeting)
    with pytest.raises(Refused, match="circulation"):
        close_meeting(actor=house.sena, meeting_id=meeting.pk, now=later(90))
    close_meeting(actor=house.sena, meeting_id=meeting.pk, now=later(90), circulate=True)
    ballot.refresh_from_db()
    assert (ballot.state, ballot.meeting) == ("open", None)
    vote(house, ballot, "milo", now=later(95))
    item = the_item(meeting)
    assert (item.state, item.why) == ("carried", "Its ballot goes on by circulation.")
    assert not row_of(house, meeting, "chloe").spans.filter(left_at=None).exists()


def test_tabling_an_item_tables_its_ballot_with_a_reason(house: House) -> None:
    meeting = running(house)
    item = item_open(house, meeting)
    ballot = ballot_in(house, meeting)
    with pytest.raises(Refused, match="ballot"):
        finish_item(actor=house.sena, item_id=item.pk, now=later(11))
    with pytest.raises(Refused, match="why"):
        table_item(actor=house.sena, item_id=item.pk, why=" ", now=later(11))
    table_item(actor=house.sena, item_id=item.pk, why="Legal wants to be heard.", now=later(12))
    ballot.refresh_from_db()
    assert (ballot.result, ballot.because, ballot.closed_by) == ("tabled", "tabled", house.sena)
    told = Event.objects.filter(verb="agenda.item_tabled", object_id=str(item.pk))
    assert told.count() == 1


def test_a_chair_who_is_recused_moves_no_quorum_and_ends_no_ballot_of_the_item(house: House) -> None:
    meeting = running(house, ("chloe", "milo", "mara", "lena"))
    item = the_item(meeting)
    assert item.review is not None
    recuse(
        actor=house.chloe, request_id=item.review.request_id, kind="personal", reason="A friend.", now=MEETS
    )
    item_open(house, meeting)
    ballot = ballot_in(house, meeting)
    given: dict[str, Any] = {"actor": house.chloe, "meeting_id": meeting.pk, "now": later(12)}
    with pytest.raises(PermissionDenied):
        note_departure(attendance_id=row_of(house, meeting, "lena").pk, **given)
    with pytest.raises(PermissionDenied):
        close_meeting(circulate=False, **given)
    ballot.refresh_from_db()
    assert ballot.state == "open"
    table_item(actor=house.sena, item_id=item.pk, why="Legal wants to be heard.", now=later(13))
    note_departure(attendance_id=row_of(house, meeting, "lena").pk, **{**given, "now": later(14)})
    close_meeting(**{**given, "now": later(15)})


def test_only_chair_and_secretary_lead_a_meeting(house: House) -> None:
    meeting = called(house)
    for name in ("milo", "lex", "ravi", "ugo"):
        with pytest.raises((PermissionDenied, Http404)):
            start_meeting(actor=house.people[name], meeting_id=meeting.pk, now=MEETS)
    meeting = running(house, ("chloe",), meeting)
    given: dict[str, Any] = {
        "meeting_id": meeting.pk,
        "attendance_id": row_of(house, meeting, "milo").pk,
        "now": later(1),
    }
    for name in ("milo", "lex", "ravi", "ugo"):
        with pytest.raises((PermissionDenied, Http404)):
            note_arrival(actor=house.people[name], how="video", **given)
        with pytest.raises((PermissionDenied, Http404)):
            take_up(actor=house.people[name], item_id=the_item(meeting).pk, now=later(1))
    assert not AgendaItem.objects.filter(state="open").exists()


def test_a_meeting_that_was_not_called_cannot_start_nor_much_too_early(house: House) -> None:
    meeting = a_meeting(house)
    with pytest.raises(Refused, match="Call"):
        start_meeting(actor=house.sena, meeting_id=meeting.pk, now=MEETS)
    called(house, meeting)
    with pytest.raises(Refused, match="two hours"):
        start_meeting(actor=house.sena, meeting_id=meeting.pk, now=NOW)
    assert Meeting.objects.get(pk=meeting.pk).state == "called"


def test_a_ballot_is_opened_only_on_the_item_that_is_open(house: House) -> None:
    meeting = running(house)
    item = the_item(meeting)
    assert item.review is not None
    motion = a_motion(house, item.review, now=later(1))
    with pytest.raises(Refused, match="Take the item up"):
        open_in_meeting(actor=house.sena, item_id=item.pk, motion_id=motion.pk, now=later(2))
    assert not Ballot.objects.exists()
