"""Writing the file of a bundle: whole or not at all, from streams, the same bytes for the same content."""

import fcntl
import hashlib
import os
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol

from imprimatur.bundle import layout
from imprimatur.bundle.jsonl import line
from imprimatur.durable import sync

_DATE = (1980, 1, 1, 0, 0, 0)  # the first that ZIP can tell
_MODE = 0o100644 << 16
_LARGE = 1 << 20  # bytes from which on a file is told to need more than 32 bits for its size


class BundleRefused(ValueError):  # noqa: N818
    """What was handed over makes no bundle; the sentence says why."""


class BeingWritten(Exception):  # noqa: N818
    """Another process is writing this bundle just now."""


class Sink(Protocol):
    """Takes bytes in their order; after `flush` they lie in the file, and more may come."""

    def write(self, content: bytes, /) -> int:
        """Take these bytes and return how many they are."""

    def flush(self) -> None:
        """Let the file hold all that came."""


Through = Callable[[IO[bytes]], Sink]


@dataclass(frozen=True, slots=True)
class Listed:
    """A file of the bundle as `files.jsonl` names it."""

    path: str
    sha256: str
    size: int
    events: tuple[int, ...]

    def line(self) -> bytes:
        """Return its line."""
        return line(
            {"path": self.path, "sha256": self.sha256, "size": self.size, "events": list(self.events)}
        )


class BundleWriter:
    """Writes beside `path`, to a name that ends with ".part"; `finish` gives it its name when it is on the disk.

    A context manager: left with an error, the half-written file goes away. What a killed process left is written
    over by the next one; of two at the same time the second gets BeingWritten. Files stand in the order in which they
    are added, with one date, so that the same content makes the same bytes.
    """

    def __init__(self, path: Path, through: Through | None = None) -> None:
        """Open the file; raises BeingWritten, and OSError where the folder can't be written.

        `through` puts something between the bundle and its file that takes bytes in their order, as to encrypt them.
        """
        self.path = path
        self.listed: list[Listed] = []
        self._part = path.with_name(f"{path.name}.part")
        self._file = _alone(self._part)
        self._out = through(self._file) if through else self._file
        self._zip = zipfile.ZipFile(self._out, "w", allowZip64=True)  # type: ignore[call-overload]
        self._names: set[str] = set()

    def __enter__(self) -> "BundleWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file.closed:
            return
        self._part.unlink(missing_ok=True)
        self._zip.fp = None  # no directory for what isn't a bundle: the disk may be full
        self._file.close()

    def add(
        self,
        name: str,
        content: bytes | Iterable[bytes],
        *,
        events: Sequence[int] = (),
        packed: bool = True,
        sha256: str = "",
    ) -> Listed:
        """Add a file; `packed` for what becomes smaller by it.

        Raises BundleRefused for a name that stands there already (capitals don't tell names apart on every system),
        for one that leaves the folder or isn't plain, and where the content isn't what `sha256` says.
        """
        self._claim(name)
        digest, size = hashlib.sha256(), 0
        info = zipfile.ZipInfo(name, _DATE)
        info.create_system, info.external_attr = 3, _MODE
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        one = isinstance(content, bytes)
        chunks = [content] if isinstance(content, bytes) else content
        large = not one or len(content) > _LARGE  # type: ignore[arg-type]
        with self._zip.open(info, "w", force_zip64=large) as target:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
        if sha256 and digest.hexdigest() != sha256:
            raise BundleRefused(f"{name}: the file isn't the one with the digest {sha256}.")
        listed = Listed(name, digest.hexdigest(), size, tuple(events))
        if not name.startswith(layout.TILES):
            self.listed.append(listed)
        return listed

    def finish(self) -> None:
        """Add the list of files, and let the bundle appear under its name once it is on the disk."""
        self.add(layout.FILES, (one.line() for one in sorted(self.listed, key=lambda one: one.path)))
        self._zip.close()
        self._out.flush()
        os.fsync(self._file.fileno())
        self._part.replace(self.path)
        self._file.close()
        sync(self.path.parent)

    def _claim(self, name: str) -> None:
        if not layout.is_name(name):
            raise BundleRefused(f"{name!r} is no name for a file of a bundle.")
        if name.lower() in self._names:
            raise BundleRefused(f"There are two files with the name {name}.")
        self._names.add(name.lower())


def _alone(part: Path) -> IO[bytes]:
    """Open the file for this process alone, empty."""
    while True:
        file = os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise BeingWritten(f"{part} is being written by another process.") from None
        if part.exists() and os.path.samestat(part.stat(), os.fstat(file.fileno())):
            file.truncate()
            return file
        file.close()  # the one before finished between our opening and our lock: this file is the whole bundle
