"""Where the files of bundles lie: encrypted from their first byte, and only whole ones bear their name.

Each has a random key of its own, wrapped by the master key in use (`audit.master_keys`). They aren't wrapped anew when
master keys are exchanged: a bundle can be made again.
"""

import fcntl
import hashlib
import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, BinaryIO

from django.conf import settings

from audit import files, master_keys
from audit.master_keys import HEADER, NoMasterKey
from audit.segments import Writer

PART, ENDING = ".part", ".locked"
"""The ending of what is being written, see `imprimatur.bundle.writing`, and that of every bundle."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A finished file as it is handed out: 64 hexadecimal digits, and its size in bytes."""

    sha256: str
    size: int


class Locked:
    """Between a bundle and its file: what comes is encrypted before it is written."""

    def __init__(self, bundle_id: int, file: IO[bytes]) -> None:
        """Write the header to an empty file; raises NoMasterKey."""
        key = os.urandom(master_keys.KEY)
        os.pwrite(file.fileno(), master_keys.header_of(key, _about(bundle_id)), 0)
        self._writer = Writer(file.fileno(), key, HEADER)

    def write(self, content: bytes, /) -> int:
        """Take these bytes."""
        self._writer.write(content)
        return len(content)

    def flush(self) -> None:
        """Write what is held back; more may come."""
        self._writer.finish()


def folder() -> Path:
    """Return the folder of bundles, which exists then."""
    found = Path(settings.DATA_DIR) / "bundles"
    found.mkdir(parents=True, exist_ok=True, mode=0o700)
    return found


def place(bundle_id: int) -> Path:
    """Return where the file of a bundle lies, or will."""
    return folder() / f"{bundle_id}{ENDING}"


def lock_of(bundle_id: int) -> partial[Locked]:
    """Return what encrypts the bundle with this number."""
    return partial(Locked, bundle_id)


def weigh(bundle_id: int, still: Callable[[], None] = lambda: None) -> Whole:
    """Read all of the file and return digest and size of what is in it; raises OSError, ValueError and NoMasterKey.

    `still` is called now and then, for large files.
    """
    digest, size = hashlib.sha256(), 0
    with _open(bundle_id) as file:
        while chunk := file.read(files.CHUNK):
            digest.update(chunk)
            size += len(chunk)
            still()
    return Whole(digest.hexdigest(), size)


def open_bundle(bundle_id: int, size: int) -> BinaryIO | None:
    """Open the file for reading, anywhere in it; None when it isn't there or not what was written."""
    try:
        file = _open(bundle_id)
    except (OSError, ValueError, NoMasterKey):
        return None
    if file.seek(0, io.SEEK_END) != size:
        file.close()
        return None
    file.seek(0)
    return file


def remove(bundle_id: int) -> None:
    """Delete the file, and what a killed worker left of it."""
    place(bundle_id).unlink(missing_ok=True)
    part = place(bundle_id).with_name(place(bundle_id).name + PART)
    if part.exists() and not _is_being_written(part):
        part.unlink(missing_ok=True)


def on_it() -> dict[int, list[Path]]:
    """Return what lies there, by the number of the bundle; 0 for names that are none of ours."""
    found: dict[int, list[Path]] = {}
    for path in folder().iterdir():
        number = path.name.removesuffix(PART).removesuffix(ENDING)
        found.setdefault(int(number) if number.isascii() and number.isdigit() else 0, []).append(path)
    return found


def _open(bundle_id: int) -> BinaryIO:
    handle = os.open(place(bundle_id), os.O_RDONLY)
    try:
        return files.reader(handle, master_keys.key_of(handle, _about(bundle_id)))
    except BaseException:
        os.close(handle)
        raise


def _about(bundle_id: int) -> bytes:
    return f"bundle {bundle_id}".encode()


def _is_being_written(part: Path) -> bool:
    """Say whether a worker holds the file; one that was killed holds nothing."""
    with part.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
