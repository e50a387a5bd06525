"""Files that people hand in, kept by the SHA-256 of what they hold: written once, never overwritten.

The name that a person gave to a file belongs to the row that points here, so two files with one name stay two.
"""

import hashlib
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files import File

CHUNK = 1024 * 1024
_DIGITS = frozenset("0123456789abcdef")


class EmptyUpload(ValueError):  # noqa: N818
    """Nothing came: an empty file, or an upload that was cut off before its first byte."""


class BrokenUpload(ValueError):  # noqa: N818
    """Fewer or more bytes came than were announced."""


class Lost(Exception):  # noqa: N818
    """A file that was kept is not there, or is not what was kept any more."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What identifies a kept file: 64 lower-case hexadecimal digits, and its size in bytes."""

    sha256: str
    size: int


def keep(upload: "File[bytes]") -> Kept:
    """Store the upload in chunks and return its digest; when this returns, the bytes are on the disk.

    Raises EmptyUpload or BrokenUpload, and then nothing is kept: a failed hash is never stored as an empty one.
    """
    return keep_chunks(upload.chunks(CHUNK), announced=upload.size)


def keep_chunks(chunks: Iterable[bytes], *, announced: int | None = None) -> Kept:
    """Store what the chunks hold, as `keep` does; `announced` is the size in bytes when it is known."""
    drafts = root() / "drafts"
    drafts.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = drafts / secrets.token_hex(12)
    try:
        kept = _write(draft, chunks)
        if not kept.size:
            raise EmptyUpload("The file is empty.")
        if announced is not None and kept.size != announced:
            raise BrokenUpload(f"{announced} bytes were announced, {kept.size} came.")
        _settle(draft, place_of(kept.sha256))
    finally:
        draft.unlink(missing_ok=True)
    return kept


def measure_part(part: Path, *, announced: int) -> Kept:
    """Return what a file that came in parts would be kept as; it is on the disk then, and stays where it is.

    It is read once more for its digest, so what is kept is what lies on the disk and not what was meant to come.
    Raises EmptyUpload, BrokenUpload, and FileNotFoundError.
    """
    with part.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        size = file.tell()
        os.fsync(file.fileno())
    if not size:
        raise EmptyUpload("The file is empty.")
    if size != announced:
        raise BrokenUpload(f"{announced} bytes were announced, {size} came.")
    return Kept(digest.hexdigest(), size)


def keep_part(part: Path, kept: Kept) -> None:
    """Keep a part that was measured; it has to lie on the same disk, and is gone then. Raises FileNotFoundError."""
    _settle(part, place_of(kept.sha256))
    part.unlink(missing_ok=True)


def open_file(sha256: str) -> BinaryIO:
    """Open a kept file for reading; raises Lost when it isn't there. `check` says whether its bytes are right."""
    try:
        return place_of(sha256).open("rb")
    except OSError as fault:
        raise Lost(f"The file {sha256[:16]} can't be read: {fault.strerror}") from fault


def check(sha256: str) -> Kept:
    """Read the file and return its digest and size; raises Lost when it is missing or was changed on the disk."""
    digest, size = hashlib.sha256(), 0
    with open_file(sha256) as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    if digest.hexdigest() != sha256:
        raise Lost(f"The file {sha256[:16]} was changed on the disk.")
    return Kept(sha256, size)


def place_of(sha256: str) -> Path:
    """Return where the file lies; raises Lost for a text that is no digest, so that no path leaves the folder."""
    if len(sha256) != 64 or not _DIGITS.issuperset(sha256):
        raise Lost(f"{sha256[:16]!r} is not a SHA-256 digest.")
    return root() / sha256[:2] / sha256


def root() -> Path:
    """Return the folder of all that is kept."""
    return Path(settings.DATA_DIR) / "files"


def _write(draft: Path, chunks: Iterable[bytes]) -> Kept:
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for chunk in chunks:
            file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        file.flush()
        os.fsync(file.fileno())
    return Kept(digest.hexdigest(), size)


def _settle(draft: Path, place: Path) -> None:
    """Give the draft its name; a file of this name holds the same bytes, unless somebody changed it on the disk."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not place.exists() or place.stat().st_size != draft.stat().st_size:
        draft.replace(place)
        _sync_folder(place.parent)
        _sync_folder(place.parent.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
