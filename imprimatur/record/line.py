"""The line of a signatory inside their signature: what they signed, by which name, meaning what, and when.

It stands in the signature dictionary under a key of our own (a second-class name: ISO 32000-1, Annex E) as canonical
JSON in UTF-8, so the byte range of that very signature covers it. `signature.check_line` checks what it says.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from imprimatur.assertion import NotProven
from imprimatur.bundle.verify import canonical
from imprimatur.record import stamp
from imprimatur.signature import check_line

LINE = "/IMPR_Statement"
SHOWN = ("name", "meaning", "statement_sha256")
LONGEST = 200_000  # bytes
DRIFT = timedelta(minutes=5)
"""How far two clocks may differ before one of them is wrong."""
# Certificates that people bring have serial numbers of other houses there (ETSI EN 319 412-1, 5.1: "PNODE-1234").
_PSEUDONYM = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands in a signature beside the line: name and reason of its dictionary, when it was written by the
    server's clock, the serial number in the subject of its certificate (a pseudonym, where we issued it), and the
    letters of the stamp.
    """

    name: str
    reason: str
    written: datetime | None
    serial: str
    stamp: str


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
        raise Unlike("the statement is not in its one form") from fault
    if not isinstance(line, dict):
        raise Unlike("the statement is no object")
    return line


def faults(line: Mapping[str, Any], record_sha256: str, beside: Beside) -> list[str]:
    """Compare a line with the record that it names, and with what stands beside it."""
    try:
        checked = check_line(line, record_sha256)
        stated = datetime.fromisoformat(str(line.get("signed_at")))
    except (NotProven, ValueError) as fault:
        return [f"statement: {str(fault).rstrip('.')}"]
    found = []
    if beside.name != line.get("name"):
        found.append("the name beside it is not the one of the statement")
    if beside.reason != line.get("meaning"):
        found.append("the meaning beside it is not the one of the statement")
    if beside.written is not None and stated > beside.written + DRIFT:
        found.append("the statement is younger than its signature")
    if _PSEUDONYM.fullmatch(beside.serial) and beside.serial != checked.signer:
        found.append("the certificate is of somebody else than the statement")
    hidden = [what for what in SHOWN if not stamp.shows(beside.stamp, str(line.get(what)))]
    return found + [f"the stamp doesn't show the {what} of the statement" for what in hidden]


def written(line: Mapping[str, Any]) -> bytes:
    """Return the bytes under LINE."""
    text = json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()
