"""What somebody may do to a bundle, and where it must be found. Each does as much as he can to hide it."""

import json
import stat
from collections.abc import Callable

from imprimatur.tlog.tiles import WIDTH
from imprimatur.tlog.tree import leaf_hash
from tests.imprimatur import forgeries
from tests.imprimatur.bundles import canonical
from tests.imprimatur.loose import Found, Loose


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


ALL: list[Callable[[Loose], Found]] = [
    a_bit_of_a_leaf, a_bit_of_a_tile, another_word_in_a_leaf_and_all_tiles, a_bit_of_a_checkpoint,
    a_bit_of_a_disclosure, another_name_disclosed, a_disclosure_of_another_event, a_bit_of_a_state_row,
    another_state_in_row_and_view, a_row_of_what_was_removed, a_bit_of_a_paper, a_bit_of_something_else,
    another_question, a_leaf_removed, a_leaf_added, neighbours_swapped, the_end_cut_off,
    two_files_with_one_name, a_path_out_of_the_folder, a_link, a_strange_file, a_file_missing,
    a_view_that_lies, a_view_that_counts_wrong,
    *forgeries.ALL,
]  # fmt: skip
