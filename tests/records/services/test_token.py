"""Seals whose key is on a token: signed there, never read from it, and each fault of the token is one sentence."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings
from django.utils import timezone

from records.checks import check_seal, check_tokens, refuse_without_seal
from records.models import Certificate, Origin, Purpose
from records.rendering import print_record
from records.seal import token as tokens
from records.seal.credentials import NotReady, seal_at, system_at
from tests.records.houses import House
from tests.records.made import Make
from tests.records.softhsm import Token

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DATA = b"what is signed"


@pytest.fixture(scope="session")  # tests without a database run apart, and the module is loaded once
def bank() -> House:
    return House("Example Bank")


@pytest.fixture(scope="session")  # tests without a database run apart, and the module is loaded once
def token(tmp_path_factory: pytest.TempPathFactory) -> Token:
    return Token(tmp_path_factory.mktemp("token"))


@pytest.fixture(scope="session")  # tests without a database run apart, and the module is loaded once
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture(scope="session")  # tests without a database run apart, and the module is loaded once
def on_token(token: Token, bank: House, rsa_key: rsa.RSAPrivateKey) -> dict[str, str]:
    """Put both keys there before anybody is signed in to it."""
    token.put(bank.certify("RSA", key=rsa_key), "rsa")
    return token.put(bank.certify("Example Bank"), "seal")


@pytest.fixture(autouse=True)
def _a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "_refused", set())


@pytest.fixture
def seal(on_token: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setattr(settings, "SEAL_PKCS11", on_token)
    return on_token


@pytest.mark.django_db
def test_the_token_signs_and_its_certificate_verifies_it(seal: dict[str, str]) -> None:
    credential = seal_at(NOW)
    assert [item.subject.native["common_name"] for item in credential.chain] == [
        "Example Bank", "Example Bank Records Issuing", "Example Bank Records Root",
    ]  # fmt: skip
    signature = asyncio.run(credential.signer.async_sign_raw(DATA, "sha256"))
    key = Certificate(chain=credential.chain_pem()).loaded().public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    key.verify(signature, DATA, ec.ECDSA(SHA256()))
    assert system_at(NOW).sha256 == credential.sha256


@pytest.mark.django_db
def test_a_key_of_rsa_signs_too(
    seal: dict[str, str], rsa_key: rsa.RSAPrivateKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SEAL_PKCS11", seal | {"key": "rsa", "certificate": "rsa"})
    signature = asyncio.run(seal_at(NOW).signer.async_sign_raw(DATA, "sha256"))
    rsa_key.public_key().verify(signature, DATA, padding.PKCS1v15(), SHA256())


def test_a_record_is_sealed_with_it(seal: dict[str, str], sealed: Make) -> None:
    record = sealed()
    row = record.signer
    assert row is not None
    assert (row.purpose, row.origin, row.name) == (Purpose.SEAL, Origin.BROUGHT, "Example Bank")
    assert print_record(record).pages == record.pages


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"token": "another"}, "the token another can't be used"),
        ({"key": "nobody", "certificate": "seal"}, "Could not find private key with label 'nobody'"),
        ({"certificate": "nobody"}, "Could not find certificate with label 'nobody'"),
        ({"module": "/usr/lib/os-release"}, "can't be used"),
    ],
)
def test_what_is_not_there_is_named(
    seal: dict[str, str], monkeypatch: pytest.MonkeyPatch, change: dict[str, str], told: str
) -> None:
    monkeypatch.setattr(settings, "SEAL_PKCS11", seal | change)
    with pytest.raises(NotReady) as fault:
        seal_at(NOW)
    assert told in str(fault.value)
    assert seal["pin"] not in str(fault.value)


@pytest.mark.django_db
def test_a_refused_pin_is_not_tried_again(seal: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    tokens._forget(seal)  # nobody is signed in to the token
    monkeypatch.setattr(settings, "SEAL_PKCS11", seal | {"pin": "0000"})
    with pytest.raises(NotReady, match="PIN"):
        seal_at(NOW)
    with pytest.raises(NotReady, match="isn't tried again"):
        seal_at(NOW)
    monkeypatch.setattr(settings, "SEAL_PKCS11", seal)
    assert seal_at(NOW).chain


@pytest.mark.django_db
def test_a_session_that_broke_is_opened_anew(seal: dict[str, str]) -> None:
    seal_at(NOW)
    tokens._session(seal).close()  # as when the token was drawn and put back
    signature = asyncio.run(seal_at(NOW).signer.async_sign_raw(DATA, "sha256"))
    assert signature


@pytest.mark.django_db
def test_an_expired_certificate_on_the_token_refuses_to_seal(seal: dict[str, str]) -> None:
    with pytest.raises(NotReady, match="IMPRIMATUR_SEAL_PKCS11"):
        seal_at(NOW + timedelta(days=800))


def test_a_start_asks_no_token_and_the_check_for_deployment_does(
    seal: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    assert check_tokens() == []
    monkeypatch.setattr(settings, "SEAL_PKCS11", seal | {"token": "away"})
    refuse_without_seal()
    assert check_seal() == []
    assert [message.id for message in check_tokens()] == ["records.E001"]


def test_what_ends_soon_is_a_warning(seal: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=650))
    assert [message.id for message in check_tokens()] == ["records.W001"]
    refuse_without_seal()
