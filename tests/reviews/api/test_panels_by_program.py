"""Panels by calls: the secretary sees who can sit and who can't, forms the panel, and nobody else does."""

from typing import Any

import pytest

from audit.models import Event
from reviews.models import Appeal, Board, Seat
from tests.boardrooms import House, in_review
from tests.calling import Caller, as_, problem
from tests.dossiers import NOW
from tests.panels import an_appeal, outsiders, panelists, rejected

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_house")]


def test_an_appeal_is_read_and_its_panel_formed_of_people_who_took_no_part(
    house: House, sena: Caller
) -> None:
    request = rejected(house).request
    an_appeal(house, request, now=NOW)
    people = panelists()
    path = f"/requests/{request.reference}/appeals/1"
    told = as_(house.ravi).get(path)
    assert (told["state"], told["against"], told["board"], told["seats"]) == ("filed", "decision", None, [])
    assert "secretary" in told["why_not_form"]
    problem(as_(house.ugo)("GET", path), 404, "not-found")
    problem(as_(house.rex)("GET", path), 403, "forbidden")
    problem(sena("GET", f"/requests/{request.reference}/appeals/9"), 404, "not-found")
    given: dict[str, Any] = {
        "people": [{"person": one.pk, "attributes": ["lay"]} for one in people],
        "chair": people[0].pk,
    }
    for name in ("ravi", "milo"):
        caller = as_(house.people[name])
        refused = problem(caller("POST", f"{path}/panel", given), 403, "forbidden")
        looked = problem(caller("GET", f"{path}/panel/candidates"), 403, "forbidden")
        assert looked["detail"] == refused["detail"]
    asked = sena.get(f"{path}/panel/candidates")
    free = {one["person"]["id"] for one in asked["free"]}
    assert {one.pk for one in people} <= free
    kept_out = {one["person"]["id"]: one["why_not"] for one in asked["kept_out"]}
    assert kept_out[house.milo.pk]
    assert house.milo.pk not in free
    assert (asked["purpose"], asked["minimum"], asked["why_not_form"]) == ("appeal", 3, None)
    voted = {"people": [*given["people"][:2], {"person": house.milo.pk}], "chair": people[0].pk}
    told = problem(sena("POST", f"{path}/panel", voted), 422, "refused")
    assert "Milo Member" in told["detail"]
    assert not Seat.objects.filter(board__purpose="appeal").exists()
    formed = sena.post(f"{path}/panel", given, idempotency_key="panel")
    assert sena.post(f"{path}/panel", given, idempotency_key="panel") == formed
    assert formed["state"] == "in_review"
    told = as_(house.ravi).get(path)
    panel = Board.objects.get(purpose="appeal")
    assert (told["state"], told["board"], told["formed_at"] is None) == ("heard", panel.slug, False)
    assert {seat["person"]["id"] for seat in told["seats"]} == {one.pk for one in people}
    assert Event.objects.filter(verb="panel.formed").count() == 1
    problem(sena("POST", f"{path}/panel", given), 409, "wrong-state")
    assert Appeal.objects.get().panel == panel


def test_experts_from_outside_are_chosen_beside_the_boards(house: House, sena: Caller) -> None:
    request = in_review(house, procedure="expert")
    path, people = f"/requests/{request.reference}/panel", outsiders()
    problem(as_(house.milo)("GET", f"{path}/candidates"), 403, "forbidden")
    problem(as_(house.ugo)("GET", f"{path}/candidates"), 404, "not-found")
    asked = sena.get(f"{path}/candidates?q=expert")
    assert {one["person"]["id"] for one in asked["free"]} == {one.pk for one in people}
    assert asked["board"] == "ethics"
    assert asked["in_words"]
    few = {"people": [{"person": people[0].pk}], "chair": people[0].pk}
    assert "people" in problem(sena("POST", path, few), 422, "refused")["detail"]
    problem(sena("POST", path, {"people": [], "chair": people[0].pk}), 422, "invalid")
    stranger = {"people": [{"person": one.pk} for one in people], "chair": house.ugo.pk}
    problem(sena("POST", path, stranger), 422, "refused")
    assert not Board.objects.filter(purpose="experts").exists()
    given = {"people": [{"person": one.pk} for one in people], "chair": people[0].pk}
    boards = sena.post(path, given)["boards"]
    panel = Board.objects.get(purpose="experts")
    assert panel.slug in {one["board"] for one in boards}
    assert Seat.objects.get(board=panel, role="chair").person == people[0]
    problem(sena("POST", path, given), 409, "wrong-state")
