"""Meetings planned by calls: one by one and in series, called, moved, cancelled, and their guests."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from reminders.models import Message
from reviews.models import Meeting, MeetingSeries
from tests.boardrooms import House, events
from tests.calling import Caller, as_, problem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_house")]
PLACE = "Room 4.02 and video"


def session(days: int = 9, minutes: int = 90, **more: Any) -> dict[str, Any]:
    """Return a session so many days ahead."""
    starts = (timezone.now() + timedelta(days=days)).replace(microsecond=0)
    ends = starts + timedelta(minutes=minutes)
    said = {"starts_at": starts.isoformat(), "ends_at": ends.isoformat()}
    return {**said, "zone": "Europe/Berlin", "place": PLACE, **more}


def rhythm(**more: Any) -> dict[str, Any]:
    first = timezone.now().date() + timedelta(days=7)
    return {
        "rule": "FREQ=WEEKLY", "first_on": first.isoformat(), "clock": "10:00", "zone": "Europe/Berlin",
        "days_off": "keep", "place": PLACE, **more,
    }  # fmt: skip


def planned(sena: Caller, **more: Any) -> str:
    """Return the address of a planned meeting with an item of its own."""
    path = f"/meetings/{sena.post('/boards/ethics/meetings', session(**more))['id']}"
    sena.post(f"{path}/items", {"title": "Rules of procedure", "minutes": 10})
    return path


def test_who_leads_a_board_plans_its_meetings_and_nobody_else(house: House, sena: Caller) -> None:
    path = "/boards/ethics/meetings"
    problem(as_(house.milo)("POST", path, session()), 403, "forbidden")
    problem(as_(house.ugo)("POST", path, session()), 404, "not-found")
    problem(sena("POST", path, session(days=-1)), 422, "refused")
    problem(sena("POST", path, session(minutes=4)), 422, "refused")
    told = problem(sena("POST", path, session(zone="Europe/Atlantis")), 422, "invalid")
    assert told["errors"][0]["pointer"] == "#/zone"
    told = problem(sena("POST", path, session(video="javascript:alert(1)")), 422, "invalid")
    assert told["errors"][0]["pointer"] == "#/video"
    assert not Meeting.objects.exists()
    made = sena.post(path, session(), idempotency_key="plan")
    assert sena.post(path, session(), idempotency_key="other")["id"] != made["id"]
    assert (made["state"], made["number"], made["place"]) == ("planned", None, PLACE)
    assert (made["attendance"], made["called_at"]) == ([], None)
    assert as_(house.chloe).post(path, session())["state"] == "planned"
    assert events("meeting.planned") == 3


def test_a_meeting_is_called_with_its_agenda_moved_and_cancelled(house: House, sena: Caller) -> None:
    path = f"/meetings/{sena.post('/boards/ethics/meetings', session())['id']}"
    assert "empty" in problem(sena("POST", f"{path}/call", {}), 422, "refused")["detail"]
    sena.post(f"{path}/items", {"title": "Rules of procedure", "minutes": 10})
    milo = as_(house.milo)
    problem(milo("POST", f"{path}/call", {}), 403, "forbidden")
    told = sena.post(f"{path}/call", {}, idempotency_key="call")
    assert sena.post(f"{path}/call", {}, idempotency_key="call") == told
    assert (told["state"], told["number"], told["differs_from_sent"]) == ("called", 1, False)
    assert Message.objects.filter(person=house.milo, kind="meeting.invitation").count() == 1
    problem(sena("POST", f"{path}/call", {}), 422, "refused")
    sena.post(f"{path}/items", {"title": "Dates", "minutes": 5})
    assert milo.get(path)["differs_from_sent"]
    assert not sena.post(f"{path}/call", {"why": "Dates were added."})["differs_from_sent"]
    milo.post(f"{path}/answer", {"answer": "accepted"})
    moved = session(days=10)
    assert "why" in problem(sena("PUT", f"{path}/session", moved), 422, "refused")["detail"]
    problem(milo("PUT", f"{path}/session", {**moved, "reason": "I can't."}), 403, "forbidden")
    sena.put(f"{path}/session", {**moved, "reason": "The room is taken."})
    assert milo.get(path)["invitation"]["answer"] == "", "who accepted is asked again"
    problem(milo("POST", f"{path}/cancellation", {"reason": "Too few."}), 403, "forbidden")
    problem(sena("POST", f"{path}/cancellation", {"reason": " "}), 422, "refused")
    told = sena.post(f"{path}/cancellation", {"reason": "Too few can come."})
    assert (told["state"], told["why_cancelled"]) == ("cancelled", "Too few can come.")
    problem(sena("POST", f"{path}/cancellation", {"reason": "Again."}), 409, "wrong-state")
    problem(sena("PUT", f"{path}/session", {**moved, "reason": "Once more."}), 409, "wrong-state")
    assert [events(f"meeting.{verb}") for verb in ("called", "sent_again", "cancelled")] == [1, 2, 1]


def test_a_planned_meeting_moves_without_a_word_to_anybody(house: House, sena: Caller) -> None:
    path = planned(sena)
    moved = session(days=12)
    told = sena.put(f"{path}/session", moved)
    assert sena.put(f"{path}/session", moved) == told
    assert events("meeting.moved") == 1
    assert not Message.objects.filter(kind="meeting.invitation").exists()


def test_guests_are_asked_for_an_item_and_see_no_more_than_that(house: House, sena: Caller) -> None:
    path = planned(sena)
    sena.post(f"{path}/items", {"title": "Salaries", "minutes": 5})
    item = sena.get(path)["agenda"][0]["id"]
    ugo = as_(house.ugo)
    given = {"person": house.ugo.pk, "item": item, "expert": True}
    problem(as_(house.milo)("POST", f"{path}/guests", given), 403, "forbidden")
    problem(sena("POST", f"{path}/guests", {}), 422, "refused")
    problem(sena("POST", f"{path}/guests", {"person": 2**40, "name": "Li"}), 422, "refused")
    problem(sena("POST", f"{path}/guests", {**given, "item": 2**40}), 404, "not-found")
    sena.post(f"{path}/guests", {"name": "Li Kexin", "affiliation": "Safety institute"})
    rows = sena.post(f"{path}/guests", given)["attendance"]
    assert [(one["name"], one["part"]) for one in rows] == [
        ("Li Kexin", "guest"),
        ("Ugo Outsider", "expert"),
    ]
    problem(sena("POST", f"{path}/guests", given), 422, "refused")
    problem(ugo("GET", path), 404, "not-found")
    sena.post(f"{path}/call", {})
    seen = ugo.get(path)
    assert ([one["title"] for one in seen["agenda"]], seen["attendance"]) == (["Rules of procedure"], [])
    problem(ugo("POST", f"{path}/guests", {"name": "A friend"}), 403, "forbidden")
    row = rows[1]["id"]
    told = sena.post(f"{path}/guests/{row}/removal")
    assert "Ugo Outsider" not in [one["name"] for one in told["attendance"]]
    problem(ugo("GET", path), 404, "not-found")
    problem(sena("POST", f"{path}/guests/{row}/removal"), 422, "refused")
    assert (events("guest.invited"), events("guest.uninvited")) == (2, 1)


def test_a_series_is_made_changed_from_a_day_on_and_ended(house: House, sena: Caller) -> None:
    path, milo = "/boards/ethics/meeting-series", as_(house.milo)
    problem(milo("POST", path, rhythm()), 403, "forbidden")
    problem(as_(house.ugo)("POST", path, rhythm()), 404, "not-found")
    problem(sena("POST", path, rhythm(rule="FREQ=MONTHLY;BYMONTHDAY=31")), 422, "refused")
    problem(sena("POST", path, rhythm(rule="FREQ=HOURLY")), 422, "refused")
    problem(sena("POST", path, rhythm(clock="24:00")), 422, "invalid")
    made = sena.post(path, rhythm(), idempotency_key="series")
    assert sena.post(path, rhythm(), idempotency_key="series") == made
    count = Meeting.objects.count()
    assert count > 2
    assert [one["id"] for one in sena.get("/meeting-series?board=ethics")["items"]] == [made["id"]]
    assert sena.get("/meeting-series?board=safety")["items"] == milo.get("/meeting-series")["items"] == []
    first = sena.get("/meetings")["items"][-1]["id"]
    assert sena.get(f"/meetings/{first}")["series"] == made["id"]
    assert milo.get(f"/meetings/{first}")["series"] is None
    own = f"/meeting-series/{made['id']}"
    for method, act in (("GET", ""), ("POST", "/end"), ("POST", "/change")):
        body = {"since": "2030-01-01", "reason": "x", **(rhythm() if act == "/change" else {})}
        problem(milo(method, f"{own}{act}", body if act else None), 404, "not-found")
    since = (timezone.now().date() + timedelta(days=10)).isoformat()
    later = (timezone.now().date() + timedelta(days=14)).isoformat()
    change = rhythm(since=since, reason="Later in the day.", clock="14:30", first_on=later)
    problem(sena("POST", f"{own}/change", {**change, "first_on": rhythm()["first_on"]}), 422, "refused")
    problem(sena("POST", f"{own}/change", {**change, "reason": " "}), 422, "refused")
    new = sena.post(f"{own}/change", change, idempotency_key="change")
    assert (new["follows"], new["starts"][-5:]) == (made["id"], "14:30")
    told = problem(sena("POST", f"{own}/change", change), 422, "refused")
    assert "follows" in told["detail"]
    told = problem(sena("POST", f"{own}/end", {"since": "2040-01-01", "reason": "x"}), 422, "refused")
    assert "earlier" in told["detail"]
    ended = sena.post(f"/meeting-series/{new['id']}/end", {"since": since, "reason": "Enough."})
    assert ended["ends_at"] is not None
    assert Meeting.objects.filter(series=new["id"]).count() == 0
    assert Meeting.objects.count() == 1, "the one before the day stays"
    assert [events(f"meeting_series.{verb}") for verb in ("made", "changed", "ended")] == [1, 1, 1]
    assert MeetingSeries.objects.count() == 2
