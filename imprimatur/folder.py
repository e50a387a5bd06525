"""The manifest of a folder: every file of it hashed where it lies, or a sentence why that can't be relied on."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from imprimatur import walking
from imprimatur.manifest import Manifest, parse
from imprimatur.progress import Bar
from imprimatur.walking import FolderRefused

__all__ = ["FolderRefused", "Named", "manifest_of", "write_manifest"]


@dataclass(frozen=True, slots=True)
class Named:
    """What a folder is named by: the digest of its manifest; and how many files and bytes that is about."""

    digest: str
    files: int
    size: int


def write_manifest(
    folder: Path,
    write: Callable[[bytes], object],
    *,
    not_these: frozenset[tuple[int, int]] = frozenset(),
    bar: Bar | None = None,
) -> Named:
    """Hash the files below the folder and write the manifest line by line; hidden ones count, empty folders don't.

    `not_these` are files (device, inode) that must not lie there, because this process writes to them; `bar` is told
    of how many bytes how many are hashed. What was written holds only when this returns. Raises FolderRefused for a
    symbolic link, a special file, a name that a manifest can't hold, a folder without a file, and a file that changed,
    came or went meanwhile; OSError for what can't be read.
    """
    before = walking.extent(folder)
    if not before.files:
        raise FolderRefused("The folder has no manifest: there is no file in it.")
    for found in walking.walk(folder) if not_these else ():
        if (found.facts.st_dev, found.facts.st_ino) in not_these:
            raise FolderRefused(f"{found.path} is where the output goes; write it outside of the folder.")
    bar = bar or Bar("", 0, shown=False)
    bar.of = before.size
    digest = hashlib.sha256()
    for path, sha256 in walking.digests(folder, tell=bar.add):
        line = f"{sha256}  {path}\n".encode()
        digest.update(line)
        write(line)
    if walking.extent(folder) != before:
        raise FolderRefused("The folder changed while it was read.")
    return Named(digest.hexdigest(), before.files, before.size)


def manifest_of(folder: Path, *, bar: Bar | None = None) -> Manifest:
    """Return the manifest of the folder; raises what `write_manifest` raises."""
    lines: list[bytes] = []
    write_manifest(folder, lines.append, bar=bar)
    return parse(b"".join(lines))
