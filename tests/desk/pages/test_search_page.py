"""The page of the search: what it shows of requests and of people, and that a number leads straight there."""

import re

import pytest
from django.test import Client

from accounts.services.profile import change_person
from tests.boardrooms import House, a_house, in_review
from tests.dossiers import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_house")]


@pytest.fixture
def house() -> House:
    return a_house()


def client_of(house: House, name: str) -> Client:
    client = Client()
    client.force_login(house.people[name])
    return client


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_what_is_found_is_marked_with_its_place_and_costs_few_queries(
    house: House, django_assert_max_num_queries: object
) -> None:
    request = in_review(house, answers={"need": "Small <models> miss the harbor pilots' dialect."})
    client = client_of(house, "milo")
    with django_assert_max_num_queries(15):  # type: ignore[operator]
        page = client.get("/search/", {"q": "dialect harbor"}).content.decode()
    assert "Small &lt;models&gt; miss the <mark>harbor</mark> pilots&#x27; <mark>dialect</mark>." in page
    assert re.search(rf'href="/requests/{request.reference}/#a[\d.]+"', page)
    assert "<mark>Harbor</mark>-7B" in page
    hidden = client_of(house, "ugo").get("/search/", {"q": "dialect"}).content.decode()
    assert "Nothing was found." in hidden
    assert request.reference not in hidden


def test_a_number_leads_straight_to_its_request_but_only_who_may_see_it(house: House) -> None:
    request = in_review(house)
    for query in (request.reference, request.reference.lower(), "2026-1", " imp 2026 / 0001 "):
        answer = client_of(house, "milo").get("/search/", {"q": query})
        assert answer["Location"] == f"/requests/{request.reference}/", query
    for query in (request.reference, "IMP-2026-9999"):
        answer = client_of(house, "ugo").get("/search/", {"q": query})
        assert answer.status_code == 200
        assert "Nothing was found." in answer.content.decode()


def test_everybody_finds_active_people_by_name_and_administrators_all_by_name_and_address(
    house: House,
) -> None:
    house.mara.is_active = False
    house.mara.save(update_fields=["is_active"])
    seen = words(client_of(house, "ugo").get("/search/", {"q": "member"}).content.decode())
    assert "Milo Member" in seen
    assert "Mara Member" not in seen
    assert "milo.member@" not in seen
    assert "Milo" not in words(
        client_of(house, "ugo").get("/search/", {"q": "milo.member@"}).content.decode()
    )
    page = client_of(house, "ada").get("/search/", {"q": "member@example", "kind": "people"}).content.decode()
    assert f'href="/people/{house.mara.pk}/"' in page
    assert "milo.member@example.org" in page


def test_a_name_that_was_erased_is_not_found_any_more(house: House) -> None:
    in_review(house)
    assert "Milo Member" in client_of(house, "lex").get("/search/", {"q": "milo"}).content.decode()
    change_person(
        actor=house.ada, person_id=house.milo.pk, values={"display_name": "Former member 3"}, now=NOW
    )
    found = client_of(house, "lex").get("/search/", {"q": "milo"}).content.decode()
    assert "Nothing was found." in found
    assert "Milo Member" not in found


def test_any_query_is_answered(house: House) -> None:
    client = client_of(house, "ravi")
    for query in ("", "%00", "x" * 9_000, '"&|!', "before=nonsense"):
        assert client.get(f"/search/?q={query}&kind={query}&before={query}").status_code == 200, query
