"""Which files differ from what was approved: two sorted streams side by side, so that memory doesn't grow with them."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

NAMED = 100  # of each kind; the rest is counted


@dataclass(slots=True)
class Difference:
    """How many files were added, removed and changed, and the first of each by name."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("changed", "added", "removed"), 0))
    named: dict[str, list[str]] = field(default_factory=lambda: {"changed": [], "added": [], "removed": []})

    def note(self, kind: str, path: str) -> None:
        """Count a file, and name it if it is among the first."""
        self.counts[kind] += 1
        if len(self.named[kind]) < NAMED:
            self.named[kind].append(path)

    def __bool__(self) -> bool:
        return any(self.counts.values())


def is_approved(path: Path, sha256: str) -> bool:
    """Say whether the file is the manifest with this digest; raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256


def approved_files(path: Path) -> Iterator[tuple[str, str]]:
    """Yield path and SHA-256 of each file of an approved manifest, in its order; raises OSError."""
    with path.open("rb") as file:
        for line in file:
            yield line[66:].rstrip(b"\n").decode(), line[:64].decode()


def compare(approved: Iterable[tuple[str, str]], found: Iterable[tuple[str, str]]) -> Difference:
    """Return what differs; both must be sorted by path."""
    difference, before, after = Difference(), iter(approved), iter(found)
    old, new = next(before, None), next(after, None)
    while old is not None or new is not None:
        if new is None or (old is not None and old[0] < new[0]):
            assert old is not None
            difference.note("removed", old[0])
            old = next(before, None)
        elif old is None or new[0] < old[0]:
            difference.note("added", new[0])
            new = next(after, None)
        else:
            if old[1] != new[1]:
                difference.note("changed", new[0])
            old, new = next(before, None), next(after, None)
    return difference
