"""Files that people hand in, kept by the SHA-256 of what they hold: written once, encrypted, never overwritten.

Each file has a random key of its own, wrapped by a master key (`audit.master_keys`), and lies in encrypted segments
(`audit.segments`) from its first byte on. The digest is that of the bytes in clear, so the same file twice is one.

The name that a person gave to a file belongs to the row that points here, so two files with one name stay two.
"""

import hashlib
import io
import os
import secrets
import weakref
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from django.conf import settings
from django.core.files import File

from audit import master_keys
from audit.master_keys import HEADER, NoMasterKey
from audit.segments import SEGMENT, Reader, Writer
from imprimatur.durable import sync

CHUNK = 1024 * 1024
_DIGITS = frozenset("0123456789abcdef")


class EmptyUpload(ValueError):  # noqa: N818
    """Nothing came: an empty file, or an upload that was cut off before its first byte."""


class BrokenUpload(ValueError):  # noqa: N818
    """Fewer or more bytes came than were announced."""


class Lost(Exception):  # noqa: N818
    """A file that was kept is not there, is not what was kept any more, or its master key is missing."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What identifies a kept file: 64 lower-case hexadecimal digits, and its size in bytes."""

    sha256: str
    size: int


class Draft:
    """A file that is being written: hashed and encrypted as it comes, under a key that is on no disk until it is kept.

    Not kept, it is gone with this object; what a killed process leaves behind nobody can read, and is swept away.
    """

    def __init__(self) -> None:
        drafts = root() / "drafts"
        drafts.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = drafts / secrets.token_hex(12)
        self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        self._forget = weakref.finalize(self, _forget, self._path, self._handle)
        self._key = os.urandom(master_keys.KEY)
        self._writer, self._digest = Writer(self._handle, self._key, HEADER), hashlib.sha256()
        os.pwrite(self._handle, bytes(HEADER), 0)

    def write(self, chunk: bytes) -> None:
        """Take these bytes."""
        self._writer.write(chunk)
        self._digest.update(chunk)

    def finish(self) -> Kept:
        """Return what it would be kept as; nothing can be written any more."""
        self._writer.finish()
        return Kept(self._digest.hexdigest(), self._writer.size)

    @property
    def size(self) -> int:
        """Return how many bytes it has."""
        return self._writer.size

    def open(self) -> BinaryIO:
        """Open what was finished for reading."""
        return reader(os.dup(self._handle), self._key)

    def keep(self) -> Kept:
        """Keep what was finished; when this returns, the bytes are on the disk. Raises EmptyUpload and BrokenUpload."""
        if not self._forget.alive:
            raise BrokenUpload("It was forgotten.")
        kept = Kept(self._digest.hexdigest(), self.size)
        if not kept.size:
            raise EmptyUpload("The file is empty.")
        with master_keys.in_use(lock()):
            os.pwrite(self._handle, master_keys.header_of(self._key, kept.sha256.encode()), 0)
            os.fsync(self._handle)
            _settle(self._path, kept)
        self.discard()
        return kept

    def discard(self) -> None:
        """Forget it, unless it was kept."""
        self._forget()

    def __enter__(self) -> "Draft":
        return self

    def __exit__(self, *_fault: object) -> None:
        self.discard()


def _forget(path: Path, handle: int) -> None:
    path.unlink(missing_ok=True)
    os.close(handle)


def keep(upload: "File[bytes]") -> Kept:
    """Store the upload in chunks and return its digest; when this returns, the bytes are on the disk.

    What lies encrypted on the disk already, as an upload does, isn't written again. Raises EmptyUpload or BrokenUpload,
    and then nothing is kept: a failed hash is never stored as an empty one.
    """
    draft = getattr(upload, "draft", None)
    if isinstance(draft, Draft):
        if draft.size != upload.size:
            raise BrokenUpload(f"{upload.size} bytes were announced, {draft.size} came.")
        return draft.keep()
    return keep_chunks(upload.chunks(CHUNK), announced=upload.size)


def keep_chunks(chunks: Iterable[bytes], *, announced: int | None = None) -> Kept:
    """Store what the chunks hold, as `keep` does; `announced` is the size in bytes when it is known."""
    with Draft() as draft:
        for chunk in chunks:
            draft.write(chunk)
        came = draft.finish().size
        if came and announced is not None and came != announced:
            raise BrokenUpload(f"{announced} bytes were announced, {came} came.")
        return draft.keep()


def open_file(sha256: str) -> BinaryIO:
    """Open a kept file for reading, anywhere in it.

    Raises Lost when it isn't there, was cut off, or its key can't be unwrapped. A byte that was changed raises OSError
    when it is read; `check` reads them all.
    """
    try:
        handle = os.open(place_of(sha256), os.O_RDONLY)
    except OSError as fault:
        raise Lost(f"The file {sha256[:16]} can't be read: {fault.strerror}") from fault
    try:
        return reader(handle, master_keys.key_of(handle, sha256.encode()))
    except (OSError, ValueError) as fault:
        os.close(handle)
        raise Lost(f"The file {sha256[:16]} was changed on the disk: {fault}") from fault
    except NoMasterKey as fault:
        os.close(handle)
        raise Lost(f"The file {sha256[:16]} can't be read. {fault}") from fault


def check(sha256: str) -> Kept:
    """Read the file and return its digest and size; raises Lost when it is missing or was changed on the disk."""
    with open_file(sha256) as file:
        try:
            found = digest_of(file)
        except OSError as fault:
            raise Lost(f"The file {sha256[:16]} was changed on the disk: {fault}") from fault
    if found.sha256 != sha256:
        raise Lost(f"The file {sha256[:16]} was changed on the disk.")
    return found


def digest_of(file: BinaryIO) -> Kept:
    """Read what is left of the file; return its digest and size."""
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return Kept(digest.hexdigest(), size)


def reader(handle: int, key: bytes) -> BinaryIO:
    """Open for reading what has a header and segments under this key; raises OSError when it was cut off."""
    return cast("BinaryIO", io.BufferedReader(Reader(handle, key, HEADER), SEGMENT))


def adopt(part: Path, handle: int, key: bytes, kept: Kept, *, before: bytes) -> None:
    """Keep a finished file that lies on the same disk and is open; it is gone from its place then.

    `before`: what its key is wrapped for. Where this fails or is killed, it is still there as it was.
    """
    with (
        master_keys.in_use(lock()),
        master_keys.wrapped_for(handle, key, kept.sha256.encode(), before=before),
    ):
        _settle(part, kept)
    part.unlink(missing_ok=True)


def place_of(sha256: str) -> Path:
    """Return where the file lies; raises Lost for a text that is no digest, so that no path leaves the folder."""
    if len(sha256) != 64 or not _DIGITS.issuperset(sha256):
        raise Lost(f"{sha256[:16]!r} is not a SHA-256 digest.")
    return root() / sha256[:2] / sha256


def root() -> Path:
    """Return the folder of all that is kept."""
    return Path(settings.DATA_DIR) / "files"


def lock() -> Path:
    """Return the file that a rotation of the master keys locks against everybody who wraps a key."""
    return root() / "keys.lock"


def _settle(draft: Path, kept: Kept) -> None:
    """Give the draft its name; a file of this name holds the same bytes, unless they were changed on the disk.

    Then the draft takes its place, so what was damaged is mended when somebody hands it in again.
    """
    place = place_of(kept.sha256)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not _stands(kept):
        draft.replace(place)
        sync(place.parent)
        sync(place.parent.parent)


def _stands(kept: Kept) -> bool:
    try:
        return check(kept.sha256) == kept
    except Lost:
        return False
