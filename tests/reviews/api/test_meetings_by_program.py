"""Meetings by calls: planned on pages, then answered, led and minuted by programs through the same services."""

import pytest

from reviews.models import AgendaItem
from reviews.services.meetings.minutes import circulate_minutes
from reviews.services.meetings.running import close_meeting
from tests.boardrooms import House, events
from tests.calling import Caller, as_, problem
from tests.meetingrooms import MEETS, a_meeting, called, row_of, running, the_item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]


def test_meetings_are_listed_and_read_by_their_board_alone(house: House, sena: Caller) -> None:
    meeting = called(house)
    later = a_meeting(house)
    milo = as_(house.milo)
    assert [one["id"] for one in milo.get("/meetings")["items"]] == [later.pk, meeting.pk]
    first = milo.get("/meetings?limit=1")
    rest = milo.get(f"/meetings?limit=1&after={first['next']}")
    assert [one["id"] for one in first["items"] + rest["items"]] == [later.pk, meeting.pk]
    assert [one["id"] for one in milo.get("/meetings?state=called")["items"]] == [meeting.pk]
    told = milo.get(f"/meetings/{meeting.pk}")
    assert (told["state"], told["acts"], told["led_by"]) == ("called", ["answer"], "Chloe Chair")
    assert told["agenda"][0]["request"] == "IMP-2026-0001"
    assert {one["name"] for one in told["attendance"]} >= {"Milo Member", "Rex Recused"}
    recused = as_(house.rex).get(f"/meetings/{meeting.pk}")["agenda"][0]
    assert (recused["request"], recused["takes_part"]) == (None, False)
    assert as_(house.ugo).get("/meetings")["items"] == []
    problem(as_(house.ugo)("GET", f"/meetings/{meeting.pk}"), 404, "not-found")
    assert "prepare" in sena.get(f"/meetings/{meeting.pk}")["acts"]


def test_an_invitation_is_answered_by_who_got_it(house: House, sena: Caller) -> None:
    meeting = called(house)
    milo, path = as_(house.milo), f"/meetings/{meeting.pk}/answer"
    told = problem(milo("POST", path, {"answer": "declined"}), 422, "refused")
    assert "why" in told["detail"]
    problem(as_(house.ugo)("POST", path, {"answer": "accepted"}), 404, "not-found")
    given = {"answer": "declined", "reason": "I am travelling."}
    answered = milo.post(path, given, idempotency_key="no")
    assert milo.post(path, given, idempotency_key="no") == answered
    assert answered["invitation"] == given | {"why_not_answer": None}
    seen = sena.get(f"/meetings/{meeting.pk}")["attendance"]
    assert [one["answer"] for one in seen if one["name"] == "Milo Member"] == ["declined"]
    assert "travelling" not in str(seen)
    assert events("invitation.answered") == 1


def test_the_agenda_is_written_by_who_leads_the_meeting(house: House, sena: Caller) -> None:
    meeting = a_meeting(house)
    path = f"/meetings/{meeting.pk}"
    (ready,) = sena.get(f"{path}/ready")["items"]
    problem(as_(house.milo)("GET", f"{path}/ready"), 403, "forbidden")
    problem(as_(house.milo)("POST", f"{path}/agenda", {}), 403, "forbidden")
    filled = sena.post(f"{path}/agenda", {"keys": [ready["key"]]})
    assert [one["kind"] for one in filled["agenda"]] == ["review"]
    told = problem(sena("POST", f"{path}/agenda", {}), 422, "refused")
    assert "ready" in told["detail"]
    problem(sena("POST", f"{path}/items", {"title": " ", "minutes": 5}), 422, "refused")
    problem(sena("POST", f"{path}/items", {"title": "Rules", "minutes": 1441}), 422, "invalid")
    added = sena.post(f"{path}/items", {"title": "Rules", "minutes": 10})["agenda"]
    own = f"{path}/items/{added[1]['id']}"
    moved = sena.post(f"{own}/move", {"by": "up"})["agenda"]
    assert [one["title"] for one in moved] == ["Rules", added[0]["title"]]
    assert sena.put(own, {"title": "Rules again", "minutes": 15})["agenda"][0]["minutes"] == 15
    left = sena.post(f"{own}/removal", {"why": "Next time."})["agenda"]
    assert [one["kind"] for one in left] == ["review"]
    problem(sena("POST", f"{own}/removal", {}), 404, "not-found")
    other = a_meeting(house)
    problem(sena("POST", f"/meetings/{other.pk}/items/{added[0]['id']}/removal", {}), 404, "not-found")
    assert (events("agenda.filled"), events("agenda.item_added"), events("agenda.item_removed")) == (1, 1, 1)


def test_a_meeting_is_led_and_who_comes_and_goes_is_noted(house: House, sena: Caller) -> None:
    meeting = running(house, there=("chloe", "milo", "rex"))
    path = f"/meetings/{meeting.pk}"
    problem(sena("POST", f"{path}/start"), 409, "wrong-state")
    mara = f"{path}/attendance/{row_of(house, meeting, 'mara').pk}"
    problem(as_(house.milo)("POST", f"{mara}/arrival", {"how": "video"}), 403, "forbidden")
    problem(sena("POST", f"{mara}/departure", {}), 422, "refused")
    told = sena.post(f"{mara}/arrival", {"how": "video"})
    (row,) = (one for one in told["attendance"] if one["name"] == "Mara Member")
    assert (row["is_there"], row["stays"][0]["how"]) == (True, "video")
    assert (
        "there already"
        in problem(sena("POST", f"{mara}/arrival", {"how": "video"}), 422, "refused")["detail"]
    )
    problem(sena("POST", f"{mara}/departure", {"at": "2019-01-01T00:00:00Z"}), 422, "refused")
    item = f"{path}/items/{the_item(meeting).pk}"
    problem(sena("POST", f"{item}/end"), 409, "wrong-state")
    told = sena.post(f"{item}/beginning")
    assert told["agenda"][0]["state"] == "open"
    assert [one["is_there"] for one in told["attendance"] if one["name"] == "Rex Recused"] == [False]
    problem(as_(house.chloe)("POST", f"{item}/beginning"), 409, "wrong-state")
    told = sena.post(f"{item}/tabling", {"why": "An expert is missing."})
    assert told["agenda"][0]["state"] == "tabled"
    sena.post(f"{item}/beginning")
    told = sena.post(f"{item}/end")
    assert told["agenda"][0]["state"] == "done"
    told = sena.post(f"{mara}/departure", {})
    assert [one["is_there"] for one in told["attendance"] if one["name"] == "Mara Member"] == [False]
    assert events("attendance.came") == events("attendance.left") == 1
    assert AgendaItem.objects.get().state == "done"


def test_minutes_are_approved_in_the_version_that_was_read(house: House, sena: Caller) -> None:
    meeting = running(house)
    path = f"/meetings/{meeting.pk}/minutes"
    chloe, milo = as_(house.chloe), as_(house.milo)
    problem(milo("GET", path), 404, "not-found")
    close_meeting(actor=house.sena, meeting_id=meeting.pk, now=MEETS)
    circulate_minutes(actor=house.sena, meeting_id=meeting.pk, now=MEETS)
    read = milo.get(path)
    assert (read["state"], len(read["versions"])) == ("circulated", 1)
    assert read["items"][0]["content"] is not None
    assert as_(house.rex).get(path)["items"][0]["content"] is None
    assert {one["name"] for one in read["attendance"]} >= {"Mara Member"}
    given = {"sha256": read["sha256"]}
    told = problem(sena("POST", f"{path}/approval", given), 403, "forbidden")
    assert told["detail"] == sena.get(path)["why_not_approve"]
    problem(milo("POST", f"{path}/approval", given), 403, "forbidden")
    problem(chloe("POST", f"{path}/approval", {"sha256": "0" * 64}), 422, "refused")
    assert events("minutes.approved") == 0
    approved = chloe.post(f"{path}/approval", given, idempotency_key="yes")
    assert (approved["state"], approved["approved_by"]["id"]) == ("approved", house.chloe.pk)
    assert approved["record"] is not None
    assert events("minutes.approved") == 1
