"""Sealed files on disk: named by the SHA-256 of what they hold, encrypted at rest, written once, never
overwritten.
"""

import os
import secrets
from pathlib import Path

from django.conf import settings

from imprimatur.durable import sync
from records.canonical import digest
from records.seal.vault import Unreadable, lock, unlock


class Lost(Exception):  # noqa: N818
    """A file that was issued is not there, or is not what was issued any more."""


def _place(sha256: str) -> Path:
    return Path(settings.DATA_DIR) / "records" / sha256[:2] / f"{sha256}.pdf.locked"


def keep(content: bytes) -> str:
    """Store the content and return its SHA-256; when this returns, the bytes are on the disk."""
    sha256 = digest(content)
    place = _place(sha256)
    if place.exists():
        read(sha256)
        return sha256
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = place.with_name(f".{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(lock(content, sha256))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, place)  # unlike rename, this never overwrites
        except FileExistsError:
            read(sha256)
    finally:
        draft.unlink(missing_ok=True)
    sync(place.parent)
    return sha256


def read(sha256: str) -> bytes:
    """Return the bytes that were issued under this digest; raises Lost, never other bytes."""
    try:
        content = unlock(_place(sha256).read_bytes(), sha256)
    except (OSError, Unreadable) as fault:
        raise Lost(f"The sealed file {sha256[:16]} can't be read: {fault}") from fault
    if digest(content) != sha256:
        raise Lost(f"The sealed file {sha256[:16]} was changed on the disk.")
    return content
