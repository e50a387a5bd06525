"""What a witness remembers of one log; on the disk before anybody hears of it.

`latest` is the signed note of the largest head; it is replaced as a whole. `history` has a line of JSON for each head
that was accepted, by size. A head goes into the history first and then into `latest`, so a witness that was killed
between the two finds it in the history, and one that was killed within a line drops that line: it had told nobody.
`refused` has a file for each head that the log signed and the witness didn't: with the one that it had before, both
signed by the log.
"""

import contextlib
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from imprimatur import durable
from imprimatur.tlog.checkpoint import Checkpoint
from imprimatur.tlog.note import Note

MOST_REFUSED = 1000  # files for a log; who has seen so many has seen enough
_TAIL = 512 * 1024  # bytes; more than two lines of the history


class Damaged(Exception):  # noqa: N818
    """The files of the witness contradict each other or can't be read; nothing is signed until a person has looked."""


@dataclass(frozen=True, slots=True)
class Head:
    """A head that was accepted: the signed note, and when (seconds since 1970, UTC)."""

    note: str
    at: int

    @property
    def checkpoint(self) -> Checkpoint:
        """Return what the note says; raises NotANote."""
        return Checkpoint.parse(Note.parse(self.note).text)


@dataclass(frozen=True, slots=True)
class Refused:
    """A head that wasn't signed: why, when, and the file with both notes."""

    why: str
    at: int
    path: Path


class Memory:
    """What is known of a log. The caller sees to it that nobody else uses it at the same time."""

    def __init__(self, folder: Path, origin: str) -> None:
        """Look at the log's place below the witness's folder; nothing is written yet."""
        self.origin = origin
        self.folder = folder / hashlib.sha256(origin.encode()).hexdigest()[:32]
        self._latest, self._history = self.folder / "latest", self.folder / "history"

    def latest(self) -> Head | None:
        """Return the largest head, after what a killed process left has been put in order; raises Damaged."""
        head = self.seen()
        last = self._mend_history()
        if last is not None and (head is None or last.checkpoint.size > head.checkpoint.size):
            self._write_latest(last)
            return last
        if head is not None and (last is None or last.checkpoint.size < head.checkpoint.size):
            self._append(head)
        elif head is not None and last is not None and last.checkpoint.root != head.checkpoint.root:
            raise Damaged(f"{self.folder}: latest and history name different roots for the same size.")
        return head

    def seen(self) -> Head | None:
        """Return the largest head, without a look at anything else: for who only reads."""
        return _head(self._latest.read_bytes(), self._latest) if self._latest.exists() else None

    def keep(self, head: Head) -> None:
        """Remember a larger head: on return it is on the disk. Raises OSError; ValueError for one that isn't larger."""
        held = self.latest()
        if held is not None and head.checkpoint.size <= held.checkpoint.size:
            raise ValueError("A witness never goes back.")
        if not self.folder.is_dir():
            self.folder.mkdir(mode=0o700, parents=True)
            durable.sync(self.folder.parent)
        self._append(head)
        self._write_latest(head)

    def head_of(self, size: int) -> Head | None:
        """Return the head of that size from the history, if there was one; asks for a few lines only."""
        if not self._history.exists():
            return None
        with self._history.open("rb") as file:
            low, high = 0, file.seek(0, os.SEEK_END)
            while low < high:
                middle = (low + high) // 2
                file.seek(max(middle - 1, 0))
                if middle:
                    file.readline()
                if file.tell() >= high:
                    high = middle
                    continue
                head = _head(file.readline(), self._history)
                if head.checkpoint.size == size:
                    return head
                low, high = (file.tell(), high) if head.checkpoint.size < size else (low, middle)
        return None

    def keep_refused(self, why: str, note: str, held: Head, old: int, at: int) -> None:
        """Keep a head that was refused together with the one it contradicts; the same one only once."""
        folder = self.folder / "refused"
        path = folder / f"{hashlib.sha256(note.encode()).hexdigest()[:32]}.json"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists() or sum(1 for _ in folder.iterdir()) >= MOST_REFUSED:
            return
        content = {"why": why, "at": at, "old": old, "held": held.note, "held_at": held.at, "refused": note}
        durable.replace(path, json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n")

    def refused(self) -> list[Refused]:
        """Return what was refused, oldest first."""
        paths = {path: json.loads(path.read_bytes()) for path in (self.folder / "refused").glob("*.json")}
        found = [Refused(content["why"], content["at"], path) for path, content in paths.items()]
        return sorted(found, key=lambda item: (item.at, item.path))

    def _write_latest(self, head: Head) -> None:
        durable.replace(self._latest, _line(head))

    def _mend_history(self) -> Head | None:
        """Cut a last line that was never finished; return what the last whole one says."""
        if not self._history.exists():
            return None
        with self._history.open("r+b") as file:
            end = file.seek(0, os.SEEK_END)
            start = max(0, end - _TAIL)
            file.seek(start)
            tail = file.read()
            whole = tail.rfind(b"\n") + 1
            lines = tail[:whole].splitlines(keepends=True)
            if lines and not _is_head(lines[-1]):
                whole -= len(lines.pop())
            if whole < len(tail):
                file.truncate(start + whole)
                os.fsync(file.fileno())
        return _head(lines[-1], self._history) if lines else None

    def _append(self, head: Head) -> None:
        is_new = not self._history.exists()
        with self._history.open("ab") as file:
            file.write(_line(head))
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            durable.sync(self.folder)


def origin_in(path: Path) -> str:
    """Return the name of the log whose `latest` this is; raises Damaged."""
    return _head(path.read_bytes(), path).checkpoint.origin


def _line(head: Head) -> bytes:
    return json.dumps({"at": head.at, "note": head.note}, ensure_ascii=False).encode() + b"\n"


def _head(line: bytes, path: Path) -> Head:
    try:
        content = json.loads(line)
        head = Head(content["note"], content["at"])
        _ = head.checkpoint
    except (ValueError, KeyError, TypeError):
        raise Damaged(f"{path} can't be read; put it back from a copy that is not older.") from None
    return head


def _is_head(line: bytes) -> bool:
    with contextlib.suppress(Damaged):
        _head(line, Path())
        return True
    return False
