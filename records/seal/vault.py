"""Encryption at rest under the field key: passphrases of key files, and the bytes of stored records."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_NONCE = 12


class Unreadable(Exception):  # noqa: N818
    """Bytes that were not encrypted with this installation's field key, or were changed since."""


def _derived(purpose: str) -> bytes:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"imprimatur records {purpose}".encode())
    return key.derive(settings.FIELD_KEY.encode())


def passphrase(purpose: str) -> bytes:
    """Return the passphrase of the key file for this purpose."""
    return _derived(f"passphrase {purpose}").hex().encode()


def lock(content: bytes, name: str) -> bytes:
    """Return the content encrypted and bound to its name (AES-256-GCM)."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(_derived("files")).encrypt(nonce, content, name.encode())


def unlock(content: bytes, name: str) -> bytes:
    """Return the content that was locked under this name; raises Unreadable."""
    try:
        return AESGCM(_derived("files")).decrypt(content[:_NONCE], content[_NONCE:], name.encode())
    except (InvalidTag, ValueError) as fault:
        raise Unreadable(f"{name} can't be decrypted with the present field key.") from fault
