"""Pages of meetings: before, while and after; what each sees of them, and what is kept from whom."""

from datetime import timedelta

import pytest
from django.urls import reverse

from reviews.models import Attendance, Meeting, Minutes, MinutesPart
from reviews.services.meetings.minutes import circulate_minutes
from reviews.services.meetings.running import close_meeting, finish_item
from reviews.services.meetings.writing import save_part
from tests.boardrooms import POLICY, House, a_house, all_vote, in_review, vote
from tests.meetingrooms import MEETS, a_meeting, ballot_in, called, item_open, running
from tests.reviews.pages.visits import client_of, get, post, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]


@pytest.fixture
def house() -> House:
    house = a_house()
    in_review(house)
    return house


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages open while the meeting is on."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: MEETS + timedelta(minutes=15))


def page(meeting: Meeting, name: str = "meeting") -> str:
    return reverse(f"reviews:{name}", args=[meeting.pk])


def test_the_page_before_a_meeting_says_what_is_ready_and_who_comes(house: House) -> None:
    meeting = a_meeting(house, after=timedelta(days=9))
    text = words(get(house, "sena", page(meeting)))
    assert "1 thing is ready for this meeting" in text
    assert "Nobody is invited yet" in text
    post(house, "sena", page(meeting, "fill_agenda"))
    post(house, "sena", page(meeting, "call_meeting"))
    text = words(get(house, "milo", page(meeting)))
    assert "Do you come?" in text
    assert "0 of 5 will come, 3 needed" in text
    assert "Send the invitation" not in text
    post(house, "milo", page(meeting, "answer_invitation"), {"answer": "accepted"})
    assert Attendance.objects.get(person=house.milo).answer == "accepted"


def test_the_running_meeting_shows_agenda_ballot_quorum_and_attendance_in_few_queries(
    house: House, django_assert_max_num_queries: object
) -> None:
    meeting = running(house, ("chloe", "milo", "lena"))
    item_open(house, meeting)
    vote(house, ballot_in(house, meeting), "milo", now=MEETS + timedelta(minutes=11))
    client = client_of(house, "sena")
    client.get("/")
    with django_assert_max_num_queries(15):  # type: ignore[operator]
        html = client.get(page(meeting)).content.decode()
    text = words(html)
    assert "Quorum has no reserve." in text
    assert "3 of 5 seats." in text
    assert "2 × for &gt; 1 × 3, so 2" in text
    assert "Rex Recused member, recused, item 1" in text or "external, recused, item 1" in text
    assert "hides positions" not in text


def test_positions_that_the_board_hides_are_neither_on_the_page_nor_in_its_fragment(house: House) -> None:
    house = a_house({**POLICY, "positions_hidden": True})
    meeting = running(house)
    item_open(house, meeting)
    ballot = ballot_in(house, meeting)
    vote(house, ballot, "milo", "against", reason="A secret ground.", now=MEETS + timedelta(minutes=11))
    for path in (page(meeting), page(meeting, "room")):
        html = get(house, "sena", path)
        assert "hides positions" in html
        assert ": against" not in html
        assert "has voted, hidden until the ballot closes" in html
        assert "A secret ground." not in html
        assert "Against" not in words(html)


def test_who_is_recused_sees_that_there_is_an_item_and_nothing_of_it(house: House) -> None:
    meeting = running(house)
    item = item_open(house, meeting)
    vote(house, ballot_in(house, meeting), "milo", now=MEETS + timedelta(minutes=11))
    save_part(
        actor=house.sena, meeting_id=meeting.pk, item_id=item.pk, kind="discussion", text="Milo doubts it.", version=0,
        now=MEETS + timedelta(minutes=12),
    )  # fmt: skip
    html = get(house, "rex", page(meeting))
    assert "You take no part in this item." in words(html)
    for secret in ("The board should approve it.", "Milo doubts it.", "to pass"):
        assert secret not in html


def test_a_guest_sees_when_and_where_and_not_what_the_board_deals_with(house: House) -> None:
    meeting = a_meeting(house, after=timedelta(days=9))
    called(house, meeting)
    post(
        house,
        "sena",
        page(meeting, "invite_guest"),
        {"person": house.ugo.pk, "affiliation": "Harbour office"},
    )
    text = words(get(house, "ugo", page(meeting)))
    assert "Room 4.02 and video" in text
    assert "The agenda is for the board." in text
    assert "Do you come?" in text
    assert "Milo Member" not in text
    get(house, "ravi", page(meeting), 404)
    get(house, "ugo", page(meeting, "minutes"), 404)


def test_a_guest_of_an_item_reads_nothing_of_how_the_board_voted_on_it(house: House) -> None:
    meeting = running(house)
    item = item_open(house, meeting)
    Attendance.objects.create(
        meeting=meeting, person=house.ugo, name="Ugo Outsider", part="guest", item=item, asked_at=MEETS
    )
    all_vote(house, ballot_in(house, meeting), now=MEETS + timedelta(minutes=11))
    finish_item(actor=house.sena, item_id=item.pk, now=MEETS + timedelta(minutes=12))
    assert "Passed, 4 to 0" in words(get(house, "milo", page(meeting)))
    text = words(get(house, "ugo", page(meeting)))
    assert "Room 4.02 and video" in text
    assert "4 to 0" not in text


def test_two_who_write_the_minutes_do_not_overwrite_each_other(house: House) -> None:
    meeting = running(house)
    item = item_open(house, meeting)
    path = reverse("reviews:write_of_item", args=[item.pk, "discussion"])
    first = client_of(house, "sena").post(
        path, {"text": "One.", "version": "0"}, headers={"HX-Request": "true"}
    )
    assert "Saved" in first.content.decode()
    second = client_of(house, "chloe").post(
        path, {"text": "Two.", "version": "0"}, headers={"HX-Request": "true"}
    )
    assert "One." in second.content.decode()
    assert MinutesPart.objects.get().text == "One."
    client_of(house, "chloe").post(
        path, {"text": "One and two.", "version": "0", "over": "1"}, headers={"HX-Request": "true"}
    )
    part = MinutesPart.objects.get()
    assert (part.text, part.version, part.saved_by) == ("One and two.", 2, house.chloe)
    post(house, "milo", path, {"text": "Three."}, 403)


def test_minutes_are_read_by_the_board_once_they_are_circulated_without_the_parts_of_the_recused(
    house: House,
) -> None:
    meeting = running(house)
    item_open(house, meeting)
    all_vote(house, ballot_in(house, meeting), now=MEETS + timedelta(minutes=11))
    close_meeting(actor=house.sena, meeting_id=meeting.pk, now=MEETS + timedelta(minutes=14))
    get(house, "milo", page(meeting, "minutes"), 404)
    circulate_minutes(actor=house.sena, meeting_id=meeting.pk, now=MEETS + timedelta(minutes=15))
    text = words(get(house, "milo", page(meeting, "minutes")))
    assert "4 for, 0 against, 0 abstaining; 3 needed" in text
    assert "Rex Recused was recused" in text
    hidden = get(house, "rex", page(meeting, "minutes"))
    assert "not shown to you" in words(hidden)
    assert "The board should approve it." not in hidden
    get(house, "ugo", page(meeting, "minutes"), 404)
    assert Minutes.objects.get().state == "circulated"


def test_the_list_of_meetings_is_each_persons_own(house: House) -> None:
    meeting = called(house, a_meeting(house, after=timedelta(days=9)))
    assert f"/meetings/{meeting.pk}/" in get(house, "milo", "/meetings/")
    assert f"/meetings/{meeting.pk}/" not in get(house, "ravi", "/meetings/")
    assert "Plan a meeting" in get(house, "sena", "/meetings/")
    assert "Plan a meeting" not in get(house, "milo", "/meetings/")


def test_a_meeting_is_planned_as_a_series_and_moved_by_forms_that_keep_what_was_wrong(house: House) -> None:
    path = reverse("reviews:make_series", args=["ethics"])
    given = {
        "interval": "own", "rule": "FREQ=MONTHLY;BYMONTHDAY=31", "first_on": "2026-12-02", "starts": "10:00",
        "lasts": "90", "zone": "Europe/Berlin", "days_off": "later", "place": "Room 4.02", "call_days": "5",
    }  # fmt: skip
    kept = post(house, "sena", path, given, 422).content.decode()
    assert "FREQ=MONTHLY;BYMONTHDAY=31" in kept
    assert not Meeting.objects.exists()
    post(house, "sena", path, {**given, "interval": "weekly", "rule": ""})
    assert Meeting.objects.count() > 5
    get(house, "milo", path, 403)


def test_a_meeting_is_closed_from_its_page_only_while_it_runs_and_asks_about_its_ballot(house: House) -> None:
    meeting = called(house, a_meeting(house, after=timedelta(days=9)))
    response = client_of(house, "sena").get(page(meeting, "close_meeting"))
    assert response.status_code == 302, "nothing to close yet: led back with the reason"
    get(house, "milo", page(meeting, "close_meeting"), 403)
    assert client_of(house, "milo").get(page(meeting, "room")).status_code == 204
