"""What the log tells of every object, newest state only; not in memory but in a nameless file that goes by itself."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from audit import verbs
from audit.erasure import ERASED
from audit.leaf import STATES, decode

AT_ONCE = 500  # parameters in a question
Bytes = bytes | memoryview  # as the drivers of the databases give them


@dataclass(frozen=True, slots=True)
class State:
    """The newest state of an object: `digest` (None: it was removed), id of its event, path of its disclosure."""

    digest: str | None
    event: int
    path: str


def states_in(leaf: Mapping[str, Any]) -> Iterator[tuple[str, str, str | None, str]]:
    """Yield what a leaf tells: type and id of an object, its state (None: removed), the path of its disclosure.

    An event about an object without tracked fields tells of no state, nor does one that left it as it was.
    """
    if leaf["state"] is not None and not verbs.leaves_as_is(leaf["verb"]):
        yield leaf["obj"]["type"], leaf["obj"]["id"], leaf["state"], "state"
    for label, rows in leaf[STATES].items():
        for key, state in rows.items():
            yield label, key, state, f"{STATES}.{label}.{key}"


class Told:
    """The states that the log tells; use it as a context. An event may be taken twice, and later than a newer one."""

    def __init__(self) -> None:
        self._file = sqlite3.connect("", isolation_level=None)
        self._file.executescript("""
            PRAGMA journal_mode = OFF;
            CREATE TABLE told (type, id, digest, event, path, seen DEFAULT 0, PRIMARY KEY (type, id)) WITHOUT ROWID;
            CREATE TABLE erased (event, path, PRIMARY KEY (event, path)) WITHOUT ROWID;
            BEGIN;
        """)

    def __enter__(self) -> "Told":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _fault: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._file.close()

    def take(self, events: Iterable[tuple[int, Bytes]]) -> None:
        """Take the states that these events tell: their ids and leaves."""
        for number, content in events:
            try:
                leaf = decode(bytes(content))
                told = list(states_in(leaf))
                paths = leaf["data"]["paths"].items() if leaf["verb"] == ERASED else []
                erased = [(event, path) for path, events in paths for event in events]
            except (ValueError, TypeError, KeyError, AttributeError):
                continue  # the leaf was damaged, which `audit verify` says; what the event before told counts
            rows = [(label, key, digest, number, path) for label, key, digest, path in told]
            self._file.executemany(
                "INSERT INTO told (type, id, digest, event, path) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
                " digest = excluded.digest, event = excluded.event, path = excluded.path"
                " WHERE excluded.event >= event",
                rows,
            )
            self._file.executemany("INSERT OR IGNORE INTO erased VALUES (?, ?)", erased)

    def of(self, label: str, keys: Collection[str]) -> dict[str, State]:
        """Return what is told of these objects, and remember that they were asked for; at most AT_ONCE."""
        marks = ", ".join("?" * len(keys))
        where = f"type = ? AND id IN ({marks})"
        found = self._file.execute(
            f"SELECT id, digest, event, path FROM told WHERE {where}",  # noqa: S608  (only marks)
            [label, *keys],
        )
        states = {key: State(*rest) for key, *rest in found}
        self._file.execute(f"UPDATE told SET seen = 1 WHERE {where}", [label, *keys])  # noqa: S608  (only marks)
        return states

    def unseen(self, label: str) -> Iterator[tuple[str, State]]:
        """Yield the objects of a type that should be there and that nobody asked for."""
        question = (
            "SELECT id, digest, event, path FROM told WHERE type = ? AND seen = 0 AND digest IS NOT NULL AND id > ?"
            " ORDER BY id LIMIT ?"
        )
        last = ""
        while rows := self._file.execute(question, [label, last, AT_ONCE]).fetchall():
            for last, *rest in rows:
                yield last, State(*rest)

    def was_erased(self, state: State) -> bool:
        """Say whether an event tells that the disclosure of this state was erased."""
        found = self._file.execute(
            "SELECT 1 FROM erased WHERE event = ? AND path = ?", [state.event, state.path]
        )
        return found.fetchone() is not None
