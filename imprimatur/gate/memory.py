"""The highest number of each status list that this gate has seen, in a file: an older list is recognised by it.

By list and by key, so that somebody else's list of the same name says nothing about this one.
"""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from imprimatur import durable
from imprimatur.cards.stated import CardFault
from imprimatur.cards.strict_json import read_json
from imprimatur.fields import Fields, Misshapen
from imprimatur.gate.rules import Seen

LARGEST = 1_000_000  # bytes
MOST_LISTS = 1_000


class Unreadable(Exception):  # noqa: N818
    """What was remembered can't be read or kept; nothing is decided until a person has looked."""


def usual_place() -> Path:
    """Return where it is kept unless told otherwise (XDG Base Directory, "state"); raises Unreadable."""
    state = os.environ.get("XDG_STATE_HOME", "")
    try:
        base = Path(state) if state.startswith("/") else Path.home() / ".local" / "state"
    except RuntimeError:
        raise Unreadable("There is no home folder; say with --state where numbers are remembered.") from None
    return base / "imprimatur" / "gate.json"


@contextlib.contextmanager
def held(path: Path) -> "Iterator[Memory]":
    """Hold the memory alone for a `with` block: two gates at once don't lose each other's numbers."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as fault:
        raise Unreadable(f"{path} can't be kept ({fault.strerror}). Say with --state where it can.") from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield Memory(path)
    finally:
        os.close(handle)


class Memory:
    """What is remembered; read once, written when a higher number was seen."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._numbers = _read(path)

    def seen(self, status_list: str, keys: Iterable[str]) -> Seen | None:
        """Return the highest number of the list that was seen under any of the keys."""
        known = self._numbers.get(status_list, {})
        return max((known[key] for key in keys if key in known), key=lambda seen: seen.number, default=None)

    def keep(self, status_list: str, keys: Iterable[str], seen: Seen) -> None:
        """Remember the number under the keys; on return it is on the disk. Raises Unreadable."""
        known = self._numbers.setdefault(status_list, {})
        if all(known.get(key) == seen for key in keys):
            return
        known.update(dict.fromkeys(keys, seen))
        if len(self._numbers) > MOST_LISTS:
            raise Unreadable(f"{self._path} remembers more than {MOST_LISTS} lists; begin another one.")
        content = {
            name: {key: {"number": one.number, "sha256": one.sha256} for key, one in sorted(by_key.items())}
            for name, by_key in sorted(self._numbers.items())
        }
        try:
            durable.replace(
                self._path, json.dumps({"version": 1, "lists": content}, indent=1).encode() + b"\n"
            )
        except OSError as fault:
            raise Unreadable(
                f"{self._path} can't be written ({fault.strerror}). Say with --state where it can."
            ) from None


def _read(path: Path) -> dict[str, dict[str, Seen]]:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        return {}
    except OSError as fault:
        raise Unreadable(f"{path} can't be read ({fault.strerror}).") from None
    try:
        whole = Fields(read_json(content, LARGEST), "state")
        if whole.number("version") != 1:
            raise Misshapen("state.version must be 1")
        lists = whole.inside("lists")
        return {name: dict(_by_key(lists.inside(name))) for name in lists.table}
    except (CardFault, Misshapen) as fault:
        raise Unreadable(
            f"{path} is damaged ({fault}). Put it back from a copy, or take it away if nobody can have meddled."
        ) from None


def _by_key(known: Fields) -> Iterator[tuple[str, Seen]]:
    for key in known.table:
        seen = known.inside(key)
        yield key, Seen(seen.number("number"), seen.sha256("sha256"))
