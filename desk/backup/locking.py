"""The file of the keys: encrypted under a passphrase that is on no disk beside it.

The passphrase is stretched with scrypt (RFC 7914) and the content encrypted with AES-256-GCM; the parameters stand in
front and are authenticated too, so a byte changed anywhere is found.
"""

import base64
import json
import os
import struct
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from desk.backup.refusal import NotPossible

MAGIC = b"IMPKEYS1"
COST = 17  # log2 of scrypt's N: 128 MB and half a second for each guess
DEAREST = 20  # what somebody else's file may ask of this machine
SHORTEST = 16  # characters of a passphrase
_HEAD = struct.Struct(">8sB16s12s")


def lock(secrets: Mapping[str, bytes], about: Mapping[str, Any], passphrase: str) -> bytes:
    """Return the secrets, by name, and what they belong to, encrypted. Raises NotPossible for a short passphrase."""
    if len(passphrase) < SHORTEST:
        raise NotPossible(f"The passphrase needs {SHORTEST} characters or more; five random words are good.")
    named = {name: base64.b64encode(content).decode() for name, content in sorted(secrets.items())}
    salt, nonce = os.urandom(16), os.urandom(12)
    head = _HEAD.pack(MAGIC, COST, salt, nonce)
    content = json.dumps({"about": dict(about), "secrets": named}, sort_keys=True).encode()
    return head + _cipher(passphrase, salt, COST).encrypt(nonce, content, head)


def unlock(content: bytes, passphrase: str) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Return the secrets by name, and what they belong to; raises NotPossible."""
    head = content[: _HEAD.size]
    if len(head) < _HEAD.size or not head.startswith(MAGIC):
        raise NotPossible(
            "This is no file of keys that `manage.py backup` made. Name the right one with --keys."
        )
    _magic, cost, salt, nonce = _HEAD.unpack(head)
    try:
        if not 1 <= cost <= DEAREST:
            raise InvalidTag
        plain = _cipher(passphrase, salt, cost).decrypt(nonce, content[_HEAD.size :], head)
    except InvalidTag:
        raise NotPossible(
            "The passphrase is wrong, or the file of the keys was changed. Try the passphrase again; if it is right,"
            " take another copy of the file."
        ) from None
    found = json.loads(plain)
    return {name: base64.b64decode(text) for name, text in found["secrets"].items()}, found["about"]


def _cipher(passphrase: str, salt: bytes, cost: int) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=2**cost, r=8, p=1).derive(passphrase.encode()))
