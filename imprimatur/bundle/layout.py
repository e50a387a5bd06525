"""Where everything stands in a bundle. `verify.py`, which goes along, says the same in its own words."""

import re
from collections.abc import Iterable

from imprimatur.tlog.tiles import entries_path, tile_path

README, INDEX, VERIFY = "README", "index.html", "verify.py"
POLICY, SCOPE, CHECKPOINT = "policy", "scope.json", "checkpoint"
DISCLOSURES, STATE, FILES = "disclosures.jsonl", "state.jsonl", "files.jsonl"
CHECKPOINTS, RECORDS, ATTACHMENTS, TILES, VIEW = "checkpoints/", "records/", "attachments/", "tile/", "view/"

VIEW_ROWS = 500
"""Rows in each script of the view."""

LONGEST_NAME = 200
_NAME = re.compile(r"(?!.*\.(?:/|$))[A-Za-z0-9_][A-Za-z0-9._-]*(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)*")

__all__ = [
    "ATTACHMENTS", "CHECKPOINT", "CHECKPOINTS", "DISCLOSURES", "FILES", "INDEX", "LONGEST_NAME", "POLICY", "README",
    "RECORDS", "SCOPE", "STATE", "TILES", "VERIFY", "VIEW", "VIEW_ROWS", "attachment_path", "checkpoint_path",
    "entries_path", "is_name", "record_path", "tile_path", "view", "view_path",
]  # fmt: skip


def is_name(name: str) -> bool:
    """Say whether a file of a bundle may be called so: plain ASCII that stays below the folder on every system."""
    return len(name) <= LONGEST_NAME and _NAME.fullmatch(name) is not None


def checkpoint_path(log: str, origin: str, size: int) -> str:
    """Return where a checkpoint stands: by the beginning of the log that its origin names, and its size.

    The origin of the first beginning is the name of the log, that of a later one adds "/" and its number. Raises
    ValueError for an origin of another log.
    """
    name, slash, number = origin.rpartition("/")
    if origin == log:
        return f"{CHECKPOINTS}1/{size}"
    if not slash or name != log or not re.fullmatch("[2-9]|[1-9][0-9]{1,5}", number):
        raise ValueError(f"{origin} is no beginning of the log {log}.")
    return f"{CHECKPOINTS}{number}/{size}"


def record_path(name: str) -> str:
    """Return where the print of a record stands, by its reference."""
    return f"{RECORDS}{name}.pdf"


def attachment_path(sha256: str) -> str:
    """Return where an attached file stands, by its digest."""
    return f"{ATTACHMENTS}{sha256}"


def view_path(part: str, number: int) -> str:
    """Return where a script of the view stands."""
    return f"{VIEW}{part}/{number}.js"


def view(part: str, number: int, rows: Iterable[bytes]) -> bytes:
    """Return the script that hands rows to index.html; each is JSON on one line, as it stands in the bundle."""
    return f'show("{part}",{number},[\n'.encode() + b",\n".join(rows) + b"\n]);\n"
