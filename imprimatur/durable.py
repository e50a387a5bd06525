"""Files that are there after a power cut: written whole or not at all, and their names brought to the disk too."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO


def sync(path: Path) -> None:
    """Bring a file, or the list of names of a folder, to the disk; raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace(path: Path, content: bytes) -> None:
    """Write the file for the eyes of its owner only; a reader sees the old one or the new one. Raises OSError."""
    with written_whole(path, mode=0o600) as file:
        file.write(content)


@contextlib.contextmanager
def for_the_owner_only() -> Iterator[None]:
    """Let nobody but the owner read what is written in the block, whatever the umask of this process was."""
    former = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(former)


@contextlib.contextmanager
def written_whole(path: Path, *, mode: int = 0o666) -> Iterator[BinaryIO]:
    """Open a file to write, which takes its name only when the block ends well; otherwise nothing is left of it.

    `mode` as for `open`, less the umask. Raises OSError.
    """
    draft = path.with_name(f".{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync(path.parent)
