"""Checking what a passkey signed from the bytes that were kept, without the server that asked (WebAuthn Level 2, 7.2).

The challenge that the passkey signed is the SHA-256 of a statement; whoever changes a byte of the statement has none.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

ALGORITHMS = (-7, -8, -35, -257)
"""COSE algorithms that can be checked: ES256, EdDSA (Ed25519), ES384, RS256 (RFC 9053, RFC 8812)."""
USER_PRESENT, USER_VERIFIED = 0x01, 0x04
_KINDS: Mapping[int, tuple[int, int | None]] = {
    -7: (2, 1),
    -35: (2, 2),
    -8: (1, 6),
    -257: (3, None),
}  # type, curve
_CURVES: Mapping[int, Callable[[], ec.EllipticCurve]] = {-7: ec.SECP256R1, -35: ec.SECP384R1}
_HASHES: Mapping[int, Callable[[], hashes.HashAlgorithm]] = {-7: hashes.SHA256, -35: hashes.SHA384}


class NotProven(ValueError):  # noqa: N818  (it's an answer, not a fault)
    """The assertion doesn't prove the statement; the text says why, for a log and an auditor."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """What the passkey answered, and the public key that was registered for it; bytes as they came."""

    credential_id: bytes
    public_key: bytes  # COSE_Key (RFC 9052, 7)
    authenticator_data: bytes
    client_data_json: bytes
    signature: bytes

    def plain(self) -> dict[str, str]:
        """Return it as JSON has it: base64url without padding."""
        return {name: base64url(value) for name, value in asdict(self).items()}


def from_plain(found: Mapping[str, str]) -> Assertion:
    """Return the assertion that `plain` wrote; raises NotProven for anything else."""
    try:
        return Assertion(**{name: unbase64url(value) for name, value in found.items()})
    except (TypeError, AttributeError) as error:
        raise NotProven("The assertion lacks parts, or has others.") from error


def verify(assertion: Assertion, statement: bytes) -> int:
    """Check that the passkey signed this statement, and return the counter of the passkey.

    The statement names credential, origin and RP id under "passkey". Checked are: that it is this credential; the
    challenge; type, origin and RP id; that somebody was present and verified by PIN or biometrics; the signature under
    the public key. Raises NotProven. Whether that public key was registered for the person is what the log says.
    """
    named = _named(statement)
    client = _json(assertion.client_data_json, "client data")
    data = assertion.authenticator_data
    expected = {
        "type": "webauthn.get",
        "challenge": base64url(hashlib.sha256(statement).digest()),
        "origin": named.get("origin"),
    }
    for name, value in expected.items():
        if client.get(name) != value:
            raise NotProven(f"The {name} is not the one of the statement.")
    if client.get("crossOrigin") not in {None, False}:
        raise NotProven("It was asked for in a frame of another site.")
    if named.get("credential") != base64url(assertion.credential_id):
        raise NotProven("The statement names another passkey.")
    if len(data) < 37:
        raise NotProven("The authenticator's data are too short.")
    if data[:32] != hashlib.sha256(str(named.get("rp_id")).encode()).digest():
        raise NotProven("It was made for another site.")
    if not data[32] & USER_PRESENT or not data[32] & USER_VERIFIED:
        raise NotProven("Nobody was verified by PIN or biometrics.")
    signed = data + hashlib.sha256(assertion.client_data_json).digest()
    _check(assertion.public_key, assertion.signature, signed)
    return int.from_bytes(data[33:37], "big")


def algorithm_of(public_key: bytes) -> int:
    """Return the COSE algorithm of the key; raises NotProven for one that can't be checked later."""
    key = _cose(public_key)
    algorithm = key.get(3)
    if algorithm not in ALGORITHMS:
        raise NotProven(f"The algorithm {algorithm} is not supported.")
    kind, curve = _KINDS[algorithm]
    if key.get(1) != kind or (curve is not None and key.get(-1) != curve):
        raise NotProven("The key is none of its algorithm.")
    return int(algorithm)


def base64url(value: bytes) -> str:
    """Return base64url without padding (RFC 4648, 5)."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def unbase64url(text: str) -> bytes:
    """Return the bytes; raises NotProven for text that isn't base64url in its one form."""
    try:
        value = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotProven("A part is no base64url.") from error
    if base64url(value) != text:
        raise NotProven("A part is no base64url.")
    return value


def _named(statement: bytes) -> Mapping[str, object]:
    named = _json(statement, "statement").get("passkey")
    if not isinstance(named, dict):
        raise NotProven("The statement names no passkey.")
    return named


def _json(raw: bytes, what: str) -> Mapping[str, object]:
    try:
        found = json.loads(raw.decode())
    except ValueError as error:
        raise NotProven(f"The {what} can't be read.") from error
    if not isinstance(found, dict):
        raise NotProven(f"The {what} can't be read.")
    return found


def _check(public_key: bytes, signature: bytes, signed: bytes) -> None:
    key, algorithm = _cose(public_key), algorithm_of(public_key)
    try:
        if algorithm in _HASHES:
            numbers = ec.EllipticCurvePublicNumbers(_number(key[-2]), _number(key[-3]), _CURVES[algorithm]())
            numbers.public_key().verify(signature, signed, ec.ECDSA(_HASHES[algorithm]()))
        elif algorithm == -8:
            ed25519.Ed25519PublicKey.from_public_bytes(key[-2]).verify(signature, signed)
        else:
            pair = rsa.RSAPublicNumbers(_number(key[-2]), _number(key[-1])).public_key()
            pair.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature as error:
        raise NotProven("The signature is not of this passkey, or not over these bytes.") from error
    except (KeyError, TypeError, ValueError) as error:
        raise NotProven("The public key can't be read.") from error


def _number(value: bytes) -> int:
    return int.from_bytes(value, "big")


def _cose(public_key: bytes) -> Mapping[Any, Any]:
    try:
        found, rest = _cbor(public_key)
    except (IndexError, ValueError, RecursionError) as error:
        raise NotProven("The public key can't be read.") from error
    if rest or not isinstance(found, dict):
        raise NotProven("The public key can't be read.")
    return found


def _cbor(raw: bytes) -> tuple[Any, bytes]:
    """Read one item of what a COSE_Key consists of: whole numbers, bytes, text and maps (RFC 8949)."""
    major, size, rest = raw[0] >> 5, raw[0] & 31, raw[1:]
    if size > 27:
        raise ValueError("Items without a length don't occur in keys.")
    if size >= 24:
        width = 1 << (size - 24)
        if len(rest) < width:
            raise ValueError("The key ends too early.")
        size, rest = int.from_bytes(rest[:width], "big"), rest[width:]
    if major in {0, 1}:
        return (size if major == 0 else -1 - size), rest
    if major in {2, 3}:
        if len(rest) < size:
            raise ValueError("The key ends too early.")
        return (rest[:size] if major == 2 else rest[:size].decode()), rest[size:]
    if major != 5:
        raise ValueError("Such items don't occur in keys.")
    found: dict[Any, Any] = {}
    for _entry in range(size):
        name, rest = _cbor(rest)
        found[name], rest = _cbor(rest)
    return found, rest
