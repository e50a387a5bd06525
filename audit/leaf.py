"""The leaf: what is hashed of an event, byte for byte (format 1)."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import NoneType
from typing import Any

from audit.canonical import canonical
from audit.models import LARGEST_LEAF

VERSION = 1
STATES = "states"  # also the beginning of the paths of their commitments


class LeafTooLarge(ValueError):  # noqa: N818
    """The event holds more than fits a leaf: give digests and counts, not content."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """The fields of a leaf. `prev` is the hash of the same object's previous leaf and `rev` counts them from 1.

    Two changes of one object that don't lock it may name the same predecessor; the order of the log decides then.
    `personal` maps the path of each personal value to its commitment; `state` is the digest of the tracked fields
    after the change, or their commitment where they are personal. `states` says the same of every other object that
    the act changed: type, then id, then the state, None of an object that was removed; commitments in it stand in
    `personal` too, as "states.<type>.<id>".
    """

    log: str
    id: str
    t: str
    verb: str
    actor: str | None
    on_behalf_of: str | None
    obj: tuple[str, str]
    place: tuple[str, str, tuple[str, str]]
    rev: int
    prev: str | None
    data: Mapping[str, object]
    personal: Mapping[str, str]
    state: str | None
    req: str | None
    states: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)

    def encode(self) -> bytes:
        """Return the exact bytes; raises NotCanonical or LeafTooLarge."""
        project, board, root = self.place
        content = canonical(
            {
                "v": VERSION, "log": self.log, "id": self.id, "t": self.t, "verb": self.verb, "actor": self.actor,
                "on_behalf_of": self.on_behalf_of, "obj": _named(self.obj), "rev": self.rev, "prev": self.prev,
                "place": {"project": project or None, "board": board or None, "root": _named(root)},
                "data": self.data, "personal": self.personal, "state": self.state, STATES: self.states, "req": self.req,
            }
        )  # fmt: skip
        if len(content) > LARGEST_LEAF:
            raise LeafTooLarge(f"{self.verb}: {len(content):,} bytes; a leaf has at most {LARGEST_LEAF:,}.")
        return content


def decode(content: bytes) -> dict[str, Any]:
    """Return the fields of a leaf as they stand in it."""
    fields: dict[str, Any] = json.loads(content)
    return fields


_SHAPE: Mapping[str, type | tuple[type, ...]] = {
    "v": int, "log": str, "t": str, "verb": str, "rev": int, "obj": dict, "place": dict, "data": dict, "personal": dict,
    "actor": (str, NoneType), "on_behalf_of": (str, NoneType), "prev": (str, NoneType), "state": (str, NoneType),
    "req": (str, NoneType),
}  # fmt: skip


def readable(content: bytes) -> dict[str, Any] | None:
    """Return the fields of what should be a leaf, None when it is none: somebody wrote past the application.

    Pages that show the log must not break on it.
    """
    try:
        fields = json.loads(content)
    except ValueError:
        return None
    if not isinstance(fields, dict) or not all(
        isinstance(fields.get(key), kind) for key, kind in _SHAPE.items()
    ):
        return None
    root = fields["place"].get("root")
    if not isinstance(root, dict) or not {"project", "board"} <= fields["place"].keys():
        return None
    return fields if {"type", "id"} <= root.keys() & fields["obj"].keys() else None


def leaf_hash(content: bytes) -> str:
    """Return the hash of a leaf (RFC 6962, section 2.1) as hexadecimal digits."""
    return hashlib.sha256(b"\x00" + content).hexdigest()


def commitment(salt: bytes, value: str) -> str:
    """Return what stands in the leaf for a personal value."""
    return hmac.new(salt, value.encode(), hashlib.sha256).hexdigest()


def _named(obj: tuple[str, str]) -> dict[str, str]:
    return {"type": obj[0], "id": obj[1]}
