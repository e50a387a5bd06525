"""Where the files of bundles lie: only whole ones bear their name, and nobody but the application reads the folder."""

import fcntl
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

PART = ".part"
"""The ending of what is being written, see `imprimatur.bundle.writing`."""
CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Whole:
    """A finished file: 64 hexadecimal digits, and its size in bytes."""

    sha256: str
    size: int


def folder() -> Path:
    """Return the folder of bundles, which exists then."""
    found = Path(settings.DATA_DIR) / "bundles"
    found.mkdir(parents=True, exist_ok=True, mode=0o700)
    return found


def place(bundle_id: int) -> Path:
    """Return where the file of a bundle lies, or will."""
    return folder() / f"{bundle_id}.zip"


def weigh(bundle_id: int) -> Whole:
    """Read the file and return its digest and size; raises OSError when it isn't there."""
    digest, size = hashlib.sha256(), 0
    with place(bundle_id).open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return Whole(digest.hexdigest(), size)


def open_bundle(bundle_id: int, size: int) -> BinaryIO | None:
    """Open the file for reading, None when it isn't there or not as long as it was."""
    try:
        file = place(bundle_id).open("rb")
    except OSError:
        return None
    if os.fstat(file.fileno()).st_size != size:
        file.close()
        return None
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
        number = path.name.removesuffix(PART).removesuffix(".zip")
        found.setdefault(int(number) if number.isascii() and number.isdigit() else 0, []).append(path)
    return found


def _is_being_written(part: Path) -> bool:
    """Say whether a worker holds the file; one that was killed holds nothing."""
    with part.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
