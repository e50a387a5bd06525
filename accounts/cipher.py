"""Encrypts short secrets that stand in the database (AES-256-GCM under a key derived from FIELD_KEY)."""

import base64
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

VERSION = "v1."
_NONCE = 12  # bytes, as NIST SP 800-38D recommends for random nonces


class Undecipherable(ValueError):  # noqa: N818
    """The text was not encrypted under this key, or was changed."""


@lru_cache(maxsize=2)
def _key(secret: str) -> AESGCM:
    derived = HKDF(
        algorithm=SHA256(), length=32, salt=None, info=b"imprimatur/accounts/second-factor"
    ).derive(secret.encode())
    return AESGCM(derived)


def encrypt(text: str) -> str:
    """Return the text encrypted, readable only with FIELD_KEY; the same text looks different each time."""
    nonce = os.urandom(_NONCE)
    sealed = _key(settings.FIELD_KEY).encrypt(nonce, text.encode(), VERSION.encode())
    return VERSION + base64.urlsafe_b64encode(nonce + sealed).decode()


def decrypt(sealed: str) -> str:
    """Return the text; raises Undecipherable for anything that `encrypt` did not make under this key."""
    if not sealed.startswith(VERSION):
        raise Undecipherable("Not an encrypted value of a known version.")
    try:
        raw = base64.urlsafe_b64decode(sealed[len(VERSION) :])
        return _key(settings.FIELD_KEY).decrypt(raw[:_NONCE], raw[_NONCE:], VERSION.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise Undecipherable("Made under another FIELD_KEY, or changed.") from error
