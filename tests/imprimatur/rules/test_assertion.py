"""What a passkey signed is checked from the kept bytes, and anything else than what was signed fails."""

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from fido2 import cbor
from fido2.cose import ES384, RS256, EdDSA
from fido2.webauthn import AuthenticatorData, CollectedClientData

from imprimatur.assertion import (
    Assertion,
    NotProven,
    algorithm_of,
    base64url,
    from_plain,
    unbase64url,
    verify,
)
from imprimatur.signature import check_line
from tests.passkeys import ORIGIN, Device

RECORD = "a" * 64


def stated(device: Device, **other: Any) -> bytes:
    said: dict[str, Any] = {
        "record_sha256": RECORD, "name": "Lex Legal", "meaning": "It may be issued.", "signer": "pseudonym",
        "time": "2026-11-24T09:00:00.000000Z", "nonce": "1",
        "passkey": {"credential": base64url(device.credential_id), "origin": ORIGIN, "rp_id": "localhost"},
    }  # fmt: skip
    return json.dumps(said | other).encode()


def signed(device: Device, statement: bytes) -> Assertion:
    return device.assertion(base64url(sha256(statement).digest()))


def test_what_was_signed_holds_and_gives_the_counter() -> None:
    device = Device(count=6)
    assert verify(signed(device, stated(device)), stated(device)) == 7


def test_it_holds_after_it_was_written_and_read() -> None:
    device = Device()
    kept = json.loads(json.dumps(signed(device, stated(device)).plain()))
    assert verify(from_plain(kept), stated(device)) == 2


@pytest.mark.parametrize("changed", [{"record_sha256": "b" * 64}, {"meaning": "No."}, {"nonce": "2"}])
def test_a_statement_that_was_altered_was_not_signed(changed: dict[str, str]) -> None:
    device = Device()
    with pytest.raises(NotProven, match="challenge"):
        verify(signed(device, stated(device)), stated(device, **changed))


@pytest.mark.parametrize(
    ("device", "why"),
    [
        (Device(origin="https://localhost.evil.example"), "origin"),
        (Device(origin="http://localhost:8001"), "origin"),
        (Device(rp_id="evil.example"), "another site"),
        (Device(verifies=False), "PIN or biometrics"),
    ],
)
def test_what_was_made_elsewhere_or_without_verification_proves_nothing(device: Device, why: str) -> None:
    with pytest.raises(NotProven, match=why):
        verify(signed(device, stated(device)), stated(device))


def test_the_passkey_of_somebody_else_proves_nothing() -> None:
    mine, other = Device(), Device()
    with pytest.raises(NotProven, match="another passkey"):
        verify(signed(other, stated(mine)), stated(mine))
    swapped = replace(signed(other, stated(mine)), credential_id=mine.credential_id)
    with pytest.raises(NotProven, match="signature"):
        verify(replace(swapped, public_key=mine.public_key), stated(mine))


@pytest.mark.parametrize("part", ["authenticator_data", "client_data_json", "signature", "public_key"])
def test_no_byte_of_any_part_can_be_changed(part: str) -> None:
    device = Device()
    whole = signed(device, stated(device))
    value = getattr(whole, part)
    for at in range(len(value)):
        changed = value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :]
        with pytest.raises(NotProven):
            verify(replace(whole, **{part: changed}), stated(device))


def test_an_answer_in_a_frame_of_another_site_and_one_to_a_registration_prove_nothing() -> None:
    device = Device()
    statement = stated(device)
    challenge = base64url(sha256(statement).digest())
    for client in (
        {"type": "webauthn.get", "challenge": challenge, "origin": ORIGIN, "crossOrigin": True},
        {"type": "webauthn.create", "challenge": challenge, "origin": ORIGIN},
    ):
        raw = json.dumps(client).encode()
        data = AuthenticatorData.create(sha256(b"localhost").digest(), AuthenticatorData.FLAG(5), 2)
        signature = device.key.sign(bytes(data) + sha256(raw).digest(), ec.ECDSA(hashes.SHA256()))
        with pytest.raises(NotProven):
            verify(Assertion(device.credential_id, device.public_key, bytes(data), raw, signature), statement)


def _ed25519() -> tuple[Any, Callable[[bytes], bytes]]:
    key = ed25519.Ed25519PrivateKey.generate()
    return EdDSA.from_cryptography_key(key.public_key()), key.sign  # type: ignore[no-untyped-call]


def _rsa() -> tuple[Any, Callable[[bytes], bytes]]:
    key = rsa.generate_private_key(65537, 2048)
    return RS256.from_cryptography_key(key.public_key()), lambda data: key.sign(  # type: ignore[no-untyped-call]
        data, padding.PKCS1v15(), hashes.SHA256()
    )


def _p384() -> tuple[Any, Callable[[bytes], bytes]]:
    key = ec.generate_private_key(ec.SECP384R1())
    return ES384.from_cryptography_key(key.public_key()), lambda data: key.sign(  # type: ignore[no-untyped-call]
        data, ec.ECDSA(hashes.SHA384())
    )


@pytest.mark.parametrize("make", [_ed25519, _rsa, _p384])
def test_keys_of_every_kind_that_is_accepted_can_be_checked(make: Callable[[], tuple[Any, Any]]) -> None:
    cose, sign = make()
    device = Device()
    statement = stated(device)
    client = CollectedClientData.create("webauthn.get", base64url(sha256(statement).digest()), ORIGIN)
    data = AuthenticatorData.create(sha256(b"localhost").digest(), AuthenticatorData.FLAG(5), 3)
    signature = sign(bytes(data) + sha256(client).digest())
    whole = Assertion(device.credential_id, cbor.encode(dict(cose)), bytes(data), bytes(client), signature)
    assert verify(whole, statement) == 3
    with pytest.raises(NotProven):
        verify(replace(whole, signature=signature[:-1] + bytes([signature[-1] ^ 1])), statement)


@pytest.mark.parametrize(
    "key", [b"", b"\xa1\x03\x26", b"\xa0", b"\x9f", b"\xa1\x03\x39\x01\x02", b"\x00" * 40]
)
def test_a_key_that_can_not_be_read_proves_nothing(key: bytes) -> None:
    device = Device()
    with pytest.raises(NotProven):
        verify(replace(signed(device, stated(device)), public_key=key), stated(device))


def test_an_algorithm_that_nobody_can_check_later_is_refused() -> None:
    with pytest.raises(NotProven):
        algorithm_of(cbor.encode({1: 2, 3: -36, -1: 3}))


@pytest.mark.parametrize("text", ["a", "ab=", "a+", "a\n", "YQ==", "YR"])
def test_base64url_has_one_form(text: str) -> None:
    with pytest.raises(NotProven):
        unbase64url(text)


def a_line(device: Device, **other: Any) -> dict[str, Any]:
    statement = stated(device)
    return {
        "name": "Lex Legal", "meaning": "It may be issued.", "signed_at": "2026-11-24T09:00:00.000000Z",
        "statement": statement.decode(), "statement_sha256": sha256(statement).hexdigest(),
        "assertion": signed(device, statement).plain(),
    } | other  # fmt: skip


def test_a_line_of_a_record_is_checked_without_a_server() -> None:
    device = Device()
    found = check_line(a_line(device), RECORD)
    assert (found.signer, found.time) == ("pseudonym", "2026-11-24T09:00:00.000000Z")
    assert found.credential == base64url(device.credential_id)
    assert unbase64url(found.public_key) == device.public_key


@pytest.mark.parametrize(
    ("other", "record"),
    [
        ({}, "b" * 64),
        ({"name": "Somebody Else"}, RECORD),
        ({"meaning": "Never."}, RECORD),
        ({"signed_at": "2026-11-25T09:00:00.000000Z"}, RECORD),
        ({"statement_sha256": "0" * 64}, RECORD),
        ({"assertion": None}, RECORD),
        ({"assertion": {"signature": "AAAA"}}, RECORD),
        ({"statement": None}, RECORD),
    ],
)
def test_a_line_cut_out_or_copied_does_not_hold(other: dict[str, Any], record: str) -> None:
    """21 CFR 11.70: signatures can't be excised, copied or transferred to falsify a record."""
    with pytest.raises(NotProven):
        check_line(a_line(Device(), **other), record)
