"""The story of each object through its events: every event names its number and the one before it."""

import hashlib
import uuid
from typing import Any


class Retelling:
    """Remembers the last events of each object while the leaves go by in their order."""

    def __init__(self) -> None:
        self._ids: set[bytes] = set()
        self._last: dict[bytes, dict[int, tuple[bytes, ...]]] = {}

    def faults(self, leaf: dict[str, Any], content: bytes) -> list[str]:
        """Return what is wrong with the leaf's place in the story of its object.

        Two acts at the same moment may both follow the same event; the next follows one of them.
        """
        found = []
        own = uuid.UUID(leaf["id"]).bytes
        if own in self._ids:
            found.append("another event has the same id.")
        self._ids.add(own)
        about = hashlib.sha256(f"{leaf['obj']['type']}\0{leaf['obj']['id']}".encode()).digest()[:16]
        story, rev = self._last.setdefault(about, {}), leaf["rev"]
        before = bytes.fromhex(leaf["prev"]) if leaf["prev"] else None
        if (before is None) != (rev == 1) or (before is not None and before not in story.get(rev - 1, ())):
            found.append(f"the event before it (revision {rev - 1} of the object) is missing or another one.")
        story[rev] = (*story.get(rev, ()), hashlib.sha256(b"\x00" + content).digest())
        for old in [number for number in story if number < rev - 2]:
            del story[old]
        return found
