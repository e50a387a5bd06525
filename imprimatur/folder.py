"""The manifest of a folder: every file of it hashed where it lies, or a sentence why that can't be relied on.

Memory stays small whatever lies there: of a file its path, its identity and its digest are kept, and of its bytes one
buffer for each thread. Large files go first, so that no thread ends up alone with one.
"""

import hashlib
import os
import stat
import struct
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from pathlib import Path

from imprimatur.manifest import Manifest
from imprimatur.progress import Bar

MOST_READERS = 16
BUFFER = 1024 * 1024
"""Bytes read at once: hashing lets go of Python's lock meanwhile, and a call for each is no cost any more."""
SMALL = 64 * 1024
"""Up to this size a file is hashed by one thread after the other: taking turns would cost more than it brings."""
_IDENTITY = struct.Struct("=QQQq")
IDENTITY = _IDENTITY.size


class FolderRefused(ValueError):  # noqa: N818  (it's an answer about somebody's folder)
    """The folder can't be named by a manifest; the message says which file and why."""


def manifest_of(
    folder: Path, *, not_these: frozenset[tuple[int, int]] = frozenset(), bar: Bar | None = None
) -> Manifest:
    """Hash the files below the folder; hidden ones count, empty folders don't.

    `not_these` are files (device, inode) that must not lie there, because this process writes to them; `bar` is told
    of how many bytes how many are hashed. Raises FolderRefused for a symbolic link, a special file, a name that a
    manifest can't hold, a folder without a file, and a file that changed, came or went meanwhile; OSError for what
    can't be read.
    """
    found = dict(_files(folder, not_these))
    if not found:
        raise FolderRefused("The folder has no manifest: there is no file in it.")
    bar = bar or Bar("", 0, shown=False)
    bar.of = sum(map(_size, found.values()))
    _Hashing(folder, found, bar).run()
    left = len(found)
    for path, identity in _files(folder, not_these):
        left -= 1
        if found.get(path, b"")[:IDENTITY] != identity:
            raise FolderRefused("The folder changed while it was read.")
    if left:
        raise FolderRefused("The folder changed while it was read.")
    # Every name was looked at in `_files`, so the text needn't be parsed; what was handed over is let go of.
    return Manifest({path: found.pop(path)[IDENTITY:].hex() for path in sorted(found)})


class _Hashing:
    """Hashes files in as many threads as there are processors; the first fault, or Ctrl-C, stops all of them.

    In `found` the digest is put behind the identity of its file: one object for each file instead of two.
    """

    def __init__(self, folder: Path, found: dict[str, bytes], bar: Bar) -> None:
        self.folder, self.found, self.bar = os.fspath(folder), found, bar
        self.stopped = threading.Event()

    def run(self) -> None:
        order = sorted(self.found, key=lambda path: -_size(self.found[path]))
        large = sum(_size(self.found[path]) > SMALL for path in order)
        readers = max(1, min(large, MOST_READERS, _processors()))
        ahead, small = iter(order[:large]), order[large:]
        with ThreadPoolExecutor(readers) as pool:
            waiting = [pool.submit(self._hash_all, ahead) for _ in range(readers - 1)]
            try:
                self._hash_all(ahead)
                self._hash_all(small)
                _raise_first(waiting)
            finally:
                self.stopped.set()

    def _hash_all(self, paths: Iterator[str] | Sequence[str]) -> None:
        """Hash files until none is left; several threads take from one iterator."""
        buffer = memoryview(bytearray(BUFFER))
        try:
            for path in paths:
                if self.stopped.is_set():
                    return
                self.found[path] += self._digest(path, buffer)
        except BaseException:
            self.stopped.set()
            raise

    def _digest(self, path: str, buffer: memoryview) -> bytes:
        handle = os.open(f"{self.folder}/{path}", os.O_RDONLY | os.O_NOFOLLOW)
        try:
            digest = hashlib.sha256()
            while (count := os.readv(handle, [buffer])) and not self.stopped.is_set():
                digest.update(buffer[:count])
                self.bar.add(count)
            if _identity(os.fstat(handle)) != self.found[path]:
                raise FolderRefused(f"{path} changed while it was read.")
        finally:
            os.close(handle)
        return digest.digest()


def _raise_first(waiting: Sequence["Future[None]"]) -> None:
    for done in wait(waiting, return_when=FIRST_EXCEPTION).done:
        done.result()


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _files(folder: Path, not_these: frozenset[tuple[int, int]]) -> Iterator[tuple[str, bytes]]:
    """Yield each file with its identity, by path relative to the folder."""
    ahead = [""]
    while ahead:
        parent = ahead.pop()
        with os.scandir(folder / parent) as entries:
            for entry in entries:
                path = parent + entry.name
                facts = entry.stat(follow_symlinks=False)
                _refuse_unnameable(path)
                if stat.S_ISREG(facts.st_mode):
                    if (facts.st_dev, facts.st_ino) in not_these:
                        raise FolderRefused(
                            f"{path} is where the output goes; write it outside of the folder."
                        )
                    yield path, _identity(facts)
                elif stat.S_ISDIR(facts.st_mode):
                    ahead.append(f"{path}/")
                elif stat.S_ISLNK(facts.st_mode):
                    raise FolderRefused(
                        f"{path} is a symbolic link: what it points to can change. Copy the file itself."
                    )
                else:
                    raise FolderRefused(f"{path} is neither a file nor a folder.")


def _refuse_unnameable(path: str) -> None:
    try:
        path.encode()
    except UnicodeEncodeError:
        raise FolderRefused(f"The name {os.fsencode(path)!r} is not UTF-8; rename the file.") from None
    if "\\" in path or any(ord(sign) < 32 or ord(sign) == 127 for sign in path):
        raise FolderRefused(
            f"The name {path!r} has a backslash, a line feed or a control character; rename the file."
        )


def _identity(facts: os.stat_result) -> bytes:
    return _IDENTITY.pack(facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns)


def _size(identity: bytes) -> int:
    size: int = _IDENTITY.unpack(identity[:IDENTITY])[2]
    return size
