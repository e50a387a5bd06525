"""The data inside a record: record.json, once, in its one form."""

import hashlib
import zlib
from collections.abc import Iterator
from typing import Any

from imprimatur.bundle.verify import canonical

NAME = "record.json"
Node = Any  # objects of a PDF: what a key leads to is known at run time only


class Unlike(ValueError):  # noqa: N818
    """The data can't be taken for those of a record; the text says why."""


def data(root: Node) -> bytes:
    """Return the bytes of record.json below this catalog; raises Unlike."""
    found = list(_files(root))
    if len(found) != 1:
        raise Unlike(f"{len(found)} files called {NAME}, and it takes one")
    try:
        raw: bytes = found[0]["/EF"]["/F"].data
        canonical(raw)
    except (ValueError, zlib.error) as fault:
        raise Unlike(f"{NAME} is not in its one form") from fault
    return raw


def digest(root: Node) -> str:
    """Return the SHA-256 of record.json, which people sign; raises Unlike."""
    return hashlib.sha256(data(root)).hexdigest()


def _files(root: Node) -> Iterator[Node]:
    """Yield the file specifications with that name in the tree of names (ISO 32000-1, 7.11.4)."""
    names = root.get("/Names", {})
    waiting, steps = [names["/EmbeddedFiles"]] if "/EmbeddedFiles" in names else [], 0
    while waiting and steps < 1000:
        steps, node = steps + 1, waiting.pop()
        waiting += [item.get_object() for item in node.get("/Kids", ())]
        held = [item.get_object() for item in node.get("/Names", ())]
        for item in held[1::2]:
            if NAME in {str(item.get("/UF", "")), str(item.get("/F", ""))}:
                yield item
