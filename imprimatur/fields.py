"""Values of signed JSON read by their type: what is missing or of another kind is named by its path."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from imprimatur.cards.located import Items, Node, Table

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Misshapen(ValueError):  # noqa: N818
    """A field is missing or of another kind; the message names it."""


class Fields:
    """An object, and the path by which its faults are named."""

    def __init__(self, value: Node, path: str) -> None:
        if not isinstance(value, Table):
            raise Misshapen(f"{path} must be an object")
        self.table, self.path = value, path

    def text(self, name: str, *, least: int = 1) -> str:
        """Return a text of at least that many characters."""
        value = self.table.get(name)
        if not isinstance(value, str) or len(value) < least:
            raise self._fault(name, "a text")
        return value

    def flag(self, name: str) -> bool:
        """Return true or false."""
        value = self.table.get(name)
        if not isinstance(value, bool):
            raise self._fault(name, "true or false")
        return value

    def number(self, name: str) -> int:
        """Return a whole number from 0 to 2^53-1."""
        value = self.table.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**53:
            raise self._fault(name, "a whole number from 0")
        return value

    def instant(self, name: str) -> datetime:
        """Return an instant that is written in UTC (RFC 3339 with Z)."""
        value = self.table.get(name)
        if isinstance(value, str) and _INSTANT.fullmatch(value):
            try:
                return datetime.fromisoformat(value)
            except ValueError:
                pass
        raise self._fault(name, "an instant in UTC, as in 2026-11-23T09:00:00Z")

    def sha256(self, name: str) -> str:
        """Return a SHA-256 in lower-case hex."""
        value = self.table.get(name)
        if not isinstance(value, str) or not _SHA256.fullmatch(value):
            raise self._fault(name, "a SHA-256 in lower-case hex")
        return value

    def inside(self, name: str) -> "Fields":
        """Return the object of that name."""
        return Fields(self.table.get(name), f"{self.path}.{name}")

    def each(self, name: str) -> "Iterator[Fields]":
        """Yield the objects of the list of that name."""
        for place, item in enumerate(self._items(name)):
            yield Fields(item, f"{self.path}.{name}[{place}]")

    def texts(self, name: str) -> tuple[str, ...]:
        """Return the list of texts of that name."""
        found = tuple(item for item in self._items(name) if isinstance(item, str) and item)
        if len(found) != len(self._items(name)):
            raise self._fault(name, "a list of texts")
        return found

    def __contains__(self, name: str) -> bool:
        return name in self.table

    def _items(self, name: str) -> Items:
        value = self.table.get(name)
        if not isinstance(value, Items):
            raise self._fault(name, "a list")
        return value

    def _fault(self, name: str, what: str) -> Misshapen:
        return Misshapen(f"{self.path}.{name} must be {what}")


def instant(value: datetime) -> str:
    """Write an instant as `Fields.instant` reads it; raises ValueError for one without a zone."""
    if value.tzinfo is None:
        raise ValueError("An instant has a zone.")
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
