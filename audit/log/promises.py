"""Personal values against their leaves: each is what its event committed to, and is there unless an event erased it."""

import hmac
from collections.abc import Callable
from typing import Any

from audit import tracking
from audit.erasure import erased_when
from audit.leaf import commitment
from audit.models import Disclosure
from audit.trail import STATE

AT_ONCE = 500  # events; parameters in a question
MISSING = 50_000  # values that are looked for among the erased at once


class Promises:
    """Takes leaves as they go by; asks for the values of some hundred events at a time."""

    def __init__(self, add: Callable[[str], None]) -> None:
        self._add = add
        self._promised: dict[int, dict[str, str]] = {}
        self._digests: set[int] = set()
        self._missing: set[tuple[int, str]] = set()
        self._seen = 0

    def take(self, event_id: int, leaf: dict[str, Any]) -> None:
        """Take what a leaf commits to."""
        state = {STATE: leaf["state"]} if leaf["state"] else {}
        if state and not tracking.is_personal(leaf["obj"]["type"]):
            self._digests.add(event_id)
        self._promised[event_id] = {**leaf["personal"], **state}
        if len(self._promised) == AT_ONCE:
            self._compare()

    def end(self) -> int:
        """Compare what is left; return how many values there are."""
        self._compare()
        self._look_for_erasures()
        return self._seen

    def _compare(self) -> None:
        """Compare the values of these events; a state whose fields aren't personal is a digest and has none."""
        left = {
            (event_id, path)
            for event_id, paths in self._promised.items()
            for path in paths
            if path != STATE or event_id not in self._digests
        }
        rows = Disclosure.objects.filter(event__in=list(self._promised)).order_by("event_id", "path")
        for event_id, path, salt, value in rows.values_list("event_id", "path", "salt", "value"):
            self._seen += 1
            left.discard((event_id, path))
            promised = str(self._promised[event_id].get(path))
            if not hmac.compare_digest(promised.encode(), commitment(bytes(salt), value).encode()):
                self._add(f"Number {event_id}: “{path}” is not what its event committed to.")
        self._promised.clear()
        self._digests.clear()
        self._missing |= left
        if len(self._missing) > MISSING:
            self._look_for_erasures()

    def _look_for_erasures(self) -> None:
        erased = erased_when(self._missing)
        for event_id, path in sorted(self._missing - erased.keys()):
            self._add(f"Number {event_id}: “{path}” is gone, and no event erased it.")
        self._missing.clear()
