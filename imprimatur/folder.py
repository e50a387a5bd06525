"""The manifest of a folder: every file of it hashed where it lies, or a sentence why that can't be relied on."""

import hashlib
import os
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from imprimatur.manifest import Manifest, ManifestInvalid, of

READERS = 4  # threads; hashing doesn't hold Python's lock


class FolderRefused(ValueError):  # noqa: N818  (it's an answer about somebody's folder)
    """The folder can't be named by a manifest; the message says which file and why."""


def manifest_of(folder: Path, *, not_these: frozenset[tuple[int, int]] = frozenset()) -> Manifest:
    """Hash the files below the folder; hidden ones count, empty folders don't.

    `not_these` are files (device, inode) that must not lie there, because this process writes to them. Raises
    FolderRefused for a symbolic link, a special file, a name that a manifest can't hold, a folder without a file,
    and a file that changed, came or went meanwhile; OSError for what can't be read.
    """
    found = dict(_files(folder))
    for path, facts in found.items():
        if (facts.st_dev, facts.st_ino) in not_these:
            raise FolderRefused(f"{path} is where the output goes; write it outside of the folder.")
    with ThreadPoolExecutor(READERS) as readers:
        digests = dict(
            zip(found, readers.map(lambda item: _digest(folder, *item), found.items()), strict=True)
        )
    if {path: _identity(facts) for path, facts in _files(folder)} != {
        path: _identity(facts) for path, facts in found.items()
    }:
        raise FolderRefused("The folder changed while it was read.")
    try:
        return of(digests)
    except ManifestInvalid as fault:
        raise FolderRefused(f"The folder has no manifest: {fault}.") from None


def _files(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Yield each file with its facts, by path relative to the folder, in the order of the names."""
    for parent, folders, files in os.walk(folder, onerror=_raise):
        folders.sort()
        for name in [*folders, *sorted(files)]:
            path = os.path.relpath(os.path.join(parent, name), folder)  # noqa: PTH118  (names may be no text at all)
            facts = os.lstat(os.path.join(parent, name))  # noqa: PTH118
            _refuse_unnameable(path)
            if stat.S_ISREG(facts.st_mode):
                yield path, facts
            elif stat.S_ISLNK(facts.st_mode):
                raise FolderRefused(
                    f"{path} is a symbolic link: what it points to can change. Copy the file itself."
                )
            elif not stat.S_ISDIR(facts.st_mode):
                raise FolderRefused(f"{path} is neither a file nor a folder.")


def _raise(fault: OSError) -> None:
    raise fault


def _refuse_unnameable(path: str) -> None:
    try:
        path.encode()
    except UnicodeEncodeError:
        raise FolderRefused(f"The name {os.fsencode(path)!r} is not UTF-8; rename the file.") from None
    if "\\" in path or any(ord(sign) < 32 or ord(sign) == 127 for sign in path):
        raise FolderRefused(
            f"The name {path!r} has a backslash, a line feed or a control character; rename the file."
        )


def _digest(folder: Path, path: str, facts: os.stat_result) -> str:
    handle = os.open(folder / path, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(handle, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        if _identity(os.fstat(file.fileno())) != _identity(facts):
            raise FolderRefused(f"{path} changed while it was read.")
    return digest


def _identity(facts: os.stat_result) -> tuple[int, ...]:
    return facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns
