"""Pages of panels and appeals: what is told, who finds them, what a form does."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from registry.models import ModelVersion
from reviews.models import Appeal, Board, ReviewRequest
from tests.boardrooms import House, a_house, approved, in_review
from tests.dossiers import NOW, a_version
from tests.panels import an_appeal, outsiders, rejected
from tests.reviews.pages.visits import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_house", "_today")]


@pytest.fixture
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(hours=1))


@pytest.fixture
def house() -> House:
    return a_house()


def page(house: House, name: str, request: ReviewRequest, part: str = "", status: int = 200) -> str:
    response = client_of(house, name).get(f"/requests/{request.reference}/{part}")
    assert response.status_code == status
    return str(response.content.decode())


def test_a_provisional_approval_and_its_full_review_name_each_other(house: House) -> None:
    request = in_review(house, procedure="emergency")
    approved(house, request)
    child = ReviewRequest.objects.get(amends=request)
    shown = page(house, "ravi", request)
    assert "Provisional" in shown
    assert f'href="/requests/{child.reference}/"' in shown
    other = page(house, "milo", child)
    assert "full review of" in other
    assert f'href="/requests/{request.reference}/"' in other
    assert "Provisional" not in page(house, "ravi", in_review(house, version=another(house)))


def another(house: House) -> ModelVersion:
    return a_version(house.ravi, number="9.1")


def test_the_requester_appeals_and_the_secretary_forms_the_panel_in_the_browser(
    house: House, django_assert_max_num_queries: Any
) -> None:
    request = rejected(house).request
    assert f"/requests/{request.reference}/appeal/" in page(house, "ravi", request)
    assert f"/requests/{request.reference}/appeal/" not in page(house, "sena", request)
    ravi, sena = client_of(house, "ravi"), client_of(house, "sena")
    address = f"/requests/{request.reference}/appeal/"
    assert ravi.post(address, {"grounds": " "}).status_code == 422
    assert not Appeal.objects.exists()
    sent = ravi.post(address, {"grounds": "The risk was read wrongly."})
    assert (sent.status_code, sent["Location"]) == (302, f"/requests/{request.reference}/appeals/1/")
    assert "The risk was read wrongly." in page(house, "milo", request, "appeals/1/")
    form = f"/requests/{request.reference}/appeals/1/panel/"
    assert form in page(house, "sena", request)
    people = outsiders(3)
    house.boards["safety"].seats.create(
        person=people[0], role="member", attributes=["lay"], since=NOW, until=NOW
    )
    with django_assert_max_num_queries(15):
        shown = sena.get(f"{form}?q=expert").content.decode()
    assert "Eva Expert" in shown
    assert f'value="{house.milo.pk}"' not in shown
    assert "voted on this request, or entered a vote." in shown
    said = {"people": [one.pk for one in people], "chair": people[1].pk}
    assert form_again(sena, form, {"people": [people[0].pk], "chair": people[0].pk}) == 422
    assert sena.post(f"{form}?q=expert", said).status_code == 302
    panel = Board.objects.get(purpose="appeal")
    assert panel.seats.get(role="chair").person == people[1]
    assert panel.name in page(house, "ravi", request, "appeals/1/")
    assert panel.name not in client_of(house, "sena").get("/boards/").content.decode()


def form_again(client: Client, address: str, said: dict[str, Any]) -> int:
    response = client.post(f"{address}?q=expert", said)
    assert "needs 3 people" in response.content.decode()
    return response.status_code


def test_who_is_recused_sees_that_there_is_an_appeal_and_not_how_it_stands(house: House) -> None:
    appeal = an_appeal(house, rejected(house).request)
    address = f"/requests/{appeal.request.reference}/appeals/{appeal.number}/"
    assert address in page(house, "milo", appeal.request)
    shown = page(house, "rex", appeal.request)
    assert f"Appeal {appeal.number}, filed" in shown
    assert address not in shown, "it leads only where one may go"


def test_the_panel_of_experts_is_asked_for_on_the_page_until_it_is_formed(
    house: House, django_assert_max_num_queries: Any
) -> None:
    request = in_review(house, procedure="expert")
    form = f"/requests/{request.reference}/panel/"
    assert form in page(house, "sena", request)
    assert "still to be formed" in page(house, "milo", request)
    assert form not in page(house, "milo", request)
    people = outsiders()
    sena = client_of(house, "sena")
    with django_assert_max_num_queries(15):
        shown = sena.get(f"{form}?q=e").content.decode()
    assert "2/3 of all" in shown
    assert "sits on a board that reviews this request" in shown
    sent = sena.post(f"{form}?q=expert", {"people": [one.pk for one in people], "chair": people[0].pk})
    assert sent.status_code == 302
    shown = page(house, "milo", request)
    assert "still to be formed" not in shown
    assert Board.objects.get(purpose="experts").name in shown
    panel = f"/boards/{Board.objects.get(purpose='experts').slug}/"
    assert (
        request.reference in client_of(house, "milo").get(f"/requests/{request.reference}/").content.decode()
    )
    told = {name: client_of(house, name).get(panel).status_code for name in ("sena", "ada", "rita", "ugo")}
    assert told == {"sena": 200, "ada": 200, "rita": 404, "ugo": 404}


def test_who_doesn_t_form_panels_is_sent_away_and_too_late_is_told_with_the_date(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = rejected(house).request
    an_appeal(house, request)
    page(house, "milo", request, "appeals/1/panel/", status=403)
    page(house, "ugo", request, "appeals/1/", status=404)
    page(house, "rex", request, "appeals/1/", status=403)
    page(house, "milo", request, "appeal/", status=403)
    page(house, "ravi", request, "appeals/2/", status=404)
    other = rejected_again(house)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(days=40))
    assert "ended on" in page(house, "ravi", other, "appeal/")


def rejected_again(house: House) -> ReviewRequest:
    from tests.boardrooms import decided  # noqa: PLC0415

    return decided(house, in_review(house, version=another(house)), "reject").request
