"""My work with everything that the apps really register: what waits, what waits for others, what was decided."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from tests.boardrooms import House, a_ballot, a_house, approved, in_review
from tests.desk.conftest import browser
from tests.dossiers import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    """The cast with their boards, a day after the work of these tests."""
    monkeypatch.setattr("desk.views.my_work.timezone.now", lambda: NOW + timedelta(days=1))
    return a_house()


def beside(person: User) -> str:
    return browser(person).get("/around").content.decode()


def test_who_still_has_to_vote_sees_it_as_their_work_and_others_see_who_holds_it(house: House) -> None:
    request = in_review(house)
    a_ballot(house, house.ethics_review(request))
    page = browser(house.milo).get("/").content.decode()
    assert "One thing waits for you" in page
    assert f"/requests/{request.reference}/" in page
    assert "Nothing waits for you" in browser(house.ravi).get("/").content.decode()
    shown = browser(house.ravi).get("/with-others").content.decode()
    assert str(request.version) in shown
    assert "Decided" not in beside(house.ravi)


def test_what_was_decided_is_there_for_two_weeks_and_not_for_outsiders(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = in_review(house)
    approved(house, request)
    shown = beside(house.ravi)
    assert "Decided in the last two weeks" in shown
    assert "Approved" in shown
    assert str(request.version) not in beside(house.ugo)
    monkeypatch.setattr("desk.views.my_work.timezone.now", lambda: NOW + timedelta(days=30))
    assert "Decided in the last two weeks" not in beside(house.ravi)


@pytest.mark.parametrize("name", ["milo", "sena", "ugo"])
def test_the_part_has_few_queries_for_everybody(
    house: House, django_assert_max_num_queries: DjangoAssertNumQueries, name: str
) -> None:
    in_review(house)
    client = browser(house.people[name])
    with django_assert_max_num_queries(15):
        assert client.get("/around").status_code == 200


def test_a_visitor_is_sent_to_sign_in(client: Client) -> None:
    assert client.get("/around").status_code == 302
