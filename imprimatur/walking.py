"""The files below a folder as a stream, sorted by the bytes of their paths: memory doesn't grow with their number.

A folder with very many names is sorted in runs on the disk.
"""

import contextlib
import errno
import hashlib
import heapq
import os
import stat
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO

READERS = min(16, max(2, os.cpu_count() or 1))  # threads; hashing doesn't hold Python's lock
AHEAD = 64  # files that are begun before the first of them is asked for
RUN = 20_000  # names that are sorted in memory
PIECE = 1 << 18  # bytes that are read at once
DEEPEST = 200  # folders in each other; no model has so many, and each costs frames of Python's stack
Tell = Callable[[int], None]


class FolderRefused(ValueError):  # noqa: N818  (it's an answer about somebody's folder)
    """The folder can't be named by a manifest; the message says which file and why."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file: its path from the folder, and its facts when it was found."""

    path: str
    facts: os.stat_result


@dataclass(frozen=True, slots=True)
class Extent:
    """How much lies below a folder, and a digest over paths and facts by which a change shows."""

    files: int
    size: int
    digest: bytes


def walk(folder: Path, ignored: tuple[str, ...] = ()) -> Iterator[Found]:
    """Yield each file; `ignored` are paths, those of folders with a slash at the end.

    Raises FolderRefused for a symbolic link, a special file or a name that a manifest can't hold, OSError for what
    can't be read.
    """
    files = frozenset(path for path in ignored if not path.endswith("/"))
    folders = frozenset(path for path in ignored if path.endswith("/"))
    yield from _below(os.fsencode(folder), "", files | folders)


def extent(folder: Path, ignored: tuple[str, ...] = ()) -> Extent:
    """Look at all files without reading them; raises as `walk` does."""
    count, size, digest = 0, 0, hashlib.sha256()
    for found in walk(folder, ignored):
        count, size = count + 1, size + found.facts.st_size
        digest.update(f"{found.path}\0{_identity(found.facts)}\0".encode())
    return Extent(count, size, digest.digest())


def digests(
    folder: Path, ignored: tuple[str, ...] = (), tell: Tell = lambda _count: None
) -> Iterator[tuple[str, str]]:
    """Yield path and SHA-256 of each file, in order; several are read at a time.

    Raises as `walk` does, and FolderRefused for a file that changed while it was read.
    """
    waiting: deque[tuple[str, Future[str]]] = deque()
    stop = threading.Event()
    with ThreadPoolExecutor(READERS) as readers:
        try:
            for found in walk(folder, ignored):
                waiting.append((found.path, readers.submit(_digest, folder, found, tell, stop)))
                if len(waiting) >= AHEAD:
                    yield _first(waiting)
            while waiting:
                yield _first(waiting)
        finally:
            stop.set()  # of a large file nobody waits for the rest
            readers.shutdown(cancel_futures=True)


def _first(waiting: "deque[tuple[str, Future[str]]]") -> tuple[str, str]:
    path, future = waiting.popleft()
    return path, future.result()


def _below(place: bytes, prefix: str, ignored: frozenset[str]) -> Iterator[Found]:
    """Yield what is below, so that a folder comes where its paths come: as its name with a slash."""
    if prefix.count("/") > DEEPEST:
        raise FolderRefused(f"{prefix[:80]}… lies in more than {DEEPEST} folders; flatten the folder.")
    for key in _keys(place, prefix, ignored):
        path, here = prefix + key, os.path.join(place, key.rstrip("/").encode())  # noqa: PTH118  (bytes)
        if key.endswith("/"):
            yield from _below(here, path, ignored)
        else:
            with _no_change(path):
                facts = os.lstat(here)
            if not stat.S_ISREG(facts.st_mode):
                raise FolderRefused(f"{path} changed while the folder was read.")
            yield Found(path, facts)


def _keys(place: bytes, prefix: str, ignored: frozenset[str]) -> Iterator[str]:
    """Yield the names of a folder in the order of their bytes, those of folders with a slash."""
    runs: list[Iterator[str]] = []
    names: list[str] = []
    with os.scandir(place) as entries:
        for entry in entries:
            key = _key(entry, prefix)
            if prefix + key not in ignored:
                names.append(key)
            if len(names) >= RUN:
                runs.append(_kept(sorted(names)))
                names = []
    names.sort()  # code points sort as their UTF-8 does
    return heapq.merge(*runs, names) if runs else iter(names)


def _key(entry: "os.DirEntry[bytes]", prefix: str) -> str:
    try:
        name = entry.name.decode()
    except UnicodeDecodeError:
        raise FolderRefused(f"The name {entry.name!r} is not UTF-8; rename the file.") from None
    path = prefix + name
    if "\\" in name or any(ord(sign) < 32 or ord(sign) == 127 for sign in name):
        raise FolderRefused(
            f"The name {path!r} has a backslash, a line feed or a control character; rename the file."
        )
    if entry.is_symlink():
        raise FolderRefused(f"{path} is a symbolic link: what it points to can change. Copy the file itself.")
    if entry.is_dir(follow_symlinks=False):
        return f"{name}/"
    if not entry.is_file(follow_symlinks=False):
        raise FolderRefused(f"{path} is neither a file nor a folder.")
    return name


def _kept(names: list[str]) -> Iterator[str]:
    """Write sorted names to a file that nobody else sees; return what reads them again."""
    run = tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n")  # noqa: SIM115  (closed when it was read)
    run.writelines(f"{name}\n" for name in names)
    run.seek(0)
    return _lines(run)


def _lines(run: IO[str]) -> Iterator[str]:
    with run:
        for line in run:
            yield line[:-1]


def _digest(folder: Path, found: Found, tell: Tell, stop: threading.Event | None = None) -> str:
    with _no_change(found.path):
        # a pipe that has taken the place of the file must not be waited for
        handle = os.open(folder / found.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    digest = hashlib.sha256()
    with os.fdopen(handle, "rb", buffering=0) as file:
        before = os.fstat(file.fileno())
        piece = bytearray(min(PIECE, max(before.st_size, 1)))
        view = memoryview(piece)
        while (count := file.readinto(piece)) and not (stop and stop.is_set()):
            digest.update(view[:count])
            tell(count)
        if not _identity(before) == _identity(os.fstat(file.fileno())) == _identity(found.facts):
            raise FolderRefused(f"{found.path} changed while it was read.")
    return digest.hexdigest()


@contextlib.contextmanager
def _no_change(path: str) -> Iterator[None]:
    """Refuse a file that is gone, or has become a link, since its name was read."""
    try:
        yield
    except OSError as fault:
        if fault.errno not in {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}:
            raise
        raise FolderRefused(f"{path} changed while the folder was read.") from None


def _identity(facts: os.stat_result) -> tuple[int, ...]:
    return facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns
