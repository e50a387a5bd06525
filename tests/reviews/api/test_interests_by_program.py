"""Interests, exemptions and doubts by calls: read by who may, judged by who leads, refused to everybody else."""

from typing import Any

import pytest
from django.utils import timezone

from reviews.models import Decision, Disclosure, ProcedureChange, Recusal
from reviews.rules.exemption import ExemptionGround
from reviews.services.disclosing import InterestDraft, disclose
from tests.boardrooms import POLICY, House, a_house, events, in_review
from tests.calling import as_, problem
from tests.reviews.api.conftest import with_second_factors

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]
YEARLY = {**POLICY, "declaration_months": 12}
ALL = [ground.value for ground in ExemptionGround]


@pytest.fixture
def house() -> House:
    return with_second_factors(a_house(YEARLY))


def test_interests_are_disclosed_all_at_once_and_read_by_who_leads_the_board(house: House) -> None:
    milo, path = as_(house.milo), "/me/interests"
    problem(as_(house.ugo)("GET", path), 403, "forbidden")
    problem(as_(house.ugo)("POST", path, {"none": True}), 403, "forbidden")
    before = milo.get(path)
    assert (before["last"], [one["board"] for one in before["asked"]]) == (None, ["ethics"])
    lines = [{"kind": "organisation", "name": "Harbour Data", "tie": "Shares since 2024"}]
    problem(milo("POST", path, {"interests": lines, "none": True}), 422, "refused")
    problem(milo("POST", path, {}), 422, "refused")
    problem(milo("POST", path, {"interests": [lines[0] | {"kind": "planet"}]}), 422, "invalid")
    assert not Disclosure.objects.exists()
    told = milo.post(path, {"interests": lines}, idempotency_key="interests")
    assert milo.post(path, {"interests": lines}, idempotency_key="interests") == told
    assert [(one["name"], one["tie"]) for one in told["last"]["interests"]] == [
        ("Harbour Data", "Shares since 2024")
    ]
    assert told["asked"][0]["state"] == "counts"
    board = "/boards/ethics/interests"
    for name in ("sena", "chloe"):
        items = as_(house.people[name]).get(board)["items"]
        assert [one["last"]["interests"][0]["name"] for one in items if one["last"]] == ["Harbour Data"]
    for name in ("milo", "ada"):
        told = problem(as_(house.people[name])("GET", board), 403, "forbidden")
        assert "Harbour Data" not in str(told)
    problem(as_(house.ugo)("GET", board), 404, "not-found")
    assert events("disclosure.made") == 1


def test_what_was_disclosed_is_judged_for_a_request_by_who_leads_its_board(house: House) -> None:
    request, now = in_review(house), timezone.now()
    drafts = [InterestDraft("person", "Ravi Requester", "We wrote a paper.")]
    disclose(actor=house.milo, interests=drafts, none=False, now=now)
    path = f"/requests/{request.reference}/interests"
    told = as_(house.milo).get(path)
    assert (told["hints"], told["why_not_declare"]) == ([], None)
    assert [one["person"]["name"] for one in told["recused"]] == ["Rex Recused"]
    assert as_(house.ravi).get(path)["recused"] == [], "who sees no deliberation isn't told who keeps out"
    problem(as_(house.ugo)("GET", path), 404, "not-found")
    sena = as_(house.sena)
    (hint,) = sena.get(path)["hints"]
    assert (hint["person"]["id"], hint["interest"]["name"]) == (house.milo.pk, "Ravi Requester")
    judge, verdict = (
        f"{path}/disclosed/{hint['interest']['id']}/judgement",
        {"is_conflict": True, "finding": "Close."},
    )
    problem(as_(house.mara)("POST", judge, verdict), 403, "forbidden")
    problem(as_(house.ugo)("POST", judge, verdict), 404, "not-found")
    problem(sena("POST", judge, verdict | {"finding": ""}), 422, "invalid")
    assert not Recusal.objects.filter(person=house.milo).exists()
    told = sena.post(judge, verdict)
    assert told["hints"] == []
    assert house.milo.pk in [one["person"]["id"] for one in told["recused"]]
    problem(sena("POST", judge, verdict), 409, "wrong-state")
    assert events("interest.judged") == 1


def test_nothing_to_declare_is_said_by_who_judges(house: House) -> None:
    path = f"/requests/{in_review(house).reference}/interests/nothing"
    problem(as_(house.ravi)("POST", path), 403, "forbidden")
    problem(as_(house.ugo)("POST", path), 404, "not-found")
    told = as_(house.lena)("POST", path).json()
    assert [one["id"] for one in told["nothing"]] == [house.lena.pk]
    assert events("interest.none_declared") == 1


def test_an_exempt_request_is_determined_by_a_member_with_every_ground(house: House) -> None:
    request = in_review(house, procedure="exempt")
    path = f"/requests/{request.reference}/boards/ethics/exemption"
    given: dict[str, Any] = {"grounds": ALL, "reason": "It stays inside."}
    for name in ("ravi", "sena", "rex"):
        problem(as_(house.people[name])("POST", path, given), 403, "forbidden")
    problem(as_(house.ugo)("POST", path, given), 404, "not-found")
    problem(as_(house.milo)("POST", path, given | {"grounds": ["because"]}), 422, "invalid")
    told = as_(house.milo)
    disclose(actor=house.milo, interests=[], none=True, now=timezone.now())
    problem(told("POST", path, given | {"grounds": ALL[:2]}), 422, "refused")
    assert not Decision.objects.filter(request=request).exists()
    assert told.post(path, given)["decision"]["status"] == "to_sign"
    assert events("request.exempted") == 1


def test_a_doubt_sends_a_request_to_a_stricter_procedure_only(house: House) -> None:
    request = in_review(house, procedure="expedited")
    path = f"/requests/{request.reference}/boards/ethics/doubt"
    given = {"procedure": "full", "reason": "It may name patients."}
    problem(as_(house.ravi)("POST", path, given), 403, "forbidden")
    problem(as_(house.ugo)("POST", path, given), 404, "not-found")
    problem(as_(house.milo)("POST", path, given | {"procedure": "expedited"}), 422, "refused")
    problem(as_(house.milo)("POST", path, given | {"procedure": "exempt"}), 422, "invalid")
    assert not ProcedureChange.objects.exists()
    assert as_(house.milo).post(path, given)["procedure"] == "full"
    problem(as_(house.milo)("POST", path, given), 409, "wrong-state")
    assert events("request.escalated") == 1
