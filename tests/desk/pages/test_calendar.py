"""The calendar of a person: what waits for them, what is planned, what their boards have to do, by a secret address."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from accounts.models import User
from accounts.services.calendar import end_calendar_key, make_calendar_key
from audit.models import Event
from compliance.services.about import Checked
from compliance.services.libraries import load_library
from compliance.services.occurrences import plan_occurrences
from compliance.services.schedules import Timing, create_schedule
from tests.boardrooms import House, a_ballot, a_house, in_review, vote
from tests.dossiers import NOW

LIBRARY = """
code: lamps
name: {en: Lamps, zh: 灯具}
source: Ours
controls:
  - {number: L1, title: {en: Lit, zh: 亮}, text: {en: It is lit., zh: 亮着。}, confidence: P}
"""
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr("desk.views.calendar.timezone.now", lambda: NOW)
    return a_house()


def entries(user: User, key: str) -> dict[str, Any]:
    answer = Client().get(f"/calendar/{key}.ics")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return {str(entry["summary"]): entry for entry in Calendar.from_ical(answer.content).walk("VEVENT")}


def test_a_member_sees_their_vote_and_the_dates_of_the_board(house: House) -> None:
    request = in_review(house)
    ballot = a_ballot(house, house.ethics_review(request))
    found = entries(house.milo, make_calendar_key(actor=house.milo, now=NOW))
    closing = found[f"Ethics board: end of the ballot, {request.reference}"]
    assert closing.decoded("dtend") == ballot.deadline
    assert f"Ethics board: end of the review, {request.reference}" in found
    (own,) = [title for title in found if title.startswith("Vote")]
    assert str(found[own]["url"]).startswith("http://testserver/requests/")
    vote(house, ballot, "milo", "for")
    assert own not in entries(house.milo, make_calendar_key(actor=house.milo, now=NOW))


def test_others_see_nothing_of_it_and_a_recused_member_nothing_of_the_request(house: House) -> None:
    request = in_review(house)
    a_ballot(house, house.ethics_review(request))
    for name in ("rex", "ugo", "ravi"):
        person = house.people[name]
        found = entries(person, make_calendar_key(actor=person, now=NOW))
        assert not [title for title in found if "board" in title], name


def test_a_planned_check_stands_there_for_owner_and_reviewer_in_their_language(house: House) -> None:
    load_library(content=LIBRARY.encode(), now=NOW)
    timing = Timing(
        rule="FREQ=MONTHLY;BYMONTHDAY=15",
        starts=datetime(2026, 1, 15, 9),  # noqa: DTZ001  (a wall time)
        owner=house.ravi,
        reviewer=house.lex,
    )
    checked = Checked(library_code="lamps")
    schedule = create_schedule(actor=house.sena, checked=checked, timing=timing, now=NOW)
    plan_occurrences(now=NOW, horizon=timedelta(days=40))
    User.objects.filter(pk=house.lex.pk).update(language="zh-hans")
    own = entries(house.ravi, make_calendar_key(actor=house.ravi, now=NOW))[schedule.title_en]
    assert str(own["description"]).startswith("Planned: you fill it in.")
    assert own.decoded("dtend") - own.decoded("dtstart") == timedelta(minutes=30)
    assert schedule.title_zh in entries(house.lex, make_calendar_key(actor=house.lex, now=NOW))
    assert schedule.title_en not in entries(house.milo, make_calendar_key(actor=house.milo, now=NOW))


def test_the_address_is_shown_once_and_a_new_one_or_its_end_stops_the_old_one(house: House) -> None:
    client = Client()
    client.force_login(house.milo)
    page = client.post(reverse("accounts:make_calendar"), follow=True).content.decode()
    key = page.split("http://testserver/calendar/")[1].split(".ics")[0]
    entries(house.milo, key)
    assert key not in client.get(reverse("accounts:me")).content.decode()
    house.milo.refresh_from_db()
    assert key not in house.milo.calendar_sha256
    newer = make_calendar_key(actor=house.milo, now=NOW)
    assert Client().get(f"/calendar/{key}.ics").status_code == 404
    end_calendar_key(actor=house.milo, now=NOW)
    assert Client().get(f"/calendar/{newer}.ics").status_code == 404
    assert Client().get("/calendar/.ics").status_code == 404
    assert Event.objects.filter(verb="person.calendar_made").count() == 2
    assert not [event for event in Event.objects.all() if key in str(event.leaf)]


def test_who_was_deactivated_has_no_calendar(house: House) -> None:
    key = make_calendar_key(actor=house.milo, now=NOW)
    User.objects.filter(pk=house.milo.pk).update(is_active=False)
    assert Client().get(f"/calendar/{key}.ics").status_code == 404
