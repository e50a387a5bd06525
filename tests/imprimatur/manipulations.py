"""What somebody may do to a bundle, and where it must be found. Each does as much as he can to hide it."""

import json
import random
import stat
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from imprimatur.bundle import layout
from imprimatur.tlog.checkpoint import Checkpoint
from imprimatur.tlog.note import Signer, signed
from imprimatur.tlog.tiles import WIDTH, fold, pack, unpack
from imprimatur.tlog.tree import leaf_hash
from tests.imprimatur import bundles
from tests.imprimatur.bundles import LOG, Made, canonical, digest, head


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
            "size": _size(self.files["checkpoint"].decode()),
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


def _maybe_hidden(loose: Loose) -> None:
    if loose.chance.random() < 0.5:
        loose.hide()


def a_bit_of_a_leaf(loose: Loose) -> Found:
    index, tile, leaves = loose.some_leaf()
    raw = bytearray(leaves[index % WIDTH])
    raw[loose.chance.randrange(len(raw))] ^= 1 << loose.chance.randrange(8)
    leaves[index % WIDTH] = bytes(raw)
    loose.repack(tile, leaves)
    _maybe_hidden(loose)
    return Found(events=(index,))


def a_bit_of_a_tile(loose: Loose) -> Found:
    name = loose.chance.choice(
        sorted(name for name in loose.files if name.startswith(("tile/0/", "tile/1/")))
    )
    at = loose.chance.randrange(len(loose.files[name]))
    loose.flip(name, (at, at + 1))
    if name.startswith("tile/1/"):
        return Found(files=(name,))
    return Found(events=(int(name[7:10]) * WIDTH + at // 32,))


def another_word_in_a_leaf_and_all_tiles(loose: Loose) -> Found:
    index, _tile, _leaves = loose.some_leaf()
    leaves = list(loose.made.leaves)
    before = leaf_hash(leaves[index]).hex()
    leaves[index] = leaves[index].replace(b'"v":1', b'"v":1', 1).replace(b'"t":"2026', b'"t":"2025', 1)
    loose.rebuild(leaves)
    loose.hide()
    later = tuple(at for at, leaf in enumerate(leaves) if f'"prev":"{before}"'.encode() in leaf)
    return Found(files=("checkpoints/",), events=later)


def a_bit_of_a_checkpoint(loose: Loose) -> Found:
    names = sorted(name for name in loose.files if name.startswith("checkpoint"))
    name = loose.chance.choice(names)
    loose.flip(name)
    return Found(files=(name, "checkpoint"))


def a_bit_of_a_disclosure(loose: Loose) -> Found:
    lines = loose.files["disclosures.jsonl"].splitlines(keepends=True)
    at = loose.chance.randrange(len(lines))
    raw = bytearray(lines[at])
    raw[loose.chance.randrange(len(raw))] ^= 1 << loose.chance.randrange(8)
    index = json.loads(lines[at])["index"]
    lines[at] = bytes(raw)
    loose.files["disclosures.jsonl"] = b"".join(lines)
    loose.relist()
    return Found(files=("disclosures.jsonl",), events=(index,))


def another_name_disclosed(loose: Loose) -> Found:
    lines = loose.files["disclosures.jsonl"].splitlines(keepends=True)
    at = loose.chance.choice([at for at, line in enumerate(lines) if b'"path":"actor"' in line])
    one = json.loads(lines[at])
    lines[at] = canonical(one | {"value": one["value"] + "-Meier"}) + b"\n"
    loose.files["disclosures.jsonl"] = b"".join(lines)
    loose.hide()
    return Found(events=(one["index"],))


def a_disclosure_of_another_event(loose: Loose) -> Found:
    lines = loose.files["disclosures.jsonl"].splitlines(keepends=True)
    told = [json.loads(line) for line in lines]
    at = loose.chance.choice([
        at for at in range(len(told) - 1)
        if told[at]["path"] == told[at + 1]["path"] == "actor" and told[at]["value"] != told[at + 1]["value"]
    ])  # fmt: skip
    first, second = told[at]["index"], told[at + 1]["index"]
    told[at]["index"], told[at + 1]["index"] = second, first
    lines[at], lines[at + 1] = canonical(told[at + 1]) + b"\n", canonical(told[at]) + b"\n"
    loose.files["disclosures.jsonl"] = b"".join(lines)
    loose.hide()
    return Found(events=(first, second))


def a_bit_of_a_state_row(loose: Loose) -> Found:
    loose.flip("state.jsonl")
    return Found(files=("state.jsonl", "view/states"))


def another_state_in_row_and_view(loose: Loose) -> Found:
    lines = loose.files["state.jsonl"].splitlines(keepends=True)
    at = loose.chance.randrange(len(lines))
    one = json.loads(lines[at])
    lines[at] = canonical(one | {"fields": {**one["fields"], "position": "against"}}) + b"\n"
    loose.files["state.jsonl"] = b"".join(lines)
    loose.hide()
    return Found(files=("state.jsonl",))


def a_row_of_what_was_removed(loose: Loose) -> Found:
    rows = loose.files["state.jsonl"].splitlines(keepends=True)
    there = {(one["type"], one["id"]) for one in map(json.loads, rows)}
    gone = {(kind, key) for leaf in map(json.loads, loose.made.leaves) for kind, states in leaf["states"].items()
            for key, state in states.items() if state is None}  # fmt: skip
    kind, key = loose.chance.choice(sorted(gone - there))
    rows.append(canonical({"type": kind, "id": key, "fields": {"position": "for"}, "salt": None}) + b"\n")
    loose.files["state.jsonl"] = b"".join(rows)
    loose.hide()
    return Found(files=("state.jsonl",))


def a_bit_of_a_paper(loose: Loose) -> Found:
    name = loose.chance.choice(
        sorted(name for name in loose.files if name.startswith(("attach", "records/")))
    )
    loose.flip(name)
    _maybe_hidden(loose)
    return Found(files=(name,), events=tuple(loose.made.named.values()))


def a_bit_of_something_else(loose: Loose) -> Found:
    name = loose.chance.choice(["README", "index.html", "verify.py", "policy", "scope.json", "files.jsonl"])
    if not loose.files[name]:
        name = "policy"
    before = set(loose.files)
    loose.flip(name)
    return Found(files=(name, *before) if name == "files.jsonl" else (name,))


def another_question(loose: Loose) -> Found:
    loose.files["scope.json"] = loose.files["scope.json"].replace(b"IMP-2026-0007", b"IMP-2026-0008")
    loose.hide()
    return Found(files=("scope.json",))


def a_leaf_removed(loose: Loose) -> Found:
    index, tile, leaves = loose.some_leaf()
    del leaves[index % WIDTH]
    loose.repack(tile, leaves)
    return Found(files=("tile/entries/",) if index % WIDTH == len(leaves) else (), events=(index,))


def a_leaf_added(loose: Loose) -> Found:
    index, tile, leaves = loose.some_leaf()
    leaves.insert(index % WIDTH, loose.chance.choice(loose.made.leaves[:index] or [b"{}"]))
    loose.repack(tile, leaves)
    return Found(events=(index,))


def neighbours_swapped(loose: Loose) -> Found:
    index, tile, leaves = loose.some_leaf()
    at = min(index % WIDTH, len(leaves) - 2)
    leaves[at], leaves[at + 1] = leaves[at + 1], leaves[at]
    loose.repack(tile, leaves)
    _maybe_hidden(loose)
    return Found(events=(tile * WIDTH + at,))


def the_end_cut_off(loose: Loose) -> Found:
    loose.rebuild(loose.made.leaves[: -loose.chance.randrange(1, 200)])
    loose.hide()
    return Found(files=("tile/",))


def the_end_cut_off_with_its_checkpoints(loose: Loose) -> Found:
    """Nothing in the bundle shows it: only a checkpoint that was taken away earlier does."""
    size = max(size for size in map(_size, loose.made.notes) if size < len(loose.made.leaves))
    loose.rebuild(loose.made.leaves[:size])
    kept = [
        line
        for line in loose.files["disclosures.jsonl"].splitlines(keepends=True)
        if json.loads(line)["index"] < size
    ]
    loose.files |= {"disclosures.jsonl": b"".join(kept), "state.jsonl": b""}
    del loose.files[f"checkpoints/2/{len(loose.made.leaves)}"]
    loose.files["checkpoint"] = loose.files[f"checkpoints/2/{size}"]
    listed = loose.files["files.jsonl"].replace(b'"events":[%d]' % loose.made.named["scope"], b'"events":[]')
    loose.files["files.jsonl"] = listed
    loose.hide()
    return Found(files=("checkpoint",), hold={"checkpoint": loose.made.notes[-1].encode()})


def _size(note: str) -> int:
    return int(note.split("\n")[1])


def another_log_of_the_same_length(loose: Loose) -> Found:
    """The server rewrites its log from some event on, and signs it again with its own key and its own witnesses."""
    other = bundles.made(seed=2)
    loose.rebuild(other.leaves)
    lines = [canonical({"index": one.index, "path": one.path, "salt": one.salt.hex(), "value": one.value}) + b"\n"
             for one in other.content.disclosures]  # fmt: skip
    loose.files |= {"disclosures.jsonl": b"".join(lines), "state.jsonl": b""}
    loose.files |= {
        layout.checkpoint_path(LOG, note.split("\n")[0], _size(note)): note.encode() for note in other.notes
    }
    loose.files["checkpoint"] = other.notes[-1].encode()
    loose.hide()
    held = loose.chance.choice(loose.made.notes)
    return Found(files=("the checkpoint that you hold",), hold={"checkpoint": held.encode()})


def _newest(loose: Loose, note: str) -> Found:
    name = f"checkpoints/2/{len(loose.made.leaves)}"
    loose.files |= {"checkpoint": note.encode(), name: note.encode()}
    loose.hide()
    return Found(files=(name, "checkpoint"))


def a_checkpoint_of_another_log(loose: Loose) -> Found:
    other = Signer("elsewhere.example/log", bundles.key("elsewhere"))
    return _newest(loose, head(loose.made.leaves, other.name, signer=other))


def a_checkpoint_by_a_stranger(loose: Loose) -> Found:
    origin = loose.chance.choice([LOG, f"{LOG}/2"])
    stranger = Signer(origin, bundles.key("stranger"))
    found = _newest(loose, head(loose.made.leaves, origin, signer=stranger, witnessed=2))
    return Found(files=found.files)


def a_stranger_with_the_id_of_the_key(loose: Loose) -> Found:
    text, _blank, lines = loose.made.notes[-1].rpartition("\n\n")
    real = bundles.SIGNERS[f"{LOG}/2"].sign(f"{text}\n")
    wrong = bundles.key("stranger").sign(f"{text}\n".encode())
    line = f"— {real.name} {bundles.b64(real.key_id + wrong)}"
    return _newest(loose, signed(f"{text}\n", [line, *lines.splitlines()[1:]]))


def a_checkpoint_without_its_witness(loose: Loose) -> Found:
    return _newest(loose, head(loose.made.leaves, f"{LOG}/2", witnessed=loose.chance.randrange(2)))


def a_key_that_was_given_up(loose: Loose) -> Found:
    note = head(loose.made.leaves[:300], LOG, signer=bundles.OLD, witnessed=2)
    loose.files["checkpoints/1/300"] = note.encode()
    loose.hide()
    return Found(files=("checkpoints/1/300",))


def a_checkpoint_of_something_else(loose: Loose) -> Found:
    """Signed by the log itself: two heads that don't go on from one another."""
    size = loose.chance.randrange(3, 490)
    text = Checkpoint(LOG, size, bytes(32)).text()
    loose.files[f"checkpoints/1/{size}"] = signed(text, [bundles.SIGNERS[LOG].sign(text)]).encode()
    loose.hide()
    return Found(files=(f"checkpoints/1/{size}",))


def two_files_with_one_name(loose: Loose) -> Found:
    name = loose.chance.choice(sorted(loose.files))
    again = loose.chance.choice([name, name.upper()])
    loose.besides.append((again, b"something else", stat.S_IFREG | 0o644))
    return Found(files=(again,))


def a_path_out_of_the_folder(loose: Loose) -> Found:
    evil = [
        "../evil",
        "/etc/evil",
        "records/../../evil.pdf",
        "C:/evil",
        "records\\..\\evil",
        "records/..",
        "./evil",
    ]
    name = loose.chance.choice(evil)
    loose.besides.append((name, b"evil", stat.S_IFREG | 0o644))
    return Found(files=(name.replace("\\", "\\\\"),))


def a_link(loose: Loose) -> Found:
    loose.besides.append(("records/link.pdf", b"/etc/passwd", stat.S_IFLNK | 0o777))
    return Found(files=("records/link.pdf",))


def a_strange_file(loose: Loose) -> Found:
    name = loose.chance.choice(
        ["setup.exe", "records/evil.exe", "tile/9/000", "attachments/" + "0" * 64, "view/more/0.js"]
    )
    loose.files[name] = b"strange"
    loose.hide()
    return Found(files=(name,))


def a_file_missing(loose: Loose) -> Found:
    name = loose.chance.choice(sorted(set(loose.files) - {"files.jsonl"}))
    del loose.files[name]
    return Found(files=(name,))


def a_view_that_lies(loose: Loose) -> Found:
    name = loose.chance.choice([name for name in loose.files if name.startswith("view/events/")])
    script = loose.files[name]
    loose.files[name] = script.replace(b'"verb":"vote.cast"', b'"verb":"vote.lost"', 1)
    loose.relist()
    row = next(row for row in script.split(b"\n") if b'"verb":"vote.cast"' in row)
    return Found(events=(int(row[1 : row.index(b",")]),))


def a_view_that_counts_wrong(loose: Loose) -> Found:
    counted = loose.chance.choice([b'"events":700', b'"papers":3', b'"size":700'])
    name = "view/bundle/0.js"
    loose.files[name] = loose.files[name].replace(counted, counted[:-1] + b"1", 1)
    loose.relist()
    return Found(files=(name,))


def another_policy(loose: Loose) -> Found:
    """Whoever made the bundle adds a key of his own: only the policy that the auditor holds shows it."""
    held = loose.files["policy"]
    policy = json.loads(held)
    policy["keys"].append({"origin": LOG, "vkey": bundles.stranger().vkey, "until": None})
    loose.files["policy"] = canonical(policy) + b"\n"
    loose.hide()
    return Found(files=("policy",), hold={"policy": held})


ALL: list[Callable[[Loose], Found]] = [
    a_bit_of_a_leaf, a_bit_of_a_tile, another_word_in_a_leaf_and_all_tiles, a_bit_of_a_checkpoint,
    a_bit_of_a_disclosure, another_name_disclosed, a_disclosure_of_another_event, a_bit_of_a_state_row,
    another_state_in_row_and_view, a_row_of_what_was_removed, a_bit_of_a_paper, a_bit_of_something_else,
    another_question, a_leaf_removed, a_leaf_added, neighbours_swapped, the_end_cut_off,
    the_end_cut_off_with_its_checkpoints, another_log_of_the_same_length, a_checkpoint_of_another_log,
    a_checkpoint_by_a_stranger, a_stranger_with_the_id_of_the_key, a_checkpoint_without_its_witness,
    a_key_that_was_given_up, a_checkpoint_of_something_else, two_files_with_one_name, a_path_out_of_the_folder, a_link,
    a_strange_file, a_file_missing, a_view_that_lies, a_view_that_counts_wrong, another_policy,
]  # fmt: skip
