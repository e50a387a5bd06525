"""DSSE: what is signed is the payload together with its type, so that one kind of text never passes for another.

Keys are ECDSA on P-256 with SHA-256, or Ed25519. Source: DSSE v1 protocol, "Signature definition" (PAE).
"""

import hashlib
from dataclasses import dataclass
from typing import TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PrivateKey: TypeAlias = ec.EllipticCurvePrivateKey | Ed25519PrivateKey
MOST_KEYS = 16  # in one file
_BEGIN, _END = "-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----"


class NotAKey(ValueError):  # noqa: N818
    """The text holds no key that can be used here; the message says what it is instead."""


def pae(payload_type: str, payload: bytes) -> bytes:
    """Return the bytes that are signed (pre-authentication encoding)."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key by its SubjectPublicKeyInfo in DER (RFC 5280, 4.1.2.7)."""

    der: bytes

    @property
    def id(self) -> str:
        """Return the SHA-256 of the DER, in hex: the hint by which bundles name a key."""
        return hashlib.sha256(self.der).hexdigest()

    def pem(self) -> str:
        """Return the key as it is handed around."""
        encoding, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        return serialization.load_der_public_key(self.der).public_bytes(encoding, form).decode()

    def verifies(self, signature: bytes, payload_type: str, payload: bytes) -> bool:
        """Say whether the signature over the payload of this type is good."""
        key, message = serialization.load_der_public_key(self.der), pae(payload_type, payload)
        try:
            if isinstance(key, ec.EllipticCurvePublicKey):
                key.verify(signature, message, ec.ECDSA(hashes.SHA256()))
            elif isinstance(key, Ed25519PublicKey):
                key.verify(signature, message)
            else:
                return False
        except InvalidSignature:
            return False
        return True


def sign(key: PrivateKey, payload_type: str, payload: bytes) -> bytes:
    """Return the signature over the payload of this type; DER for ECDSA."""
    message = pae(payload_type, payload)
    if isinstance(key, Ed25519PrivateKey):
        return key.sign(message)
    return key.sign(message, ec.ECDSA(hashes.SHA256()))


def public_of(key: PrivateKey) -> PublicKey:
    """Return the public part."""
    encoding, form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return PublicKey(key.public_key().public_bytes(encoding, form))


def new_key() -> ec.EllipticCurvePrivateKey:
    """Return a new key on P-256."""
    return ec.generate_private_key(ec.SECP256R1())


def private_key(pem: bytes, password: bytes | None = None) -> PrivateKey:
    """Read a private key (PEM, PKCS#8); raises NotAKey."""
    try:
        key = serialization.load_pem_private_key(pem, password)
    except (ValueError, TypeError):
        raise NotAKey(
            "This is no private key in PEM (PKCS#8), or its password is missing or wrong."
        ) from None
    if isinstance(key, Ed25519PrivateKey):
        return key
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    raise NotAKey("The key must be on the curve P-256, or an Ed25519 key.")


def public_keys(pem: bytes) -> tuple[PublicKey, ...]:
    """Read the public keys of a PEM file, in its order, each once; raises NotAKey."""
    text = pem.decode("ascii", errors="replace")
    if "PRIVATE KEY" in text:
        raise NotAKey("This is a private key. Give the public one, and keep this one where it was made.")
    blocks = text.split(_BEGIN)[1:]
    if not blocks or len(blocks) > MOST_KEYS or any(_END not in block for block in blocks):
        raise NotAKey(f"This is no file with public keys in PEM, one to {MOST_KEYS} of them.")
    return tuple(dict.fromkeys(_public_key(f"{_BEGIN}{block.split(_END)[0]}{_END}\n") for block in blocks))


def _public_key(pem: str) -> PublicKey:
    try:
        key = serialization.load_pem_public_key(pem.encode())
    except ValueError:
        raise NotAKey("A public key in this file can't be read.") from None
    on_p256 = isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)
    if not on_p256 and not isinstance(key, Ed25519PublicKey):
        raise NotAKey("The key must be on the curve P-256, or an Ed25519 key.")
    encoding, form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return PublicKey(key.public_bytes(encoding, form))
