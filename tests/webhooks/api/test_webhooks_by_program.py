"""Webhooks by calls: administrators only, each with its scope; a secret is told once and lies nowhere in clear."""

from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from accounts.api_tokens import KeptAnswer
from accounts.cipher import decrypt
from accounts.models import User
from accounts.roles import Role
from accounts.rules.scopes import FOR_ADMINISTRATORS
from audit.models import Event
from tests.calling import Caller, as_, problem
from tests.dossiers import NOW, person
from webhooks.models import Delivery, Endpoint, EndpointState, Message

pytestmark = pytest.mark.django_db

GIVEN = {
    "url": "https://hooks.example.org/in",
    "description": "Release pipeline",
    "types": ["request.approved", "request.suspended"],
}


@pytest.fixture
def call(ada: User) -> Caller:
    TOTP.activate(ada, generate_totp_secret())
    return as_(ada, *FOR_ADMINISTRATORS)


@pytest.fixture
def added(call: Caller) -> Any:
    return call.post("/webhooks", GIVEN)


def failed(endpoint_id: int, uid: str) -> Delivery:
    message = Message.objects.create(
        uid=uid, type="request.approved", body='{"type":"request.approved","data":{}}', happened_at=NOW
    )
    made = Delivery.objects.create(
        endpoint_id=endpoint_id, message=message, state="failed", made_at=NOW, ended_at=NOW, tries=10
    )
    made.attempts.create(
        number=1, at=NOW, milliseconds=85, outcome="answered", status=500, address="203.0.113.7",
        sent=[["webhook-id", uid]], received=[["server", "x"]], answer="<b>No</b>",
    )  # fmt: skip
    return made


def test_a_secret_is_told_once_and_kept_nowhere_in_clear(call: Caller) -> None:
    made = call.post("/webhooks", GIVEN, idempotency_key="1")
    endpoint = Endpoint.objects.get()
    assert made["secret"] == decrypt(endpoint.secret)
    again = call("POST", "/webhooks", GIVEN, idempotency_key="1")
    assert again["Idempotency-Replayed"] == "true"
    assert again.json()["secret"] == made["secret"]
    assert made["secret"].encode() not in bytes(KeptAnswer.objects.get().body)
    for path in ("/webhooks", f"/webhooks/{endpoint.pk}"):
        assert "secret" not in call.get(path).get("items", [call.get(path)])[0]
    changed = call.post(f"/webhooks/{endpoint.pk}/secret")
    assert changed["secret"] != made["secret"]
    assert call.get(f"/webhooks/{endpoint.pk}")["former_secret_until"] == changed["former_until"]
    leaves = b"".join(bytes(event.leaf) for event in Event.objects.all())
    assert not [secret for secret in (made["secret"], changed["secret"]) if secret.encode() in leaves]


def test_nobody_but_administrators_and_no_token_without_the_scope(added: Any, ada: User) -> None:
    one = f"/webhooks/{added['id']}"
    ravi = as_(person("Ravi Researcher", Role.RESEARCHER))
    for path in ("/webhooks", "/webhooks/types", one, f"{one}/deliveries"):
        problem(ravi("GET", path), 403, "missing-scope")
    reads, writes = as_(ada, "organisation:read"), as_(ada, "organisation:write")
    problem(reads("DELETE", one), 403, "missing-scope")
    problem(writes("GET", one), 403, "missing-scope")
    ada.groups.clear()
    problem(reads("GET", one), 404, "not-found")
    problem(reads("GET", "/webhooks"), 404, "not-found")
    problem(reads("GET", "/webhooks/types"), 404, "not-found")
    problem(writes("POST", "/webhooks", GIVEN), 404, "not-found")
    problem(writes("DELETE", one), 404, "not-found")
    assert Endpoint.objects.get().state == EndpointState.ENABLED


def test_what_an_endpoint_may_be_is_refused_as_on_the_page(call: Caller) -> None:
    refused = problem(call("POST", "/webhooks", GIVEN | {"url": "http://hooks.example.org/"}), 422, "refused")
    assert "must begin with https://" in refused["detail"]
    for types in (["vote.cast"], ["request.approved", "endpoint.test"], []):
        problem(call("POST", "/webhooks", GIVEN | {"types": types}), 422, "invalid")
    known = {one["name"] for one in call.get("/webhooks/types")["items"]}
    assert "request.approved" in known
    assert "endpoint.test" not in known
    assert not Endpoint.objects.exists()


def test_an_endpoint_is_changed_switched_and_removed(call: Caller, added: Any) -> None:
    one = f"/webhooks/{added['id']}"
    assert call.put(one, GIVEN)["types"] == GIVEN["types"]
    assert call.put(one, GIVEN | {"types": ["ballot.opened"]})["types"] == ["ballot.opened"]
    assert Event.objects.filter(verb="webhook.changed").count() == 1
    assert call.post(f"{one}/deactivation")["off_because"] == "by_hand"
    problem(call("POST", f"{one}/deactivation"), 409, "wrong-state")
    problem(call("POST", f"{one}/test"), 422, "refused")
    assert call.post(f"{one}/activation")["state"] == "enabled"
    assert call("DELETE", one).status_code == 204
    problem(call("GET", one), 404, "not-found")
    problem(call("DELETE", one), 404, "not-found")
    assert call.get("/webhooks")["items"] == []


def test_what_came_of_a_delivery_is_read_and_what_failed_is_sent_again(
    call: Caller, added: Any, django_assert_max_num_queries: Any
) -> None:
    one = f"/webhooks/{added['id']}"
    tested = call.post(f"{one}/test")
    assert (tested["type"], tested["state"], tested["told"]) == ("endpoint.test", "pending", [])
    first, _second = failed(added["id"], "msg_1"), failed(added["id"], "msg_2")
    assert call.get(one)["deliveries"]["failed"] == 2
    with django_assert_max_num_queries(9):
        found = call.get(f"{one}/deliveries?state=failed")["items"]
    assert [(row["message"], row["status"], row["attempts"]) for row in found] == [
        ("msg_2", 500, 1), ("msg_1", 500, 1),
    ]  # fmt: skip
    told = call.get(f"{one}/deliveries/{first.pk}")
    assert told["told"][0]["answer"] == "<b>No</b>"
    assert told["body"] == {"type": "request.approved", "data": {}}
    other = call.post("/webhooks", GIVEN | {"url": "https://other.example.org/"})["id"]
    problem(call("GET", f"/webhooks/{other}/deliveries/{first.pk}"), 404, "not-found")
    problem(call("POST", f"/webhooks/{other}/deliveries/{first.pk}/sending"), 404, "not-found")
    again = call.post(f"{one}/deliveries/{first.pk}/sending")
    assert (again["state"], again["tries"], again["message"]) == ("pending", 0, "msg_1")
    since = {"since": NOW.isoformat()}
    assert call.post(f"{one}/resending", since) == {"count": 1}
    problem(call("POST", f"{one}/resending", since), 422, "refused")
    assert Event.objects.filter(verb="webhook.sent_again").count() == 2
