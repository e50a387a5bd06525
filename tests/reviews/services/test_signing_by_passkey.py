"""A decision is signed with a passkey: its record holds all that an auditor checks, and nothing passes elsewhere."""

import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import User
from accounts.proofs import Method, Passkey
from accounts.signing import Proof
from audit.refusal import Refused
from imprimatur.assertion import NotProven
from imprimatur.signature import check_line
from records.models import Record
from records.signatures import checked_signatures
from reviews.models import Decision, Signature
from reviews.services.signing import passkey_challenge, sign_decision
from tests.boardrooms import House, a_house, decided, in_review, sign
from tests.dossiers import NOW, a_version
from tests.passkey_owners import as_sent, registered
from tests.passkeys import Device

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]


@pytest.fixture
def house() -> House:
    return a_house()


@pytest.fixture
def decision(house: House) -> Decision:
    return decided(house, in_review(house))


@pytest.fixture
def device(house: House) -> Device:
    found = Device()
    registered(house.lex, found, NOW)
    return found


def asked(actor: User, decision: Decision, role: str = "legal") -> dict[str, Any]:
    assert decision.record is not None
    return as_sent(
        passkey_challenge(
            actor=actor, decision_id=decision.pk, role=role, record_sha256=decision.record.context_sha256,
            passkey_id=Passkey.objects.get(person=actor).pk, session="s", now=NOW,
        )
    )  # fmt: skip


def answer(actor: User, decision: Decision, response: str, role: str = "legal") -> Signature:
    assert decision.record is not None
    return sign_decision(
        actor=actor, decision_id=decision.pk, role=role, record_sha256=decision.record.context_sha256,
        proof=Proof(session="s", assertion=response), now=NOW,
    )  # fmt: skip


@pytest.mark.both_engines
def test_the_record_holds_statement_and_assertion_and_they_are_checked_without_a_server(
    house: House, decision: Decision, device: Device
) -> None:
    signature = answer(house.lex, decision, device.get(asked(house.lex, decision)))
    assert signature.method == Method.PASSKEY
    assert signature.confirmation.passkey == Passkey.objects.get()
    sign(house, decision, "chair", "chloe")
    assert decision.record is not None
    record = Record.objects.get(pk=decision.record.pk)
    legal, chair = json.loads(bytes(record.signatures))
    assert check_line(legal, record.context_sha256).signer == str(house.lex.pseudonym)
    assert legal["method"] == "passkey, unlocked by PIN or biometrics"
    assert chair["assertion"] is None
    found = checked_signatures(record)
    assert [(one.fault, one.registered_at) for one in found] == [("", NOW), ("", None)]
    with pytest.raises(NotProven, match="Another record was signed"):
        check_line(legal, "0" * 64)


def test_the_page_of_the_record_says_whether_it_holds(
    client: Client, house: House, decision: Decision, device: Device
) -> None:
    answer(house.lex, decision, device.get(asked(house.lex, decision)))
    sign(house, decision, "chair", "chloe")
    client.force_login(house.lex)
    page = f"/records/{decision.record_id}/"
    assert "the passkey signed this record" in client.get(page).content.decode()
    Passkey.objects.update(public_key=Device().public_key)
    said = client.get(page).content.decode()
    assert "does not hold" in said
    assert "the passkey signed this record" not in said


def test_an_answer_for_one_decision_signs_no_other(house: House, decision: Decision, device: Device) -> None:
    other = decided(house, in_review(house, version=a_version(house.ravi, number="9.9")))
    response = device.get(asked(house.lex, decision))
    with pytest.raises(Refused, match="another question"):
        answer(house.lex, other, response)
    assert not Signature.objects.exists()
    assert answer(house.lex, decision, response).decision == decision


def test_an_answer_in_one_role_signs_in_no_other_and_for_nobody_else(
    house: House, decision: Decision, device: Device
) -> None:
    response = device.get(asked(house.lex, decision))
    sign(house, decision, "legal", "lex")
    chairs = Device()
    registered(house.chloe, chairs, NOW)
    with pytest.raises(Refused, match="another question"):
        answer(house.chloe, decision, response, "chair")
    with pytest.raises(PermissionDenied):
        answer(house.lex, decision, response, "chair")
    assert Signature.objects.count() == 1


def test_who_may_not_sign_is_given_no_challenge(house: House, decision: Decision) -> None:
    registered(house.milo, Device(), NOW)
    with pytest.raises(PermissionDenied):
        asked(house.milo, decision)


def test_the_page_gives_the_challenge_and_takes_the_answer(
    client: Client, house: House, decision: Decision, device: Device
) -> None:
    client.force_login(house.lex)
    page = f"/requests/{decision.request.reference}/sign/"
    assert decision.record is not None
    given = {"read": "on", "record_sha256": decision.record.context_sha256}
    passkey = Passkey.objects.get()
    assert "Sign the approval with your passkey" in client.get(page).content.decode()
    refused = client.post(page, given | {"challenge_for": "0"})
    assert (refused.status_code, list(refused.json())) == (422, ["refused"])
    options = client.post(page, given | {"challenge_for": str(passkey.pk)}).json()
    assert not Signature.objects.exists()
    answered = client.post(page, given | {"assertion": device.get(options)})
    assert answered.status_code == 302
    assert Signature.objects.get().method == Method.PASSKEY
