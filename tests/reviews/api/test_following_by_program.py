"""What follows an approval, by calls: continuing reviews, amendments and renewals, with the reasons of the pages."""

from datetime import UTC, datetime, timedelta

import pytest

from reviews.models import Decision, ReviewRequest
from reviews.services.attesting import attest_approvals
from reviews.tasks import meet_deadlines
from tests.attesting import sealed
from tests.boardrooms import POLICY, House, a_house, approved, in_review
from tests.calling import Caller, as_, problem
from tests.dossiers import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_approval")]
SAID = {"changes": "Nothing.", "incidents": "One complaint.", "monitoring": "Refusals as before."}


@pytest.fixture
def house() -> House:
    return a_house({**POLICY, "validity_months": 24, "continuing_months": 6, "continuing_ahead_days": 20})


@pytest.fixture
def decision(house: House) -> Decision:
    return approved(house, in_review(house))


@pytest.fixture
def call(house: House) -> dict[str, Caller]:
    return {name: as_(house.people[name]) for name in ("ravi", "chloe", "ugo", "milo")}


def test_the_requester_reports_and_the_chair_returns_the_report(
    decision: Decision, call: dict[str, Caller]
) -> None:
    assert decision.next_review is not None
    day = decision.next_review - timedelta(days=20)
    path = f"/requests/{decision.request.reference}/continuing"
    assert call["ravi"].get(path)["items"] == []
    problem(call["ravi"]("GET", f"{path}/1"), 404, "not-found")
    meet_deadlines(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    (line,) = call["milo"].get(path)["items"]
    assert (line["number"], line["state"], line["due"]) == (1, "asked", decision.next_review.isoformat())
    problem(call["ugo"]("GET", path), 404, "not-found")
    seen = call["milo"].get(f"{path}/1")
    told = problem(call["milo"]("POST", f"{path}/1/reports", SAID), 403, "forbidden")
    assert told["detail"] == seen["why_not_report"]
    problem(call["ravi"]("POST", f"{path}/1/reports", SAID | {"monitoring": ""}), 422, "invalid")
    problem(call["chloe"]("POST", f"{path}/1/return", {"reason": "No figures."}), 404, "not-found")
    reported = call["ravi"].post(f"{path}/1/reports", SAID, idempotency_key="1")
    assert (reported["state"], len(reported["reports"])) == ("reported", 1)
    problem(call["ravi"]("POST", f"{path}/1/reports", SAID), 409, "wrong-state")
    problem(call["ravi"]("POST", f"{path}/1/return", {"reason": "No figures."}), 403, "forbidden")
    returned = call["chloe"].post(f"{path}/1/return", {"reason": "No figures."})
    assert (returned["state"], returned["reports"][0]["returned_because"]) == ("asked", "No figures.")


def test_an_amendment_is_drafted_by_who_asked_for_the_approval(
    decision: Decision, call: dict[str, Caller]
) -> None:
    path = f"/requests/{decision.request.reference}/amendments"
    problem(call["ugo"]("POST", path, {"purpose": "Other contact."}), 404, "not-found")
    problem(call["milo"]("POST", path, {"purpose": "Other contact."}), 403, "forbidden")
    answer = call["ravi"]("POST", path, {"purpose": "Other contact."})
    draft = answer.json()
    assert answer["Location"] == f"/api/v1/requests/{draft['reference']}"
    assert (draft["amends"], draft["state"]) == (decision.request.reference, "draft")
    problem(call["ravi"]("POST", path, {"purpose": "And more."}), 422, "refused")
    assert ReviewRequest.objects.filter(amends=decision.request).count() == 1


def test_a_renewal_is_drafted_with_what_still_holds(decision: Decision, call: dict[str, Caller]) -> None:
    path = f"/requests/{decision.request.reference}/renewals"
    problem(call["milo"]("POST", path, None), 403, "forbidden")
    draft = call["ravi"].post(path, None, idempotency_key="1")
    assert draft["renews"] == decision.request.reference
    assert call["ravi"].post(path, None, idempotency_key="1")["reference"] == draft["reference"]
    assert ReviewRequest.objects.filter(renews=decision.request).count() == 1


def test_a_request_names_where_its_pipeline_finds_the_attestation_once_there_is_one(
    house: House, decision: Decision, call: dict[str, Caller]
) -> None:
    path = f"/requests/{decision.request.reference}"
    assert call["ravi"].get(path)["pipeline"] is None
    (attested,) = attest_approvals(request_id=sealed(decision).request_id, occasion="approved", now=NOW)
    told = call["ravi"].get(path)["pipeline"]
    assert told["attestation"].endswith(f"/attestations/{attested.uid}.jsonl")
    assert told["status_list"].endswith("/status-list.json")
    assert as_(house.rex).get(path)["pipeline"] is None, "who is recused reads no decision"
