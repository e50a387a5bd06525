"""Incidents by calls: reported by who sees the model, classified and filed by whom the page lets, with its reasons."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.roles import Role
from audit.models import Event
from compliance.models import Incident
from reviews.models import IncidentReport
from tests.boardrooms import House, a_house, approved, in_review
from tests.calling import Caller, as_, problem
from tests.dossiers import person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_approval")]
BYTES = "application/octet-stream"


@pytest.fixture
def house() -> House:
    return a_house()


@pytest.fixture
def call(house: House) -> dict[str, Caller]:
    return {name: as_(house.people[name]) for name in ("ravi", "lex", "ugo", "milo", "sid")}


@pytest.fixture
def version(house: House) -> int:
    return approved(house, in_review(house)).request.version_id


def body(version: int, **given: Any) -> dict[str, Any]:
    at = timezone.now() - timedelta(hours=2)
    told = {"text": "It gave out addresses.", "happened_at": at.isoformat(), "aware_at": at.isoformat()}
    return told | {"version": version} | given


def test_an_incident_from_its_report_to_its_end(version: int, call: dict[str, Caller]) -> None:
    raised = call["ravi"]("POST", "/incidents", body(version), idempotency_key="one")
    assert raised["Location"] == f"/api/v1/incidents/{raised.json()['id']}"
    assert raised.json()["version"] == version
    path = f"/incidents/{raised.json()['id']}"
    assert (raised.json()["state"], raised.json()["kind"]) == ("raised", "")
    problem(call["ugo"]("GET", path), 404, "not-found")
    told = call["milo"].post(f"{path}/entries", {"measures": "Switched off."})
    assert [one["measures"] for one in told["entries"]] == ["", "Switched off."]
    problem(call["milo"]("POST", f"{path}/entries", {}), 422, "refused")
    wished = {"kind": "serious", "reason": "Personal data."}
    said = problem(call["ravi"]("POST", f"{path}/classes", wished), 403, "forbidden")
    assert said["detail"] == told["why_not_classify"]
    told = call["lex"].post(f"{path}/classes", wished)
    assert (told["state"], told["classes"][0]["holds"]) == ("classified", True)
    assert (
        problem(call["lex"]("POST", f"{path}/closing", {"closing": "Mended."}), 422, "refused")["detail"]
        == (told["why_not_close"])
    )
    filed = {
        "kind": "complete",
        "authority": "The authority",
        "text": "All.",
        "filed_at": timezone.now().isoformat(),
    }
    assert call["lex"].post(f"{path}/filings", filed)["filings"][0]["authority"] == "The authority"
    assert call["lex"].post(f"{path}/closing", {"closing": "Mended."})["state"] == "closed"
    problem(call["milo"]("POST", f"{path}/entries", {"text": "More."}), 409, "wrong-state")
    assert call["lex"].post(f"{path}/reopening", {"reason": "It came back."})["closed_at"] is None
    assert Event.objects.filter(verb="incident.classified").count() == 1


def test_the_approval_is_suspended_for_it_once_by_whom_the_page_lets(
    version: int, call: dict[str, Caller]
) -> None:
    path = f"/incidents/{call['ravi'].post('/incidents', body(version))['id']}/suspension"
    problem(call["ravi"]("POST", path, {"reason": "At once."}), 403, "forbidden")
    assert call["sid"].post(path, {"reason": "At once."})["why_not_suspend"]
    problem(call["sid"]("POST", path, {"reason": "At once."}), 422, "refused")
    assert Event.objects.filter(verb="request.suspended").count() == 1
    assert IncidentReport.objects.get().suspension is not None


def test_evidence_is_handed_in_and_read_by_who_sees_the_incident(
    version: int, call: dict[str, Caller]
) -> None:
    path = f"/incidents/{call['ravi'].post('/incidents', body(version))['id']}/files"
    problem(call["ravi"]("POST", f"{path}?name=server.log", b"log", content_type=BYTES), 422, "refused")
    told = call["ravi"].post(f"{path}?name=server.log&text=The+log", b"log", content_type=BYTES)
    file = told["entries"][1]["files"][0]
    assert (file["name"], file["size"]) == ("server.log", 3)
    answer = call["milo"]("GET", f"{path}/{file['id']}")
    assert b"".join(answer.streaming_content) == b"log"
    problem(call["ugo"]("GET", f"{path}/{file['id']}"), 404, "not-found")


def test_what_is_not_whole_is_not_raised(version: int, call: dict[str, Caller]) -> None:
    problem(call["ugo"]("POST", "/incidents", body(version)), 404, "not-found")
    auditor = as_(person("Ari Auditor", Role.AUDITOR))
    problem(auditor("POST", "/incidents", body(version)), 403, "forbidden")
    problem(call["ravi"]("POST", "/incidents", body(version) | {"version": None}), 422, "refused")
    problem(call["ravi"]("POST", "/incidents", body(version, text=" ")), 422, "invalid")
    later = (timezone.now() + timedelta(days=1)).isoformat()
    problem(call["ravi"]("POST", "/incidents", body(version, aware_at=later)), 422, "refused")
    problem(
        call["ravi"]("POST", "/incidents", body(version, aware_at="0001-01-01T00:00:00+14:00")),
        422,
        "invalid",
    )
    assert not Incident.objects.exists()


def test_the_list_is_filtered_and_asks_as_often_for_many_as_for_one(
    version: int, call: dict[str, Caller], django_assert_max_num_queries: Any
) -> None:
    numbers = [call["ravi"].post("/incidents", body(version))["id"] for _each in range(3)]
    first = call["ravi"].get("/incidents?limit=2")
    second = call["ravi"].get(f"/incidents?limit=2&after={first['next']}")
    assert [one["id"] for one in first["items"] + second["items"]] == numbers[::-1]
    assert second["next"] is None
    assert call["ravi"].get("/incidents?state=closed")["items"] == []
    assert call["ugo"].get("/incidents")["items"] == []
    with django_assert_max_num_queries(10):
        call["ravi"].get("/incidents")
