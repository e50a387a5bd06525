"""A bundle taken apart, so that it can be changed and made to look right again."""

import json
import random
import warnings
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from imprimatur.bundle import layout
from imprimatur.tlog.tiles import WIDTH, fold, pack, unpack
from imprimatur.tlog.tree import leaf_hash
from tests.imprimatur.bundles import Made, canonical, digest


@dataclass
class Found:
    """Where the first fault may be named: one of these files (beginnings), or one of these events."""

    files: tuple[str, ...] = ()
    events: tuple[int, ...] = ()
    hold: dict[str, bytes] = field(default_factory=dict)


@dataclass
class Loose:
    """A bundle taken apart."""

    made: Made
    chance: random.Random
    files: dict[str, bytes]
    besides: list[tuple[str, bytes, int]] = field(default_factory=list)

    def leaves(self) -> list[bytes]:
        """All leaves as they stand there now."""
        names = sorted(name for name in self.files if name.startswith("tile/entries/"))
        return [leaf for name in names for leaf in unpack(self.files[name])]

    def rebuild(self, leaves: list[bytes]) -> None:
        """Put tiles over these leaves in the place of all others."""
        self.files = {name: content for name, content in self.files.items() if not name.startswith("tile/")}
        row = [leaf_hash(leaf) for leaf in leaves]
        for n in range(0, len(leaves), WIDTH):
            part = leaves[n : n + WIDTH]
            self.files[layout.entries_path(n // WIDTH, len(part))] = pack(part)
        level = 0
        while row:
            parts = [row[at : at + WIDTH] for at in range(0, len(row), WIDTH)]
            for n, part in enumerate(parts):
                self.files[layout.tile_path(level, n, len(part))] = b"".join(part)
            level, row = level + 1, [fold(b"".join(part)) for part in parts if len(part) == WIDTH]

    def repack(self, tile: int, leaves: list[bytes]) -> None:
        """Write the leaves below a tile anew, and leave their hashes as they are."""
        (name,) = (name for name in self.files if name.split(".")[0] == f"tile/entries/{tile:03d}")
        self.files[name] = pack(leaves)

    def relist(self) -> None:
        """Let files.jsonl tell what there is."""
        kept = [json.loads(line) for line in self.files["files.jsonl"].splitlines()]
        events = {one["path"]: one["events"] for one in kept}
        paths = sorted(path for path in self.files if not path.startswith("tile/") and path != "files.jsonl")
        self.files["files.jsonl"] = b"".join(
            canonical(
                {"path": path, "sha256": digest(self.files[path]), "size": len(self.files[path]),
                 "events": events.get(path, [])}
            ) + b"\n" for path in paths
        )  # fmt: skip

    def reshow(self) -> None:
        """Let the view show what the other files say."""
        opened: dict[int, list[bytes]] = {}
        for line in self.files["disclosures.jsonl"].splitlines():
            opened.setdefault(json.loads(line)["index"], []).append(line)
        rows = [
            b"[%d,%b,[%b]]" % (index, leaf, b",".join(opened.get(index, [])))
            for index, leaf in enumerate(self.leaves())
        ]
        papers = [
            line
            for line in self.files["files.jsonl"].splitlines()
            if b'"path":"records' in line or b'"path":"att' in line
        ]
        for part, lines in (
            ("events", rows),
            ("states", self.files["state.jsonl"].splitlines()),
            ("papers", papers),
        ):
            for name in [name for name in self.files if name.startswith(f"view/{part}/")]:
                del self.files[name]
            for n in range(0, len(lines), layout.VIEW_ROWS):
                number = n // layout.VIEW_ROWS
                self.files[layout.view_path(part, number)] = layout.view(
                    part, number, lines[n : n + layout.VIEW_ROWS]
                )
        states = len(self.files["state.jsonl"].splitlines())
        counts = {
            "size": size_of(self.files["checkpoint"].decode()),
            "events": len(rows),
            "states": states,
            "papers": len(papers),
        }
        rows = [
            canonical(counts), self.files["scope.json"][:-1], self.files["policy"][:-1],
            canonical(self.files["checkpoint"].decode()),
        ]  # fmt: skip
        self.files["view/bundle/0.js"] = layout.view("bundle", 0, rows)

    def hide(self) -> None:
        """Make list and view agree with everything else."""
        self.relist()
        self.reshow()
        self.relist()

    def flip(self, name: str, within: tuple[int, int] | None = None) -> None:
        """Turn one bit of a file around."""
        content = bytearray(self.files[name])
        start, stop = within or (0, len(content))
        content[self.chance.randrange(start, stop)] ^= 1 << self.chance.randrange(8)
        self.files[name] = bytes(content)

    def some_leaf(self) -> tuple[int, int, list[bytes]]:
        """The index of a leaf, its tile, and the leaves of that tile."""
        index = self.chance.randrange(len(self.made.leaves))
        tile = index // WIDTH
        return index, tile, self.made.leaves[tile * WIDTH : (tile + 1) * WIDTH]

    def write(self, path: Path) -> None:
        """Put it together again."""
        with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as archive:
            warnings.simplefilter("ignore")  # two files with one name are meant
            for name, content in self.files.items():
                archive.writestr(zipfile.ZipInfo(name), content)
            for name, content, mode in self.besides:
                info = zipfile.ZipInfo(name)
                info.external_attr = mode << 16
                archive.writestr(info, content)


def loosen(path: Path, made: Made, seed: int) -> Loose:
    """Take a bundle apart."""
    with zipfile.ZipFile(path) as archive:
        return Loose(made, random.Random(seed), {name: archive.read(name) for name in archive.namelist()})


def size_of(note: str) -> int:
    """The number of leaves that a checkpoint covers."""
    return int(note.split("\n")[1])
