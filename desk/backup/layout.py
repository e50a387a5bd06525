"""What a backup looks like: a folder named by its time, with everything listed by its SHA-256.

    imprimatur-20261126T023400Z/
        database            as pg_dump --format=custom writes it, or a file of SQLite
        files/ab/abcd…      what people handed in, encrypted as in the data folder
        records/ab/abcd…    sealed records, encrypted as in the data folder
        manifest.json       what it is, and what it needs
        SHA256SUMS          a line for each of the others, as `sha256sum --check` reads it

The keys are not in it: they lie apart, in one encrypted file that also holds the digest of SHA256SUMS.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from desk.backup import disk
from desk.backup.disk import Stored
from desk.backup.progress import Progress
from desk.backup.refusal import NotPossible

FORMAT = 1
MANIFEST, SUMS, DATABASE, MARK = "manifest.json", "SHA256SUMS", "database", "sample"
STORES = {"files": r"[0-9a-f]{2}/[0-9a-f]{64}", "records": r"[0-9a-f]{2}/[0-9a-f]{64}\.pdf\.locked"}
"""Folders of the data folder with what they keep; drafts, uploads on their way and locks are left out."""
NAME = re.compile(r"imprimatur-\d{8}T\d{6}Z")
_PARTS = [DATABASE, re.escape(MANIFEST), MARK, *(f"{store}/{kept}" for store, kept in STORES.items())]
_LINE = re.compile(f"([0-9a-f]{{64}})  ({'|'.join(_PARTS)})")
Sums = dict[str, str]
"""Digest of each part by its path inside the backup."""


@dataclass(frozen=True, slots=True)
class Log:
    """How far the log was: its events, what its tree had signed or not, and its last signed note."""

    events: int
    size: int
    root: str
    checkpoint: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup is and needs. Versions are those of the product, the database's server and its programs."""

    made_at: str
    product: str
    engine: str
    engine_version: str
    origin: str
    migrations: list[list[str]]
    key_ids: dict[str, list[str]]
    keys: str
    log: Log
    counts: dict[str, int] = field(default_factory=dict)
    format: int = FORMAT

    def render(self) -> bytes:
        """Return it as it is written."""
        return (json.dumps(asdict(self), indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()

    @classmethod
    def parse(cls, content: bytes) -> "Manifest":
        """Raises NotPossible for what this version can't read."""
        try:
            found: dict[str, Any] = json.loads(content)
            if found["format"] != FORMAT:
                raise NotPossible(
                    f"The backup has format {found['format']}, and this version of the product knows {FORMAT} only."
                    " Restore it with the version that made it."
                )
            return cls(**{**found, "log": Log(**found["log"])})
        except (ValueError, KeyError, TypeError) as fault:
            raise NotPossible(f"{MANIFEST} of the backup can't be read. Take another copy of it.") from fault


def name_at(now: datetime) -> str:
    """Return the name of a backup made at this time."""
    return f"imprimatur-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def backups(folder: Path) -> list[Path]:
    """Return the whole backups in the folder, oldest first."""
    return sorted(path for path in folder.iterdir() if NAME.fullmatch(path.name) and (path / SUMS).is_file())


def render_sums(sums: Mapping[str, Stored]) -> bytes:
    """Return the lines of SHA256SUMS."""
    return "".join(f"{stored.sha256}  {name}\n" for name, stored in sorted(sums.items())).encode()


def read_sums(backup: Path) -> Sums:
    """Return what SHA256SUMS lists; raises NotPossible where it isn't whole."""
    try:
        content = (backup / SUMS).read_text("ascii")
    except FileNotFoundError:
        raise NotPossible(f"{backup} is no whole backup: it has no {SUMS}. Name the folder of one.") from None
    except (OSError, UnicodeDecodeError):
        content = "?"
    lines = content.splitlines()
    found = [_LINE.fullmatch(line) for line in lines]
    sums = {match[2]: match[1] for match in found if match}
    if len(sums) != len(lines) or not content.endswith("\n"):
        raise NotPossible(f"{SUMS} of {backup} was changed. Take another copy of the backup.")
    return sums


def check_parts(backup: Path, sums: Sums, progress: Progress) -> None:
    """Compare every part with its digest; raises NotPossible naming all that is missing, changed or too much."""
    present = set(_parts(backup))
    wrong = [f"{name} is missing" for name in sorted(sums.keys() - present)]
    wrong += [f"{name} does not belong to it" for name in sorted(present - sums.keys())]
    for number, name in enumerate(sorted(sums.keys() & present), 1):
        try:
            if (backup / name).is_symlink():
                wrong.append(f"{name} is a link")
            elif disk.digest_of(backup / name).sha256 != sums[name]:
                wrong.append(f"{name} was changed")
        except OSError as fault:
            wrong.append(f"{name} can't be read ({fault.strerror})")
        progress("compared", number, len(sums))
    if {MANIFEST, DATABASE} - sums.keys():
        wrong.append(f"{SUMS} does not list manifest and database")
    if wrong:
        raise NotPossible(
            f"The backup {backup.name} is not as it was made, and nothing was restored: {'; '.join(wrong[:20])}."
            " Take another copy of it, or an older backup."
        )


def _parts(backup: Path) -> Iterator[str]:
    for path in backup.rglob("*"):
        if (path.is_symlink() or not path.is_dir()) and path.name != SUMS:
            yield path.relative_to(backup).as_posix()
