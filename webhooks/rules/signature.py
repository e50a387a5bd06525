"""Signatures as the Standard Webhooks specification says: HMAC-SHA256 over id, timestamp and body."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"
BYTES = 32  # the specification wants 24 to 64


def new_secret() -> str:
    """Return a fresh secret as it is shown: `whsec_` and base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(BYTES)).decode()


def new_message_id() -> str:
    """Return an id for a message; the same on every attempt, so that a receiver knows what it has seen."""
    return f"msg_{secrets.token_hex(16)}"


def signatures(keys: Iterable[str], *, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the header `webhook-signature`: one signature for each secret, the newest first, parted by spaces."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return " ".join(f"v1,{_sign(key, signed)}" for key in keys)


def _sign(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
