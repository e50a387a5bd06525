"""The line of a signatory inside their signature: what they signed, by which name, meaning what, and when.

It stands in the signature dictionary under a key of our own (ISO 32000-1, Annex E permits them) as canonical JSON in
bytes, so the byte range of that very signature covers it. `imprimatur.signature.check_line` checks what it says.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from imprimatur.assertion import NotProven
from imprimatur.bundle.verify import canonical
from imprimatur.signature import check_line

LINE = "/ImprimaturLine"
LONGEST = 200_000  # bytes
DRIFT = timedelta(minutes=5)
"""How far two clocks may differ before one of them is wrong."""


class Unlike(ValueError):  # noqa: N818
    """There is no line that could be read; the text says why."""


def read(dictionary: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the line in a signature dictionary, None where there is none; raises Unlike."""
    if LINE not in dictionary:
        return None
    held = dictionary[LINE]
    raw = getattr(held, "original_bytes", held)
    if not isinstance(raw, bytes) or len(raw) > LONGEST:
        raise Unlike("the statement is no text")
    try:
        line = canonical(raw)
    except ValueError as fault:
        raise Unlike("the statement is no canonical JSON") from fault
    if not isinstance(line, dict):
        raise Unlike("the statement is no object")
    return line


def faults(
    line: Mapping[str, Any], *, record_sha256: str, name: str, reason: str, at: datetime | None
) -> list[str]:
    """Compare a line with the record, and with what else the dictionary says beside it.

    `at`: when the signature was made. A person signs first, and the file is written afterwards.
    """
    found = []
    try:
        check_line(line, record_sha256)
        stated = datetime.fromisoformat(str(line.get("signed_at")))
    except (NotProven, ValueError) as fault:
        return [f"statement: {fault}"]
    if name != line.get("name"):
        found.append("the name that is shown is not the one of the statement")
    if reason != line.get("meaning"):
        found.append("the meaning that is shown is not the one of the statement")
    if at is not None and stated > at + DRIFT:
        found.append("the statement is younger than its signature")
    return found


def written(line: Mapping[str, Any]) -> bytes:
    """Return the bytes under LINE."""
    text = json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()
