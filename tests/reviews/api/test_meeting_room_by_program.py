"""A meeting led by calls to its minutes: ballots in the room, its end, what is written, and who approves it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from reviews.models import Ballot, Meeting, Minutes, MinutesPart, Papers, ReviewRequest
from reviews.services.meetings.minutes import circulate_minutes
from reviews.services.meetings.running import close_meeting
from reviews.services.papers import build
from reviews.services.papers_building import Built
from tests.boardrooms import House, a_ballot, a_motion, events
from tests.calling import Caller, as_, problem
from tests.meetingrooms import MEETS, called, row_of, running, the_item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]


def test_a_ballot_is_opened_in_the_room_tabled_with_it_and_put_again(house: House, sena: Caller) -> None:
    meeting = running(house, ("chloe", "milo", "lena", "rex"))
    item = the_item(meeting)
    assert item.review is not None
    motion = a_motion(house, item.review)
    path = f"/meetings/{meeting.pk}/items/{item.pk}"
    opening = f"{path}/motions/{motion.pk}/ballot"
    seen = sena.get(f"{path}/room")
    assert [one["id"] for one in seen["motions"]] == [motion.pk]
    assert (seen["quorum"]["present"], seen["quorum"]["needed"], seen["acts"]) == (3, 3, ["take_up"])
    for name in ("milo", "rex"):
        told = as_(house.people[name]).get(f"{path}/room")
        assert (told["motions"], told["acts"], told["sha256"]) == ([], [], "")
    assert as_(house.rex).get(f"{path}/room")["quorum"] is None, "who is recused isn't told how it stands"
    problem(as_(house.ugo)("GET", f"{path}/room"), 404, "not-found")
    assert "up first" in problem(sena("POST", opening), 422, "refused")["detail"]
    sena.post(f"{path}/beginning")
    problem(as_(house.milo)("POST", opening), 403, "forbidden")
    problem(sena("POST", f"{path}/motions/{motion.pk + 9}/ballot"), 404, "not-found")
    told = sena.post(opening, idempotency_key="open")
    assert sena.post(opening, idempotency_key="open") == told
    assert (told["ballot"], told["ballot_state"], told["motions"]) == (1, "open", [])
    assert set(told["waits_for"]) == {"Chloe Chair", "Milo Member", "Lena Lay"}
    row = row_of(house, meeting, "lena")
    sena.post(f"/meetings/{meeting.pk}/attendance/{row.pk}/departure", {})
    assert Ballot.objects.get().result == "tabled", "without quorum nothing is decided"
    told = sena.get(f"{path}/room")
    assert (told["tabled"], told["ballot_state"]) == ([1], "closed")
    again = f"{path}/ballots/1/again"
    problem(as_(house.milo)("POST", again), 403, "forbidden")
    problem(sena("POST", f"{path}/ballots/2/again"), 404, "not-found")
    told = sena.post(again)
    assert ([one["text"] for one in told["motions"]], told["tabled"]) == ([motion.text], [])
    problem(sena("POST", again), 422, "refused")
    assert (events("ballot.opened"), events("motion.put_again")) == (1, 1)


def test_a_meeting_is_closed_only_when_it_is_said_what_becomes_of_its_ballot(
    house: House, sena: Caller
) -> None:
    meeting = running(house)
    item = the_item(meeting)
    assert item.review is not None
    motion, path = a_motion(house, item.review), f"/meetings/{meeting.pk}"
    sena.post(f"{path}/items/{item.pk}/beginning")
    sena.post(f"{path}/items/{item.pk}/motions/{motion.pk}/ballot")
    problem(as_(house.milo)("POST", f"{path}/closing", {"open_ballots": "table"}), 403, "forbidden")
    assert "circulation" in problem(sena("POST", f"{path}/closing", {}), 422, "refused")["detail"]
    problem(sena("POST", f"{path}/closing", {"open_ballots": "forget"}), 422, "invalid")
    told = sena.post(f"{path}/closing", {"open_ballots": "circulate"})
    assert (told["state"], told["agenda"][0]["state"]) == ("closed", "carried")
    assert not any(one["is_there"] for one in told["attendance"])
    ballot = Ballot.objects.get()
    assert (ballot.state, ballot.meeting) == ("open", None)
    problem(sena("POST", f"{path}/closing", {}), 409, "wrong-state")
    assert events("meeting.closed") == 1


def test_votes_are_entered_and_attendance_noted_at_a_ballot_by_circulation(
    house: House, sena: Caller
) -> None:
    ballot = a_ballot(
        house, house.ethics_review(ReviewRequest.objects.get()), absent=("mara",), now=timezone.now()
    )
    path = f"/requests/{ballot.request.reference}/ballots/1"
    seen = sena.get(path)
    assert {one["person"]["name"]: one["present"] for one in seen["seats"]}["Mara Member"] is False
    assert seen["acts"] == ["attend", "close", "enter"]
    there = {"person": house.mara.pk, "present": True, "note": "By telephone."}
    vote = {"person": house.mara.pk, "position": "for", "reason": "She said so by telephone."}
    for act, body in (("attendance", there), ("entry", vote)):
        problem(as_(house.milo)("POST", f"{path}/{act}", body), 403, "forbidden")
        problem(as_(house.ugo)("POST", f"{path}/{act}", body), 404, "not-found")
    problem(sena("POST", f"{path}/entry", vote), 422, "refused")
    problem(sena("POST", f"{path}/attendance", {**there, "person": house.rex.pk}), 422, "refused")
    told = sena.post(f"{path}/attendance", there)
    assert "Mara Member" in told["outstanding"]
    told = sena.post(f"{path}/entry", vote, idempotency_key="entry")
    assert [(one["name"], one["entered_by"]) for one in told["votes"]] == [("Mara Member", "Sena Secretary")]
    assert (events("vote.entered"), events("vote.cast")) == (1, 0)


def minuted(house: House) -> str:
    """Return the address of a meeting that is over, whose minutes are being written."""
    meeting = running(house)
    close_meeting(actor=house.sena, meeting_id=meeting.pk, now=MEETS)
    return f"/meetings/{meeting.pk}"


def test_texts_of_minutes_are_written_and_no_writer_overwrites_another(house: House, sena: Caller) -> None:
    path = minuted(house)
    item = sena.get(f"{path}/minutes")["items"][0]["item"]
    opening, discussion = f"{path}/minutes/texts/opening", f"{path}/items/{item}/texts/discussion"
    said = {"text": "The chair thanked Lena."}
    for name, status, code in (("milo", 403, "forbidden"), ("ugo", 404, "not-found")):
        problem(as_(house.people[name])("PUT", opening, said), status, code)
    answer = sena("PUT", opening, said)
    assert (answer.status_code, answer["ETag"], answer.json()["version"]) == (200, '"1"', 1)
    assert sena.put(opening, said)["version"] == 1, "the same text again changes nothing"
    told = problem(as_(house.chloe)("PUT", opening, {"text": "Mine."}), 412, "stale")
    assert told["present"] == {"text": said["text"], "version": 1}
    assert as_(house.chloe).put(opening, {"text": "Both."}, if_match='"1"')["version"] == 2
    assert sena.put(discussion, {"text": "Whether laymen tested it."}, if_match="*")["item"] == item
    problem(sena("PUT", f"{path}/minutes/texts/discussion", said), 404, "not-found")
    problem(sena("PUT", f"{path}/items/{item}/texts/opening", said), 404, "not-found")
    problem(sena("PUT", f"{path}/items/{item + 9}/texts/basis", said), 404, "not-found")
    problem(sena("PUT", f"{path}/items/{item}/texts/basis", said, if_match='"7"'), 412, "stale")
    texts = {one["kind"]: one["text"] for one in sena.get(f"{path}/minutes")["texts"]}
    assert texts == {
        "opening": "Both.", "discussion": "Whether laymen tested it.", "basis": "", "closing": "",
    }  # fmt: skip
    assert events("minutes.written") == MinutesPart.objects.count() + 1 == 3


def test_minutes_are_circulated_taken_back_and_circulated_with_what_changed(
    house: House, sena: Caller
) -> None:
    path = f"{minuted(house)}/minutes"
    milo = as_(house.milo)
    problem(milo("POST", f"{path}/circulation", {}), 403, "forbidden")
    problem(milo("GET", path), 404, "not-found")
    assert sena.get(path)["acts"] == ["circulate"]
    told = sena.post(f"{path}/circulation", {}, idempotency_key="one")
    assert (told["state"], told["acts"], told["texts"]) == ("circulated", ["correct"], [])
    assert milo.get(path)["acts"] == []
    problem(sena("PUT", f"{path}/texts/opening", {"text": "More."}), 422, "refused")
    problem(milo("POST", f"{path}/correction", {"reason": "I said more."}), 403, "forbidden")
    problem(sena("POST", f"{path}/correction", {"reason": ""}), 422, "refused")
    assert sena.post(f"{path}/correction", {"reason": "Milo said more."})["state"] == "writing"
    sena.put(f"{path}/texts/opening", {"text": "A draft in secret."}, if_match='"0"')
    assert "in secret" not in str(milo.get(path))
    problem(sena("POST", f"{path}/circulation", {}), 422, "refused")
    told = sena.post(f"{path}/circulation", {"why": "What Milo said."})
    assert [one["why"] for one in told["versions"]] == ["What Milo said.", ""]
    assert "in secret" in str(milo.get(path))
    assert (events("minutes.circulated"), events("minutes.taken_back")) == (2, 1)


def test_the_next_meeting_approves_earlier_minutes_at_an_item_of_its_agenda(
    house: House, sena: Caller
) -> None:
    earlier = running(house)
    close_meeting(actor=house.sena, meeting_id=earlier.pk, now=MEETS)
    version = circulate_minutes(actor=house.sena, meeting_id=earlier.pk, now=MEETS)
    starts = timezone.now() + timedelta(hours=1)
    Meeting.objects.filter(pk=earlier.pk).update(
        starts_at=starts - timedelta(days=2), ends_at=starts - timedelta(days=1)
    )
    ends = starts + timedelta(hours=1)
    planned: dict[str, Any] = {
        "starts_at": starts.isoformat(), "ends_at": ends.isoformat(), "zone": "UTC", "place": "Room 4",
    }  # fmt: skip
    path = f"/meetings/{sena.post('/boards/ethics/meetings', planned)['id']}"
    sena.post(f"{path}/agenda", {"keys": [f"minutes:{earlier.pk}"]})
    sena.post(f"{path}/call", {})
    item = f"{path}/items/{sena.get(path)['agenda'][0]['id']}"
    given, chloe = {"sha256": version.sha256}, as_(house.chloe)
    problem(chloe("POST", f"{item}/approval", given), 409, "wrong-state")
    sena.post(f"{path}/start")
    told = sena.post(f"{item}/beginning")
    assert told["agenda"][0]["state"] == "open"
    seen = chloe.get(f"{item}/room")
    assert (seen["approves"], seen["sha256"], seen["quorum"]) == (earlier.pk, version.sha256, None)
    problem(as_(house.milo)("POST", f"{item}/approval", given), 403, "forbidden")
    assert as_(house.milo).get(f"{item}/room")["sha256"] == ""
    problem(sena("POST", f"{item}/approval", given), 403, "forbidden")
    problem(chloe("POST", f"{item}/approval", {"sha256": "0" * 64}), 422, "refused")
    chloe.post(f"{item}/approval", given, idempotency_key="approve")
    minutes = Minutes.objects.get(meeting=earlier)
    assert (minutes.state, minutes.approved_in_id) == ("approved", int(path.rsplit("/", 1)[1]))
    problem(chloe("POST", f"{item}/approval", given), 422, "refused")
    assert events("minutes.approved") == 1


def test_papers_are_asked_for_followed_and_taken_by_the_board_alone(
    house: House, sena: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "reviews.services.papers_building.build", lambda _papers, _now: Built(b"%PDF-1.7", 12, [])
    )
    meeting = called(house)
    path, milo = f"/meetings/{meeting.pk}/papers", as_(house.milo)
    assert {(one["language"], one["id"]) for one in milo.get(path)["items"]} == {
        ("en", None), ("zh-hans", None),
    }  # fmt: skip
    problem(as_(house.ugo)("GET", path), 404, "not-found")
    problem(milo("POST", path, {"language": "fr"}), 422, "invalid")
    told = milo.post(path, {"language": "en"}, idempotency_key="papers")
    papers = Papers.objects.get()
    assert (told["items"][0]["id"], told["items"][0]["state"]) == (papers.pk, "building")
    file = f"{path}/{papers.pk}/file"
    problem(milo("GET", file), 422, "refused")
    build(papers_id=papers.pk, now=timezone.now())
    answer = milo("GET", file)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.getvalue() == b"%PDF-1.7"
    assert sena.get(path)["items"][0]["pages"] == 12, "once for all readers of a kind"
    rex = as_(house.rex).get(path)
    assert ([one["id"] for one in rex["items"]], rex["left_out"]) == ([None, None], 1)
    problem(as_(house.rex)("GET", file), 404, "not-found")
    problem(milo("GET", f"/meetings/{meeting.pk + 9}/papers/{papers.pk}/file"), 404, "not-found")
    assert (events("papers.asked"), events("papers.taken")) == (1, 1)
