"""A signed payload as it travels: Sigstore bundles v0.3 as JSON lines, one signature each, all over the same payload.

What is read here is not trusted: first the signatures are checked, then the payload is looked at.
Source: Sigstore protobuf-specs, sigstore_bundle.proto (bundle v0.3, dsseEnvelope, publicKey).
"""

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import dataclass

from imprimatur import dsse
from imprimatur.cards.located import Node, Table, as_items, as_table
from imprimatur.cards.stated import CardFault
from imprimatur.cards.strict_json import read_json

LARGEST = 1_000_000  # bytes of a file
MOST_SIGNERS = 16
MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json"
_MEDIA_TYPES = {MEDIA_TYPE, "application/vnd.dev.sigstore.bundle+json;version=0.3"}


class NotSigned(ValueError):  # noqa: N818
    """The bytes are no signed payload at all; the message says why."""


class PayloadsDiffer(ValueError):  # noqa: N818
    """The lines carry different payloads: what was signed can't be told."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A payload of a type, and the signatures that came with it, unchecked."""

    payload_type: str
    payload: bytes
    signatures: tuple[bytes, ...]

    def signers(self, keys: Iterable[dsse.PublicKey]) -> frozenset[dsse.PublicKey]:
        """Return those of the keys that signed the payload."""
        return frozenset(
            key
            for key in keys
            if any(key.verifies(signature, self.payload_type, self.payload) for signature in self.signatures)
        )


def write(payload_type: str, payload: bytes, keys: Iterable[dsse.PrivateKey]) -> bytes:
    """Sign the payload with each key; return the bundles, a line each."""
    return b"".join(_line(payload_type, payload, key) for key in keys)


def read(content: bytes) -> Signed:
    """Read bundles, a line each; raises NotSigned, and PayloadsDiffer when the lines don't say the same."""
    if len(content) > LARGEST:
        raise NotSigned(f"it is larger than {LARGEST:,} bytes")
    lines = [line for line in content.split(b"\n") if line.strip()]
    if not lines or len(lines) > MOST_SIGNERS:
        raise NotSigned(f"it has {len(lines):,} lines; 1 to {MOST_SIGNERS} are expected, a bundle each")
    found = [_read_line(number, line) for number, line in enumerate(lines, 1)]
    if len({(one.payload_type, one.payload) for one in found}) > 1:
        raise PayloadsDiffer("The signatures are over different payloads.")
    return Signed(found[0].payload_type, found[0].payload, tuple(one.signatures[0] for one in found))


def _line(payload_type: str, payload: bytes, key: dsse.PrivateKey) -> bytes:
    hint = dsse.public_of(key).id
    signature = dsse.sign(key, payload_type, payload)
    bundle = {
        "mediaType": MEDIA_TYPE,
        "verificationMaterial": {"publicKey": {"hint": hint}, "tlogEntries": []},
        "dsseEnvelope": {
            "payload": base64.b64encode(payload).decode(),
            "payloadType": payload_type,
            "signatures": [{"sig": base64.b64encode(signature).decode(), "keyid": hint}],
        },
    }
    return json.dumps(bundle, separators=(",", ":")).encode() + b"\n"


def _read_line(number: int, line: bytes) -> Signed:
    try:
        bundle = read_json(line, LARGEST)
    except CardFault as fault:
        raise NotSigned(f"line {number} is no JSON that can be relied on: {fault}") from None
    if not isinstance(bundle, Table) or bundle.get("mediaType") not in _MEDIA_TYPES:
        raise NotSigned(f"line {number} is no Sigstore bundle of version 0.3")
    envelope = bundle.get("dsseEnvelope")
    if not isinstance(envelope, Table):
        raise NotSigned(f"line {number} is a bundle without a DSSE envelope")
    signatures, kind = as_items(envelope.get("signatures")), envelope.get("payloadType")
    if len(signatures) != 1 or not isinstance(kind, str) or not kind.isascii():
        raise NotSigned(f"the envelope of line {number} must have a type and one signature")
    signature = _bytes(as_table(signatures[0]).get("sig"), number)
    return Signed(kind, _bytes(envelope.get("payload"), number), (signature,))


def _bytes(value: Node, number: int) -> bytes:
    if not isinstance(value, str) or not value:
        raise NotSigned(f"the envelope of line {number} lacks its payload or its signature")
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise NotSigned(f"the envelope of line {number} isn't encoded in base64") from None
