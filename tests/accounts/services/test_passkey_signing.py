"""A passkey signs one statement, for one person, act, object and session, once; anywhere else its answer fails."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError

from accounts import passkeys
from accounts.models import User
from accounts.proofs import Confirmation, Method, SigningAttempts, SigningChallenge
from accounts.signing import Act, Proof, asked_of, challenge
from audit.leaf import decode
from audit.models import Event
from audit.refusal import Refused
from imprimatur.assertion import NotProven, from_plain, verify
from tests.accounts.conftest import MakePerson
from tests.passkey_owners import as_sent, registered
from tests.passkeys import Device
from tests.proofs import signed

NOW = datetime(2026, 3, 2, 9, 0, 10, tzinfo=UTC)
ACT = Act("decision.sign.legal", "12", {"record_sha256": "a" * 64, "meaning": "It may be issued."})
pytestmark = pytest.mark.django_db


@pytest.fixture
def device() -> Device:
    return Device()


@pytest.fixture
def signer(make_person: MakePerson, device: Device) -> User:
    person = make_person("Signe Signer")
    registered(person, device, NOW)
    return person


def asked(person: User, act: Act = ACT, session: str = "s", now: datetime = NOW) -> dict[str, Any]:
    """What the browser is told to ask the passkey."""
    passkey = person.passkeys.get()
    options = challenge(user=person, act=act, passkey_id=passkey.pk, session=session, now=now)
    return as_sent(options)


def sign(
    person: User, response: str, act: Act = ACT, session: str = "s", now: datetime = NOW
) -> Confirmation:
    return signed(person, Proof(session=session, assertion=response), now, act)


@pytest.mark.both_engines
def test_the_passkey_signs_the_statement_and_all_is_kept_for_an_auditor(signer: User, device: Device) -> None:
    options = asked(signer)
    assert options["publicKey"]["userVerification"] == "required"
    assert options["publicKey"]["rpId"] == "localhost"
    later = NOW + timedelta(minutes=2)
    kept = sign(signer, device.get(options), now=later)
    kept.refresh_from_db()
    assert (kept.method, kept.passkey, kept.confirmed_at) == (Method.PASSKEY, signer.passkeys.get(), later)
    assert kept.stated_at == NOW, "the statement has the time at which it was put before the signer"
    statement = json.loads(bytes(kept.statement))
    assert statement["passkey"]["credential"] == signer.passkeys.get().credential_id
    assert (statement["signer"], statement["method"]) == (str(signer.pseudonym), Method.PASSKEY)
    assertion = from_plain(json.loads(bytes(kept.assertion)))
    assert verify(assertion, bytes(kept.statement)) == 2
    with pytest.raises(NotProven):
        verify(assertion, bytes(kept.statement).replace(b"It may be", b"It has to be"))


def test_its_registration_stands_in_the_log_with_the_public_key(signer: User, device: Device) -> None:
    event = decode(bytes(Event.objects.get(verb="passkey.registered").leaf))
    assert event["actor"] == str(signer.pseudonym)
    key = base64.urlsafe_b64encode(device.public_key).rstrip(b"=").decode()
    assert event["data"]["public_key"] == key
    assert "accounts.passkey" in event["states"]


def test_a_passkey_counts_as_two_components_and_begins_a_sitting(signer: User, device: Device) -> None:
    sign(signer, device.get(asked(signer)))
    assert asked_of(signer, "s", NOW).sitting


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"act": replace(ACT, subject="13")},
        {"act": replace(ACT, what="decision.sign.chair")},
        {"act": replace(ACT, what="minutes.approve")},
        {"session": "t"},
    ],
    ids=["another decision", "another role", "another act", "another session"],
)
def test_an_answer_used_elsewhere_fails(signer: User, device: Device, elsewhere: dict[str, Any]) -> None:
    response = device.get(asked(signer))
    with pytest.raises(Refused, match="another question"):
        sign(signer, response, **elsewhere)
    assert not Confirmation.objects.exists()
    assert SigningAttempts.objects.get().failures == 1
    assert sign(signer, response), "where it belongs it is still good"


@pytest.mark.parametrize("name", ["record_sha256", "meaning"])
def test_when_what_is_signed_changed_meanwhile_the_answer_is_to_something_else(
    signer: User, device: Device, name: str
) -> None:
    response = device.get(asked(signer))
    changed = replace(ACT, content={**ACT.content, name: "b" * 64})
    with pytest.raises(Refused, match="was changed meanwhile"):
        sign(signer, response, changed)
    assert not Confirmation.objects.exists()


def test_an_answer_given_for_somebody_else_fails(
    signer: User, device: Device, make_person: MakePerson
) -> None:
    other = make_person("Otto Other")
    registered(other, Device(), NOW)
    with pytest.raises(Refused, match="another question"):
        sign(other, device.get(asked(signer)))
    with pytest.raises(Refused, match="not one of yours"):
        challenge(user=other, act=ACT, passkey_id=signer.passkeys.get().pk, session="s", now=NOW)
    assert not Confirmation.objects.exists()


def test_an_answer_counts_once(signer: User, device: Device) -> None:
    response = device.get(asked(signer))
    sign(signer, response)
    with pytest.raises(Refused, match="used already"):
        sign(signer, response)
    with pytest.raises(Refused, match="another question"):
        sign(signer, response, session="t")
    assert Confirmation.objects.count() == 1


def test_an_answer_after_five_minutes_is_too_late(signer: User, device: Device) -> None:
    response = device.get(asked(signer))
    with pytest.raises(Refused, match="more than 5 minutes"):
        sign(signer, response, now=NOW + timedelta(minutes=5))
    assert sign(signer, response, now=NOW + timedelta(minutes=4, seconds=59))


@pytest.mark.parametrize(
    "strange",
    [
        {"origin": "https://localhost"},
        {"origin": "http://evil.localhost:8000"},
        {"rp_id": "evil.example"},
        {"verifies": False},
        {"key": Device().key},
        {"credential_id": b"another"},
    ],
    ids=["scheme", "origin", "rp", "no verification", "another key", "another credential"],
)
def test_an_answer_of_another_site_key_or_without_verification_fails(
    signer: User, device: Device, strange: dict[str, Any]
) -> None:
    with pytest.raises(Refused, match="doesn't prove"):
        sign(signer, replace(device, **strange).get(asked(signer)))
    assert not Confirmation.objects.exists()
    assert SigningAttempts.objects.get().failures == 1


def test_a_challenge_that_the_server_never_made_signs_nothing(signer: User, device: Device) -> None:
    options = asked(signer)
    options["publicKey"]["challenge"] = base64.urlsafe_b64encode(b"x" * 32).rstrip(b"=").decode()
    with pytest.raises(Refused, match="another question"):
        sign(signer, device.get(options))


def test_a_statement_altered_in_the_database_was_not_signed(signer: User, device: Device) -> None:
    response = device.get(asked(signer))
    waiting = SigningChallenge.objects.get()
    altered = bytes(waiting.statement).replace(b"It may be issued.", b"It may be burned.")
    SigningChallenge.objects.update(statement=altered)
    changed = replace(ACT, content={**ACT.content, "meaning": "It may be burned."})
    with pytest.raises(Refused, match="doesn't prove"):
        sign(signer, response, changed)


def cut_off() -> str:
    """Return an answer whose authenticator data announces extensions and ends there."""
    data = base64.urlsafe_b64encode(b"a" * 32 + b"\x81" + bytes(4)).rstrip(b"=").decode()
    client = base64.urlsafe_b64encode(b'{"type": "webauthn.get", "challenge": "YQ", "origin": "x"}').rstrip(
        b"="
    )
    answer = {"authenticatorData": data, "clientDataJSON": client.decode(), "signature": "YQ"}
    return json.dumps({"id": "YQ", "rawId": "YQ", "type": "public-key", "response": answer})


@pytest.mark.parametrize(
    "response",
    [
        "{}", "[]", "nonsense", '{"id": 1}', '{"response": {}}', "null", pytest.param("[" * 200_000, id="deep"),
        pytest.param(cut_off(), id="cut off"),
    ],
)  # fmt: skip
def test_what_is_no_answer_at_all_is_refused_and_counted(signer: User, response: str) -> None:
    with pytest.raises(Refused):
        sign(signer, response)
    assert SigningAttempts.objects.get().failures == 1


def test_a_counter_that_goes_back_is_a_copy_and_is_refused(signer: User, device: Device) -> None:
    device.count = 7
    sign(signer, device.get(asked(signer)))
    for count in (0, 5, 7):
        device.count = count or 0
        copy = replace(device, count=count - 1) if count else device
        with pytest.raises(Refused, match="may be a copy"):
            sign(signer, copy.get(asked(signer)))
    assert Confirmation.objects.count() == 1
    assert signer.passkeys.get().sign_count == 8, "what was refused moves no counter"


def test_authenticators_that_do_not_count_may_sign_again_and_again(make_person: MakePerson) -> None:
    person, device = make_person("Cara Countless"), Device(count=0)
    registered(person, device, NOW)
    for _ in range(2):
        assert sign(person, device.get(asked(person)))


def test_a_passkey_that_was_removed_signs_nothing_more(signer: User, device: Device) -> None:
    response = device.get(asked(signer))
    Authenticator.objects.all().delete()
    passkeys.retire(signer, NOW)
    with pytest.raises(Refused, match="was removed"):
        sign(signer, response)
    with pytest.raises(Refused, match="not one of yours"):
        asked(signer)


def test_a_passkey_of_another_address_of_the_product_is_not_offered(signer: User, settings: Any) -> None:
    settings.BASE_URL = "https://review.example.org"
    assert asked_of(signer, "s", NOW).passkeys == ()
    with pytest.raises(Refused, match="not one of yours"):
        asked(signer)


def test_without_a_session_no_passkey_is_asked(signer: User) -> None:
    with pytest.raises(Refused):
        asked(signer, session="")


def test_one_credential_is_registered_once(signer: User, device: Device, make_person: MakePerson) -> None:
    other = make_person("Otto Other")
    with pytest.raises(IntegrityError):
        registered(other, device, NOW)


@pytest.mark.parametrize(
    ("base", "origin", "rp"),
    [
        ("http://localhost:8000", "http://localhost:8000", "localhost"),
        ("https://review.example.org", "https://review.example.org", "review.example.org"),
        ("https://review.example.org:443/", "https://review.example.org", "review.example.org"),
        ("https://review.example.org:8443", "https://review.example.org:8443", "review.example.org"),
    ],
)
def test_passkeys_belong_to_the_address_of_the_product(
    settings: Any, base: str, origin: str, rp: str
) -> None:
    settings.BASE_URL = base
    assert (passkeys.origin(), passkeys.rp_id()) == (origin, rp)
