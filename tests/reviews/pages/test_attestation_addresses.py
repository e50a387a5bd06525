"""What pipelines fetch: the same bytes at the same address, cacheable, and open only where the organisation says so."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.services.api_tokens import make_token
from imprimatur import dsse, signed
from records.attestation.rows import Attestation, Attested
from reviews.models import Decision
from reviews.services.attesting import attest_approvals
from reviews.services.suspending import suspend_approval
from tests.attesting import sealed
from tests.boardrooms import House, a_house, approved, in_review
from tests.dossiers import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]


@pytest.fixture
def house() -> House:
    return a_house()


@pytest.fixture
def attested(house: House) -> Attested:
    decision = sealed(approved(house, in_review(house)))
    (found,) = attest_approvals(request_id=decision.request_id, occasion="approved", now=NOW)
    return found


@pytest.fixture
def public(settings: Any) -> None:
    settings.ATTESTATIONS_PUBLIC = True


def addresses(attested: Attested) -> list[str]:
    return [
        reverse("records:attestation", args=[attested.uid]),
        reverse("records:attestation_number", args=[attested.uid, 1]),
        reverse("records:approved_manifest", args=[attested.uid]),
        reverse("records:status_list"),
        reverse("records:attestation_keys"),
        reverse("records:all_attestation_keys"),
    ]


def test_the_addresses_are_those_of_the_guide(attested: Attested) -> None:
    assert addresses(attested)[0] == f"/attestations/{attested.uid}.jsonl"
    assert addresses(attested)[3:] == ["/status-list.json", "/attestation-keys.pem", "/attestation-keys.json"]


@pytest.mark.usefixtures("public")
def test_everybody_gets_them_with_a_validator_and_nothing_the_second_time(attested: Attested) -> None:
    for address in addresses(attested):
        response = Client().get(address)
        assert response.status_code == 200, address
        assert response["Cache-Control"].startswith("public, max-age=")
        assert "Cookie" not in response.get("Vary", "")
        assert not response.cookies
        for header, value in (("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")):
            again = Client().get(address, headers={value: response[header]})
            assert (again.status_code, again.content) == (304, b""), address
        assert Client().head(address)["ETag"] == response["ETag"]
        assert Client().post(address).status_code == 405


@pytest.mark.usefixtures("public")
def test_what_is_handed_out_holds_by_the_keys_that_are_handed_out(attested: Attested) -> None:
    content = Client().get(addresses(attested)[0]).content
    assert content == bytes(Attestation.objects.get().content)
    keys = dsse.public_keys(Client().get("/attestation-keys.pem").content)
    assert signed.read(content).signers(keys) == set(keys)
    assert signed.read(Client().get("/status-list.json").content).signers(keys) == set(keys)
    told = Client().get("/attestation-keys.json").json()["keys"]
    assert [(key["id"], key["until"]) for key in told] == [(keys[0].id, None)]
    manifest = Client().get(reverse("records:approved_manifest", args=[attested.uid])).content
    assert attested.manifest_sha256 == hashlib.sha256(manifest).hexdigest()


@pytest.mark.usefixtures("public")
def test_the_bytes_lead_to_their_decision(attested: Attested) -> None:
    response = Client().get(f"/attestations/manifest/{attested.manifest_sha256}.jsonl")
    assert response["Location"] == f"/attestations/{attested.uid}.jsonl"
    assert Client().get(f"/attestations/manifest/{'0' * 64}.jsonl").status_code == 404
    assert Client().get(f"/attestations/{attested.uid}/2.jsonl").status_code == 404


@pytest.mark.usefixtures("public")
def test_a_new_list_has_a_new_validator(attested: Attested, house: House) -> None:
    before = Client().get("/status-list.json")
    at = NOW + timedelta(seconds=1)
    suspend_approval(actor=house.sid, decision_id=int(attested.object_id), reason="Leak.", now=at)
    request_id = Decision.objects.get(pk=attested.object_id).request_id
    attest_approvals(request_id=request_id, occasion="suspended", now=at)
    after = Client().get("/status-list.json", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert after.content != before.content


def test_closed_they_ask_to_sign_in_and_tell_outsiders_nothing(attested: Attested, house: House) -> None:
    for address in addresses(attested):
        assert Client().get(address)["Location"].startswith("/accounts/login/")
    client = Client()
    client.force_login(house.ugo)
    assert [client.get(address).status_code for address in addresses(attested)[:3]] == [404] * 3
    assert client.get(f"/attestations/manifest/{attested.manifest_sha256}.jsonl").status_code == 404
    client.force_login(house.rita)
    response = client.get(addresses(attested)[0])
    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-cache")


def token(person: User, *scopes: str) -> dict[str, str]:
    now = timezone.now()  # the page asks the real clock
    _row, text = make_token(
        actor=person, name="pipeline", scopes=scopes, expires_at=now + timedelta(days=30), now=now
    )
    return {"Authorization": f"Bearer {text}"}


def test_closed_a_token_with_the_scope_opens_what_its_person_may_read(
    attested: Attested, house: House
) -> None:
    address = addresses(attested)[0]
    assert Client().get(address, headers=token(house.ravi, "attestations:read")).status_code == 200
    for headers in (token(house.ravi, "registry:read"), {"Authorization": "Bearer imp_nonsense"}):
        response = Client().get(address, headers=headers)
        assert response.status_code == 401
        assert "WWW-Authenticate" in response.headers
    assert Client().get(address, headers=token(house.ugo, "attestations:read")).status_code == 404
