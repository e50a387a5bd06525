"""The log by calls: an event with its proof, stories, heads, checks and exports; everybody only within their sight."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from openpyxl import load_workbook

from accounts.models import User
from audit.log import keys
from audit.models import Event
from imprimatur.tlog.proof import InclusionProof
from oversight.models import Engagement, Visit
from oversight.sampling import draw_sample
from tests.audit.logs import signed, signer_in
from tests.calling import as_, problem
from tests.dossiers import NOW
from tests.oversight.conftest import Audited

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_reviews")]


@pytest.fixture(autouse=True)
def _signer(settings: Any, tmp_path: Path) -> None:
    signer_in(settings, tmp_path / "signer")


@pytest.fixture
def event(audited: Audited) -> Event:
    return Event.objects.get(verb="request.submitted", object_id=str(audited.request.pk))


@pytest.fixture
def elsewhere(audited: Audited) -> Event:
    """An event of another project."""
    return Event.objects.filter(project=str(audited.other.pk)).earliest("id")


def whole(answer: Any) -> bytes:
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def sheet(answer: Any) -> list[tuple[object, ...]]:
    book = load_workbook(BytesIO(whole(answer)), read_only=True)
    return list(book.worksheets[0].iter_rows(values_only=True))


def test_an_event_is_read_with_its_proof_within_ones_sight_only(
    aude: User, audited: Audited, event: Event, elsewhere: Event
) -> None:
    call = as_(aude)
    problem(call("GET", f"/events/{event.pk}/proof"), 409, "wrong-state")
    head = signed()
    told = call.get(f"/events/{event.pk}")
    assert (told["place"]["standing"], told["place"]["size"]) == ("proved", head.size)
    assert told["request"] == audited.request.reference
    leaf = whole(call("GET", f"/events/{event.pk}/bytes"))
    assert json.loads(leaf) == told["leaf"]
    proof = InclusionProof.parse(whole(call("GET", f"/events/{event.pk}/proof")).decode())
    assert proof.check(leaf, keys.verifiers()).size == head.size
    assert Visit.objects.filter(auditor=aude, kind="log").count() == 1
    assert Event.objects.filter(verb="engagement.downloaded").count() == 2
    for part in ("", "/bytes", "/proof"):
        problem(call("GET", f"/events/{elsewhere.pk}{part}"), 404, "not-found")
        problem(as_(audited.house.ravi)("GET", f"/events/{event.pk}{part}"), 404, "not-found")


def test_the_story_of_an_object_goes_on_page_by_page_and_ends_at_the_border(
    aude: User, audited: Audited, otto: User, elsewhere: Event
) -> None:
    call, path = as_(aude), f"/log/objects/reviews.reviewrequest/{audited.request.pk}"
    every = call.get(f"{path}?limit=200")["items"]
    first = call.get(f"{path}?limit=2")
    second = call.get(f"{path}?limit=2&after={first['next']}")
    assert [one["id"] for one in first["items"] + second["items"]] == [one["id"] for one in every[:4]]
    own = [one for one in every if one["is_own"]]
    assert own[-1]["follows"] == "first"
    assert {one["follows"] for one in own[:-1]} == {"linked"}
    problem(call("GET", f"{path}?after=x"), 422, "invalid")
    problem(call("GET", f"/log/objects/registry.project/{audited.other.pk}"), 404, "not-found")
    problem(call("GET", "/log/objects/x/1"), 404, "not-found")
    for stranger in (otto, audited.house.ravi):
        problem(as_(stranger)("GET", path), 404, "not-found")


def test_the_state_of_the_log_its_heads_and_checks_that_somebody_asks_for(
    wanda: User, audited: Audited, django_assert_max_num_queries: Any
) -> None:
    call, path = as_(wanda), "/log"
    problem(call("GET", "/log/checkpoint"), 404, "not-found")
    problem(call("POST", "/log/verification"), 422, "refused")
    assert call.get(path)["cause"] in {"slow", "stuck", "unsigned"}
    head = signed()
    state = call.get(path)
    assert (state["signed_size"], state["root"]) == (head.size, head.root)
    assert len(state["keys"]) == 1
    asked = call.post("/log/verification", idempotency_key="1")
    assert asked["verifying"] == {"state": "due", "percent": 0}
    assert call.post("/log/reconciliation")["reconciling"]["state"] == "due"
    with django_assert_max_num_queries(12):
        (line,) = call.get("/log/checkpoints")["items"]
    assert (line["size"], line["witnesses"]) == (head.size, 0)
    note = whole(call("GET", f"/log/checkpoints/{line['id']}")).decode()
    assert note == whole(call("GET", "/log/checkpoint")).decode() == head.cosigned
    stranger = as_(audited.house.ravi)
    for method, address in (("GET", "/log"), ("GET", "/log/checkpoints"), ("POST", "/log/verification")):
        problem(stranger(method, address), 404, "not-found")
    problem(as_(wanda, "audit:read")("POST", "/log/reconciliation"), 403, "missing-scope")
    assert Event.objects.filter(verb="log.verification_asked").count() <= 1


def test_the_log_goes_out_as_json_and_as_a_workbook_each_as_one_event(
    aude: User, audited: Audited, elsewhere: Event
) -> None:
    call = as_(aude)
    taken = json.loads(whole(call("GET", "/events/export.json?verb=request.")))
    assert taken["personal_data"] is False
    assert all('"verb":"request.' in one["leaf"] for one in taken["events"])
    assert "disclosed" not in taken["events"][0]
    rows = sheet(call("GET", "/events/export.xlsx?verb=request."))
    assert len(rows) == len(taken["events"]) + 1
    problem(call("GET", "/events/export.json?named=true"), 422, "refused")
    named = json.loads(whole(call("GET", "/events/export.json?verb=request.&named=true&reason=Interviews")))
    assert "Ravi" in str(named["events"])
    assert elsewhere.pk not in {one["number"] for one in named["events"]}
    assert Event.objects.filter(verb="log.exported").count() == 3
    assert not Event.objects.filter(verb="engagement.downloaded").exists()
    for form in ("json", "xlsx"):
        problem(as_(audited.house.ravi)("GET", f"/events/export.{form}"), 404, "not-found")


def test_workbooks_of_an_engagement_and_its_history(aude: User, wanda: User, audited: Audited) -> None:
    engagement = Engagement.objects.get(grants__user=aude)
    sample = draw_sample(actor=aude, engagement_id=engagement.pk, size=1, seed="seven", now=NOW)
    call, path = as_(aude), f"/engagements/{engagement.pk}"
    assert sheet(call("GET", f"{path}/requests.xlsx"))[1][0] == audited.request.reference
    assert len(sheet(call("GET", f"{path}/events.xlsx"))) > 5
    assert sheet(call("GET", f"/samples/{sample.pk}/sample.xlsx"))[1][1] == audited.request.reference
    drawn_from = whole(call("GET", f"/samples/{sample.pk}/drawn-from.txt")).decode()
    assert drawn_from.split() == [audited.request.reference]
    done = [one["verb"] for one in call.get(f"{path}/history")["items"]]
    assert done.count("engagement.downloaded") == 3
    assert done.count("log.exported") == 1
    assert done[-1] == "engagement.made"
    for address in (
        f"{path}/requests.xlsx", f"{path}/events.xlsx", f"{path}/history", f"/samples/{sample.pk}/sample.xlsx",
        f"/samples/{sample.pk}/drawn-from.txt",
    ):  # fmt: skip
        problem(as_(wanda)("GET", address), 404, "not-found")


def test_bundles_of_a_request_are_for_its_auditors_administrators_and_legal_staff(
    aude: User, audited: Audited, otto: User
) -> None:
    path = f"/requests/{audited.request.reference}/bundles"
    call = as_(aude)
    problem(call("POST", path, {"with_disclosures": True}), 422, "refused")
    made = call.post(path, {}, idempotency_key="1")
    assert (made["state"], made["request"], made["failure"]) == ("asked", audited.request.reference, "")
    assert [one["id"] for one in call.get(path)["items"]] == [made["id"]]
    TOTP.activate(audited.house.ada, generate_totp_secret())
    assert [one["id"] for one in as_(audited.house.ada).get(path)["items"]] == [made["id"]]
    assert as_(audited.house.lex).get(path)["items"] == []
    for stranger in (otto, audited.house.ravi, audited.house.milo):
        problem(as_(stranger)("GET", path), 404, "not-found")
        problem(as_(stranger)("POST", path, {}), 404, "not-found")
    assert Event.objects.filter(verb="bundle.asked").count() == 1
