"""Verification by calls: what the public page answers, and no more of a record than that."""

import pytest

from accounts.models import User
from records import codes, store
from tests.calling import Caller, as_, problem
from tests.records.made import Make

pytestmark = pytest.mark.django_db
PDF = {"content_type": "application/pdf"}


@pytest.fixture
def call(outsider: User) -> Caller:
    return as_(outsider)


def test_a_file_and_a_code_are_answered_as_on_the_page(call: Caller, sealed: Make) -> None:
    record = sealed()
    content = store.read(record.file_sha256)
    genuine = call.post("/verification", content, **PDF)
    assert (genuine["verdict"], genuine["record"]["reference"]) == ("genuine", record.reference)
    assert [one["kind"] for one in genuine["signatures"]][-2:] == ["signature", "seal"]
    assert genuine["changes"] == genuine["faults"] == []
    changed = call.post("/verification", content + b"x", **PDF)
    assert (changed["verdict"], changed["signatures"]) == ("changed", [])
    assert changed["changes"]
    assert changed["record"]["file_sha256"] == record.file_sha256
    assert call.post("/verification", b"%PDF-1.7 of somebody", **PDF)["verdict"] == "unknown"
    code = codes.grouped(record.code)
    assert call.post(f"/verification?code={code}", content, **PDF)["verdict"] == "genuine"
    issued = call.get(f"/verification/{code}")
    assert (issued["verdict"], issued["record"]["file_sha256"]) == ("issued", "")
    assert "Heron" not in str(issued)
    assert call.get("/verification/nothing")["verdict"] == "unknown"


def test_what_is_no_file_of_ours_is_refused_early(call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    problem(call("POST", "/verification", {"file": "x"}), 415, "wrong-media-type")
    problem(call("GET", "/verification/%3Cb%3E"), 404, "not-found")
    monkeypatch.setattr("records.api.verifying.limits.is_too_often", lambda *_given: True)
    answer = call("POST", "/verification", b"%PDF", **PDF)
    problem(answer, 429, "too-many")
    assert answer["Retry-After"] == "60"
    problem(call("GET", "/verification/7KQM"), 429, "too-many")
