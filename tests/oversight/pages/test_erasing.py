"""Pages of erasures: the list, a person, single values of an event."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from audit.models import Disclosure, Event
from oversight.erasing import Part
from tests.oversight.conftest import Audited
from tests.proofs import accept_one_proof

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_reviews")]

SIGNED = {"reason": "On request.", "password": "secret", "code": "123456"}
Budget = Callable[[int], AbstractContextManager[None]]


@pytest.fixture(autouse=True)
def _proof(monkeypatch: pytest.MonkeyPatch) -> None:
    accept_one_proof(monkeypatch)


def test_an_administrator_finds_a_person_sees_what_is_there_and_erases_it(
    client: Client, audited: Audited, django_assert_max_num_queries: Budget
) -> None:
    house = audited.house
    client.force_login(house.ada)
    url = f"/log/erasures/people/{house.ravi.pk}/"
    assert url in client.get("/log/erasures/", {"name": "ravi"}).content.decode()
    with django_assert_max_num_queries(15):
        page = client.get(url).content.decode()
    for sentence in (
        "What stays",
        "Sealed records, as they were signed",
        "The account is active",
        "The name:",
    ):
        assert sentence in page
    response = client.post(url, SIGNED | {"parts": [Part.NAME]})
    assert (response.status_code, response["Location"]) == (302, url)
    assert not Disclosure.objects.filter(event__actor=str(house.ravi.pseudonym), path="actor").exists()
    listed = client.get("/log/erasures/").content.decode()
    assert "On request." in listed
    assert "Ada Admin" in listed
    story = client.get("/log/", {"object": audited.request.reference}).content.decode()
    assert "name erased on" in story
    assert "Ravi Requester" not in story


def test_a_form_without_a_choice_or_a_reason_says_so_and_erases_nothing(
    client: Client, audited: Audited
) -> None:
    client.force_login(audited.house.ada)
    before = Disclosure.objects.count()
    for given in (SIGNED, SIGNED | {"parts": [Part.NAME], "reason": ""}, {}):
        response = client.post(f"/log/erasures/people/{audited.house.ravi.pk}/", given)
        assert response.status_code == 422
        assert b"Nothing was saved" in response.content
    assert Disclosure.objects.count() == before


def test_single_values_are_erased_on_the_page_of_their_event(client: Client, audited: Audited) -> None:
    event = Event.objects.get(verb="request.submitted", object_id=str(audited.request.pk))
    client.force_login(audited.house.ada)
    url = f"/log/{event.pk}/erase"
    assert "Ravi Requester" in client.get(url).content.decode()
    assert client.post(url, SIGNED).status_code == 422
    response = client.post(url, SIGNED | {"paths": ["actor"]})
    assert (response.status_code, response["Location"]) == (302, f"/log/{event.pk}/")
    assert "name erased on" in client.get(f"/log/{event.pk}/").content.decode()
    assert "No personal value of this event is left." in client.get(url).content.decode()


def test_auditors_see_what_was_erased_in_their_sight_and_erase_nothing(
    client: Client, audited: Audited, aude: User, basil: User
) -> None:
    event = Event.objects.get(verb="request.submitted", object_id=str(audited.request.pk))
    other = Event.objects.filter(project=str(audited.other.pk), disclosures__path="actor").latest("id")
    client.force_login(audited.house.ada)
    for one, reason in ((event, "Seen by Aude."), (other, "Not seen by her.")):
        client.post(f"/log/{one.pk}/erase", SIGNED | {"paths": ["actor"], "reason": reason})
    client.force_login(aude)
    page = client.get("/log/erasures/").content.decode()
    assert "Seen by Aude." in page
    assert "Not seen by her." not in page
    assert "Erase a person" not in page
    before = Disclosure.objects.count()
    for url in (f"/log/{event.pk}/erase", f"/log/erasures/people/{audited.house.ravi.pk}/"):
        assert client.get(url).status_code == 404
        assert client.post(url, SIGNED | {"paths": ["actor"], "parts": [Part.NAME]}).status_code == 404
    assert Disclosure.objects.filter(event=event).count() <= before


def test_names_go_out_only_when_they_are_asked_for_with_a_reason(client: Client, audited: Audited) -> None:
    client.force_login(audited.house.ada)
    asked: dict[str, Any] = {"format": "csv", "object": audited.request.reference}

    def taken(**given: str) -> str:
        response = client.post("/log/export", asked | given)
        assert response.status_code == 200
        return b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]  # it streams

    assert "Ravi Requester" not in taken()
    assert str(audited.house.ravi.pseudonym) in taken()
    assert "Ravi Requester" in taken(named="yes", reason="Interviews.")
    before = Event.objects.count()
    refused = client.post("/log/export", asked | {"named": "yes"})
    assert refused["Location"] == f"/log/?object={audited.request.reference}"
    assert Event.objects.count() == before
