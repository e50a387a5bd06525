"""Bytes that reach the disk whole or not at all, with their digest; copies that take no room where nothing changed."""

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from desk.backup.refusal import NotPossible
from imprimatur import durable

CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored file: SHA-256 of its bytes as they lie there, in hexadecimal, and how many they are."""

    sha256: str
    size: int


def digest_of(path: Path) -> Stored:
    """Read the file; raises OSError."""
    known, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            known.update(chunk)
            size += len(chunk)
    return Stored(known.hexdigest(), size)


def write(path: Path, content: bytes) -> Stored:
    """Write a new file for the eyes of its owner; when this returns, it is on the disk."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return Stored(hashlib.sha256(content).hexdigest(), len(content))


def copy(source: Path, target: Path) -> Stored:
    """Copy into a new file, with the time of the last change; when this returns, it is on the disk."""
    known, size = hashlib.sha256(), 0
    with source.open("rb") as file, target.open("xb") as other:
        os.fchmod(other.fileno(), 0o600)
        state = os.fstat(file.fileno())
        while chunk := file.read(CHUNK):
            known.update(chunk)
            size += len(chunk)
            other.write(chunk)
        other.flush()
        os.utime(other.fileno(), ns=(state.st_atime_ns, state.st_mtime_ns))
        os.fsync(other.fileno())
    return Stored(known.hexdigest(), size)


def sync_folders(top: Path) -> None:
    """Bring the names in this folder and in all below it to the disk."""
    for folder in [path for path in top.rglob("*") if path.is_dir()]:
        durable.sync(folder)
    durable.sync(top)


@contextmanager
def room(folder: Path, kept: str) -> Iterator[None]:
    """Turn a disk that is full or can't be written into NotPossible; `kept` says in a sentence what is there then."""
    try:
        yield
    except OSError as fault:
        free = shutil.disk_usage(folder).free // 1024**2 if folder.exists() else 0
        if fault.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise NotPossible(
                f"The disk of {folder} is full ({free} MB are free). {kept} Make room there, or name another folder."
            ) from fault
        raise NotPossible(
            f"{fault.filename or folder} can't be read or written ({fault.strerror}). {kept}"
        ) from fault
