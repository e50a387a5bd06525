#!/usr/bin/env python3
"""Checks a bundle of an audit log, on any machine, without a network:

    python3 verify.py [FILE_OR_FOLDER] [--policy FILE] [--checkpoint FILE] [--json]

It needs Python 3.9 or later and nothing else, and can be read before it is believed. It ends with 0 when everything
is whole, 1 when something is wrong (the first such thing is named), 2 when the bundle can't be read. Two things only
you can bring, from a mail, a printed record, a colleague: the policy with the keys (--policy), and any checkpoint that
you saw earlier (--checkpoint). Without them you learn that the bundle is whole, not that it is the log you know.

From the small to the whole: signatures (RFC 8032), JSON (RFC 8785), checkpoints (C2SP: signed-note, tlog-checkpoint,
tlog-cosignature), the tree (RFC 6962; C2SP: tlog-tiles), a leaf, a tile of leaves, the story of each object, the
files, and `check`, which calls all of it in order. docs/bundle.md of Imprimatur says the same in prose.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import hashlib
import hmac
import json
import os
import re
import stat
import struct
import sys
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any, NamedTuple

WIDTH, HASH = 256, 32  # hashes in a tile, bytes of a hash
VIEW_ROWS = 500  # rows in a script of the view
MOST = 1 << 28  # bytes of the longest line or file that is taken into memory at once
CONTINUED = "log.continued"  # the verb with which the log goes on under a new origin, after a restore
FIXED = set(
    "README index.html verify.py policy scope.json checkpoint disclosures.jsonl state.jsonl files.jsonl"
    " view/bundle/0.js".split()
)
OTHERS = re.compile(
    r"checkpoints/[1-9][0-9]*/[0-9]+|view/(events|states|papers)/(0|[1-9][0-9]*)\.js"
    r"|records/[^/]+\.pdf|attachments/[0-9a-f]{64}|tile/.+"
)
PLAIN = re.compile(r"(?!.*\.(/|$))[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*")


class Wrong(Exception):
    """A rule that the bundle breaks: in words, with the file, and the event by its index, and its id where known."""

    def __init__(self, rule: str, file: str, event: int | None = None, uuid: str | None = None) -> None:
        super().__init__(rule, file, event, uuid)
        self.rule, self.file, self.event, self.uuid = rule, file, event, uuid

    def __str__(self) -> str:
        about = "" if self.event is None else f"event {self.event} ({self.uuid or 'without an id'}), "
        return f"{about}{self.file}: {self.rule}"


class Unreadable(Exception):
    """The bundle can't be checked at all."""


# -- Signatures: Ed25519 (RFC 8032, 5.1), strict: S below L, points in their one form, no cofactor ------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
Point = tuple[int, int, int, int]  # X, Y, Z, T, where x = X/Z, y = Y/Z, xy = T/Z
ZERO: Point = (0, 1, 1, 0)


def add(one: Point, two: Point) -> Point:
    a, b = (one[1] - one[0]) * (two[1] - two[0]), (one[1] + one[0]) * (two[1] + two[0])
    c, d = 2 * one[3] * two[3] * D, 2 * one[2] * two[2]
    e, f, g, h = (b - a) % P, (d - c) % P, (d + c) % P, (b + a) % P
    return e * f % P, g * h % P, f * g % P, e * h % P


def point(encoded: bytes) -> Point | None:
    """The point of 32 bytes (5.1.3); None when they aren't the one way to write a point."""
    y, odd = int.from_bytes(encoded, "little") & (1 << 255) - 1, encoded[-1] >> 7
    u, v = y * y - 1, D * y * y + 1
    x = u * v**3 * pow(u * v**7, (P - 5) // 8, P) % P
    if (v * x * x - u) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if len(encoded) != 32 or y >= P or (v * x * x - u) % P or (x == 0 and odd):
        return None
    x = P - x if x & 1 != odd else x
    return x, y, 1, x * y % P


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")) or ZERO


def ed25519(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the signature over the message is that of the key (5.1.7)."""
    key, s = point(public), int.from_bytes(signature[32:], "little")
    if key is None or len(signature) != 64 or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    minus = (P - key[0], key[1], 1, P - key[3])
    choice, found = (ZERO, BASE, minus, add(BASE, minus)), ZERO
    for bit in range(252, -1, -1):  # found becomes S*B - k*A, which must be R
        found = add(found, found)
        if pick := s >> bit & 1 | (k >> bit & 1) << 1:
            found = add(found, choice[pick])
    inverse = pow(found[2], P - 2, P)
    x, y = found[0] * inverse % P, found[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


# -- JSON in its one form (RFC 8785), without floats, whole numbers below 2^53 --------------------------------------


def refuse(what: object) -> Any:
    raise ValueError(f"not allowed: {str(what)[:100]!a}")


def whole(digits: str) -> int:
    return int(digits) if len(digits) < 18 and abs(int(digits)) < 2**53 else refuse(digits)


read_json = json.JSONDecoder(parse_float=refuse, parse_constant=refuse, parse_int=whole).decode
write_json = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def canonical(raw: bytes) -> Any:
    """The value; ValueError for any other way to write it (a key twice, blanks, another order)."""
    try:
        value = read_json(raw.decode())
        return value if write_json(value).encode() == raw else refuse("another way to write it")
    except RecursionError:
        return refuse("so many brackets")


def one_line(raw: bytes, file: str, *keys: str) -> dict[str, Any]:
    """The object on a line of its own, with exactly these keys (any, when none are given)."""
    try:
        value: dict[str, Any] = canonical(raw[:-1]) if raw.endswith(b"\n") else refuse("a line without end")
        fits = isinstance(value, dict) and (not keys or value.keys() == set(keys))
        return value if fits else refuse("other fields")
    except ValueError as fault:
        raise Wrong(f"a line isn't the canonical JSON that stands here: {fault}", file) from None


# -- Checkpoints, and whose signatures count ------------------------------------------------------------------------

Verifies = Callable[[bytes, bytes, bytes], bool]


class Key(NamedTuple):
    """A public key: of the log, which signs an origin up to a size, or of a witness."""

    name: str
    id: bytes
    public: bytes
    origin: str = ""
    until: int | None = None


def unbase64(text: str) -> bytes:
    raw = base64.b64decode(text, validate=True)
    return raw if base64.b64encode(raw).decode() == text else refuse(text)


def key_of(vkey: str, kind: int, *signs: Any) -> Key:
    """A key: name+id+base64 of kind and key. ValueError for another kind, or a key so weak that anybody can sign."""
    name, digits, encoded = vkey.split("+", 2)
    raw = unbase64(encoded)
    key = Key(name, hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4], raw[1:], *signs)
    eight = point(key.public)
    for _ in range(3):
        eight = eight and add(eight, eight)
    fits = raw[0] == kind and re.fullmatch(r"\S+", name) and key.id.hex() == digits and eight and eight[0]
    return key if fits else refuse(vkey)


class Policy:
    """Every key that the log ever had, the witnesses, and how many of these must have signed the newest checkpoint."""

    def __init__(self, raw: bytes, file: str) -> None:
        self.fields = one_line(raw, file, "log", "keys", "witnesses", "required")
        self.log, self.required = self.fields["log"], self.fields["required"]
        try:
            self.keys = [key_of(key["vkey"], 1, key["origin"], key["until"]) for key in self.fields["keys"]]
            self.witnesses = [key_of(vkey, 4) for vkey in self.fields["witnesses"]]
            ends = all(key.until is None or type(key.until) is int for key in self.keys)
            if not re.fullmatch(r"\S+", self.log) or not ends:
                refuse("a log without a name, or an end that is no number")
            ids = {(key.name, key.id) for key in self.witnesses}
            if len(ids) < len(self.witnesses) or not 0 <= self.required <= len({name for name, _ in ids}):
                refuse("a key twice, or more witnesses required than named")
        except (ValueError, TypeError, KeyError, IndexError, AttributeError) as fault:
            raise Wrong(f"it doesn't say whose signatures count: {fault}", file) from None


class Head(NamedTuple):
    """A checkpoint: origin, number of leaves, their root; which witnesses signed it, and when (seconds, UTC)."""

    origin: str
    size: int
    root: bytes
    witnesses: dict[str, int]
    file: str


def head_of(raw: bytes, file: str, policy: Policy, verifies: Verifies, signed: bool = True) -> Head:
    """The checkpoint. A key of the log must have signed it, and nothing by a key in the policy may be wrong."""
    try:
        text, _, below = raw.decode().rpartition("\n\n") if signed else (raw.decode().strip(), "", "\n")
        origin, digits, root, *_ = [*text.split("\n"), "", ""]
        head = Head(origin, whole(digits), unbase64(root), {}, file)
        lines = [
            re.fullmatch(r"— (\S+) (\S+)", line) or refuse(line) for line in below[:-1].split("\n") if signed
        ]
        signatures = [(line[1], unbase64(line[2])) for line in lines]
        if str(head.size) != digits or head.size < 1 or len(head.root) != HASH or below[-1:] != "\n":
            refuse(text)
    except ValueError as fault:
        raise Wrong(f"it is no checkpoint: {fault}", file) from None
    if not re.fullmatch(re.escape(policy.log) + "(/([2-9]|[1-9][0-9]+))?", origin):
        raise Wrong(f"it is a checkpoint of another log, {origin}", file)
    message, good, late = text.encode() + b"\n", 0, 0
    for name, line in signatures:
        for key in policy.keys:
            if (name, line[:4], origin) == (key.name, key.id, key.origin):
                if not verifies(key.public, line[4:], message):
                    raise Wrong("the signature of the log is wrong", file)
                late += key.until is not None and head.size > key.until
                good += 1
        for key in policy.witnesses:
            if (name, line[:4]) == (key.name, key.id):
                when = int.from_bytes(line[4:12], "big")
                cosigned = b"cosignature/v1\ntime %d\n%b" % (when, message)
                if when >> 40 or not verifies(key.public, line[12:], cosigned):
                    raise Wrong(f"the signature of the witness {name} is wrong", file)
                head.witnesses[name] = when
    if signed and good == late:
        raise Wrong("no key of the log signed it" + " that wasn't given up before" * bool(late), file)
    return head


# -- The tree -------------------------------------------------------------------------------------------------------


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def root_of(row: list[bytes]) -> bytes:
    """The root over a row of leaves, or of complete subtrees of one size (RFC 6962, 2.1)."""
    while len(row) > 1:
        pairs = [node(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)]
        row = pairs + row[len(pairs) * 2 :]
    return row[0]


class Tree:
    """Grows by full tiles; the complete subtrees that they make stand in `edge`, the largest first."""

    def __init__(self) -> None:
        self.roots: list[bytes] = []  # of full tiles
        self.edge: list[tuple[int, bytes]] = []

    def grow(self, root: bytes) -> None:
        self.roots.append(root)
        tiles = 1
        while self.edge and self.edge[-1][0] == tiles:
            tiles, root = tiles * 2, node(self.edge.pop()[1], root)
        self.edge.append((tiles, root))

    def root(self, last: list[bytes]) -> bytes:
        """The root, where these leaves come behind the full tiles."""
        row = [root for _, root in self.edge] + ([root_of(last)] if last else [])
        root = row.pop()
        while row:
            root = node(row.pop(), root)
        return root

    def compare(self, source: Source) -> None:
        """Each tile above the leaves' hashes must hold the roots of the tiles below it."""
        level, row = 1, self.roots
        while row:
            tiles = [row[at : at + WIDTH] for at in range(0, len(row), WIDTH)]
            for n, tile in enumerate(tiles):
                name = f"tile/{level}/{numbered(n, len(tile))}"
                if source.read(name, WIDTH * HASH) != b"".join(tile):
                    raise Wrong("its hashes aren't the roots of the tiles below it", name)
            level, row = level + 1, [root_of(tile) for tile in tiles if len(tile) == WIDTH]


def numbered(n: int, width: int) -> str:
    """Tile 1234067 is called x001/x234/067; one that isn't full says how many hashes it has."""
    digits = "0" * (-len(str(n)) % 3) + str(n)
    *above, last = (digits[at : at + 3] for at in range(0, len(digits), 3))
    return "".join(f"x{group}/" for group in above) + last + (f".p/{width}" if width < WIDTH else "")


def tiles_of(size: int) -> Iterator[str]:
    """The names of all tiles of a tree of that size, and of its entries."""
    level, left = 0, size
    while left:
        for n in range((left + WIDTH - 1) // WIDTH):
            name = numbered(n, min(WIDTH, left - n * WIDTH))
            yield from [f"tile/{level}/{name}"] + [f"tile/entries/{name}"] * (level == 0)
        level, left = level + 1, left // WIDTH


# -- A leaf: one act ------------------------------------------------------------------------------------------------

LEAF = set("v log id t verb actor on_behalf_of obj rev prev place data personal state states req".split())
is_uuid = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch
is_time = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{6}Z").fullmatch
is_hash = re.compile("[0-9a-f]{64}").fullmatch


def leaf_of(raw: bytes, log: str) -> dict[str, Any]:
    """The fields of a leaf; ValueError with the rule that it breaks."""
    leaf: dict[str, Any] = canonical(raw)
    try:
        obj, root = leaf["obj"], leaf["place"]["root"]
        hashes = {leaf["prev"], leaf["state"], *leaf["personal"].values()}
        hashes.update(state for states in leaf["states"].values() for state in states.values())
        fits: Any = leaf.keys() == LEAF and type(leaf["rev"]) is type(leaf["v"]) is int
        fits = fits and leaf["v"] == 1 and leaf["rev"] > 0
        fits = fits and is_uuid(leaf["id"]) and is_time(leaf["t"]) and type(leaf["verb"]) is str
        fits = fits and type(obj["type"]) is type(obj["id"]) is type(root["type"]) is type(root["id"]) is str
        fits = fits and len(obj) == len(root) == 2 and type(leaf["data"]) is dict
        fits = fits and all(map(is_hash, hashes - {None}))
        fits = fits and all(map(is_uuid, {leaf["actor"], leaf["on_behalf_of"]} - {None}))
    except (TypeError, AttributeError, KeyError):
        fits = False
    if not fits:
        raise ValueError("its fields aren't those of a leaf")
    if leaf["log"] != log:
        raise ValueError(f"it is a leaf of another log, {leaf['log']}")
    if (leaf["rev"] == 1) != (leaf["prev"] is None):
        raise ValueError("the first event of an object, and no other, has no predecessor")
    for path, told in leaf["personal"].items():
        if path.startswith("states."):  # the state of another object: states.<app>.<model>.<id>
            app, model, key = [*path[7:].split(".", 2), "", ""][:3]
            if leaf["states"].get(f"{app}.{model}", {}).get(key) != told:
                raise ValueError(f"the commitment {path} isn't the state that it tells")
    return leaf


def commitment(salt: str, value: bytes) -> str:
    return hmac.new(bytes.fromhex(salt), value, hashlib.sha256).hexdigest()


# -- A tile of leaves: what can be said without those before --------------------------------------------------------

ByLeaf = dict[int, list[Any]]  # something about leaves, by index
# Number and width of a tile; its disclosures, its rows of the view, the files that its events are said to name
Task = tuple[int, int, ByLeaf, ByLeaf, ByLeaf]
# Hashes of the leaves, their root, the leaves
Checked = tuple[list[bytes], bytes, list[dict[str, Any]]]


def check_tile(source: Source, log: str, task: Task) -> Checked:
    """Check leaves against their hashes, disclosures, rows of the view, and the files that they are said to name."""
    number, width, disclosures, rows, named = task
    tile, first, raws, at = numbered(number, width), number * WIDTH, [], 0
    file, packed = f"tile/entries/{tile}", source.read(f"tile/entries/{tile}", WIDTH * 65537)
    told = source.read(f"tile/0/{tile}", WIDTH * HASH)
    while at + 2 <= len(packed):
        at, start = at + 2 + (packed[at] << 8) + packed[at + 1], at + 2
        raws.append(packed[start:at])
    hashes = [hashlib.sha256(b"\0" + raw).digest() for raw in raws]
    for index, (raw, digest) in enumerate(zip(raws, hashes)):
        if told[index * HASH :][:HASH] != digest:
            raise Wrong(f"the leaf and its hash in tile/0/{tile} differ", file, first + index, id_of(raw))
    if at != len(packed) or not len(raws) == len(told) / HASH == width:
        raise Wrong(f"it or tile/0/{tile} doesn't hold {width} leaves", file)
    leaves = []
    for index, raw in enumerate(raws, first):
        try:
            leaf = leaf_of(raw, log)
        except ValueError as fault:
            raise Wrong(f"the leaf breaks a rule: {fault}", file, index, id_of(raw)) from None
        leaves.append(leaf)
        lines = disclosures.get(index, ())
        check_disclosures(lines, leaf, index)
        row = [b"[%d,%b,[%b]]" % (index, raw, b",".join(line[:-1] for line in lines))]
        if rows.get(index, row) != row:
            raise Wrong("it shows something else than leaf and disclosures", "view/events", index, leaf["id"])
        for name, sha256 in named.get(index, ()):
            if sha256 not in write_json(leaf["data"]):
                raise Wrong("the event doesn't name this file", name, index, leaf["id"])
    return hashes, root_of(hashes), leaves


def id_of(raw: bytes) -> str | None:
    found = re.search(b'"id":"([0-9a-f-]{36})","log"', raw)
    return found[1].decode() if found else None


def check_disclosures(lines: Iterable[bytes], leaf: dict[str, Any], index: int) -> None:
    """A value is the one that was meant when its commitment, HMAC-SHA256(salt, value), stands in the leaf."""
    before, file = "", "disclosures.jsonl"
    for line in lines:
        one = one_line(line, file, "index", "path", "salt", "value")
        try:
            told = leaf["state"] if one["path"] == "state" else leaf["personal"].get(one["path"])
            fits = one["path"] > before and commitment(one["salt"], one["value"].encode()) == told
        except (TypeError, ValueError, AttributeError):
            fits = False
        if not fits:
            raise Wrong("a value isn't the one that the leaf commits to", file, index, leaf["id"])
        before = one["path"]


# -- The story of each object, over all leaves ----------------------------------------------------------------------

Named = tuple[str, str]  # type and id of an object


class Story:
    """Ids are given once; an event's predecessor is an earlier event of the same object, numbered one less.

    Two acts at the same time may have the same predecessor (`forks` counts them). `newest` is the state of an object
    that is asked for, from the last event that tells of it. `shown` counts the events that index.html gets to see.
    """

    def __init__(self, wanted: dict[Named, str]) -> None:
        self.wanted, self.forks, self.shown = wanted, 0, 0
        self.newest: dict[Named, tuple[int, str | None]] = {}
        self.ids: set[bytes] = set()
        self.past: dict[Named, bytearray] = {}  # number and hash of each event: 36 bytes
        self.begun: list[tuple[int, dict[str, Any]]] = []  # where the log goes on under a new origin

    def follow(self, index: int, digest: bytes, leaf: dict[str, Any]) -> None:
        obj, rev, file = (leaf["obj"]["type"], leaf["obj"]["id"]), leaf["rev"], "tile/entries"
        self.ids.add(bytes.fromhex(leaf["id"].replace("-", "")))
        if len(self.ids) == index or rev > index + 1:
            raise Wrong("another event has its id, or its number is too high", file, index, leaf["id"])
        past = self.past.setdefault(obj, bytearray())
        before = b"" if rev == 1 else struct.pack(">I", rev - 1) + bytes.fromhex(leaf["prev"])
        if past[-36:] != before:
            self.forks += 1
            if before not in [b"", *(past[at : at + 36] for at in range(0, len(past), 36))]:
                raise Wrong("its predecessor is no earlier event of this object", file, index, leaf["id"])
        past += struct.pack(">I", rev) + digest
        told = [(obj, leaf["state"])] if leaf["state"] is not None else []
        told += [((kind, key), state) for kind, all_ in leaf["states"].items() for key, state in all_.items()]
        self.newest.update((one, (index, state)) for one, state in told if one in self.wanted)
        if leaf["verb"] == CONTINUED:
            self.begun.append((index, leaf["data"]))

    def compare(self) -> None:
        """Each state row must be what the newest event tells of the object."""
        for (kind, key), told in self.wanted.items():
            index, state = self.newest.get((kind, key), (None, ""))
            if state != told:
                why = "another state" if state else "that it is gone" if index is not None else "nothing"
                raise Wrong(f"{kind} {key}: the newest event of it tells {why}", "state.jsonl", index)


# -- The files ------------------------------------------------------------------------------------------------------


class Source:
    """The files of a bundle, in a ZIP or a folder, with their sizes: plain names, none twice."""

    def __init__(self, path: str | Path) -> None:
        self.path, self.sizes = Path(path), {}  # type: Path, dict[str, int]
        seen: set[str] = set()
        try:
            self.zip = None if self.path.is_dir() else zipfile.ZipFile(self.path)
            for name, size, mode in self.in_zip(self.zip) if self.zip else self.in_folder():
                if not PLAIN.fullmatch(name) or stat.S_IFMT(mode) not in (0, stat.S_IFREG):
                    raise Wrong("its name isn't plain, leaves the folder, or is no file's", ascii(name)[1:-1])
                if name.lower() in seen:
                    raise Wrong("there are two files with this name", name)
                seen.add(name.lower())
                self.sizes[name] = size
        except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError) as fault:
            raise Unreadable(f"{path} can't be read: {fault}") from None

    def in_folder(self) -> Iterator[tuple[str, int, int]]:
        for folder, folders, names in os.walk(self.path):
            for path in (Path(folder, name) for name in names + folders):
                facts = path.lstat()
                if not stat.S_ISDIR(facts.st_mode):
                    yield path.relative_to(self.path).as_posix(), facts.st_size, facts.st_mode

    def in_zip(self, archive: zipfile.ZipFile) -> Iterator[tuple[str, int, int]]:
        return ((one.orig_filename, one.file_size, one.external_attr >> 16) for one in archive.infolist())

    @contextlib.contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        if name not in self.sizes:
            raise Wrong("it is missing", name)
        try:
            with self.zip.open(name) if self.zip else (self.path / name).open("rb") as file:
                yield file
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as fault:
            raise Wrong(f"its bytes aren't those that were written: {fault}", name) from None
        except OSError as fault:
            raise Unreadable(f"{name} can't be read: {fault}") from None

    def read(self, name: str, most: int = MOST) -> bytes:
        with self.open(name) as file:
            content = file.read(most + 1)
        if len(content) > most:
            raise Wrong("it is longer than it may be", name)
        return content

    def parts(self, name: str, lines: bool = True) -> Iterator[bytes]:
        """The lines of a file, or pieces of it."""
        with self.open(name) as file:
            while part := file.readline(MOST) if lines else file.read(1 << 20):
                yield part

    def shown(self, part: str) -> Iterator[bytes]:
        """The rows that index.html gets to see, from scripts that hold nothing else."""
        count = sum(name.startswith(f"view/{part}/") for name in self.sizes)
        for n in range(count):
            name, head, tail = f"view/{part}/{n}.js", b'show("%b",%d,[\n' % (part.encode(), n), b"\n]);\n"
            content = self.read(name)
            rows = content[len(head) : -len(tail)].split(b",\n")
            is_full = len(rows) == VIEW_ROWS or (n == count - 1 and len(rows) < VIEW_ROWS)
            if not (content.startswith(head) and content.endswith(tail) and is_full):
                raise Wrong("it isn't the script that the view has here", name)
            yield from rows


def by_tile(lines: Iterable[bytes], begins: bytes, size: int, file: str) -> Iterator[ByLeaf]:
    """Lines that begin with the index of a leaf, in the order of the log: those of each tile in turn."""
    found: ByLeaf = {}
    tile, before, indexed = 0, 0, re.compile(begins + b"(0|[1-9][0-9]{0,17}),").match
    for line in lines:
        match = indexed(line)
        index = int(match[1]) if match else -1
        if not before <= index < size:
            raise Wrong("a line is about no event, or stands out of order", file, max(before, index))
        while tile < index // WIDTH:
            yield found
            tile, found = tile + 1, {}
        found.setdefault(index, []).append(line)
        before = index
    while True:
        yield found
        found = {}


# -- Everything, in order -------------------------------------------------------------------------------------------

Files = dict[str, dict[str, Any]]  # what files.jsonl says of each
Tell = Callable[[str, int, int], None]  # hears what is being done, how much is done, and how much there is


def listed(source: Source) -> Files:
    """What `files.jsonl` says of every file but itself and the tiles; no other is there, and each has its place."""
    files: Files = {}
    for line in source.parts("files.jsonl"):
        one = one_line(line, "files.jsonl", "path", "sha256", "size", "events")
        if (
            not isinstance(one["path"], str)
            or not is_hash(str(one["sha256"]))
            or type(one["events"]) is not list
        ):
            raise Wrong("a line has fields of another kind", "files.jsonl")
        if one["path"] in files:
            raise Wrong("it is listed twice", one["path"])
        files[one["path"]] = one
    for name in sorted(source.sizes):
        if name not in FIXED and not OTHERS.fullmatch(name):
            raise Wrong("this is no part of a bundle", name)
        if name not in files and name != "files.jsonl" and not name.startswith("tile/"):
            raise Wrong("files.jsonl doesn't name it", name)
    for name in sorted((files.keys() | FIXED) - source.sizes.keys()):
        raise Wrong("it is missing", name)
    return files


def heads_of(source: Source, policy: Policy, verifies: Verifies, tell: Tell) -> list[Head]:
    """The checkpoints by size; the last is the newest, and stands in `checkpoint` too."""
    names, heads = [name for name in source.sizes if name.startswith("checkpoints/")], []
    for done, name in enumerate(names, 1):
        head = head_of(source.read(name), name, policy, verifies)
        if name != f"checkpoints/{head.origin[len(policy.log) + 1 :] or 1}/{head.size}":
            raise Wrong("it is the checkpoint of another origin or size", name)
        heads.append(head)
        tell("checkpoints", done, len(names))
    heads.sort(key=lambda head: (head.size, int(head.file.split("/")[1])))
    if not heads or source.read("checkpoint") != source.read(heads[-1].file):
        raise Wrong("it isn't the newest of the checkpoints", "checkpoint")
    if len(heads[-1].witnesses) < policy.required:
        raise Wrong(f"{len(heads[-1].witnesses)} of {policy.required} witnesses signed it", "checkpoint")
    return heads


def states_of(source: Source) -> dict[Named, str]:
    """The digest, or commitment, of each state row; the view shows the same rows."""
    wanted: dict[Named, str] = {}
    rows = source.shown("states")
    for line in source.parts("state.jsonl"):
        one = one_line(line, "state.jsonl", "fields", "id", "salt", "type")
        text, obj = write_json(one["fields"]).encode(), (one["type"], one["id"])
        try:
            state = hashlib.sha256(text).hexdigest() if one["salt"] is None else commitment(one["salt"], text)
            fits = obj not in wanted
            wanted[obj] = state
        except (TypeError, ValueError):
            fits = False
        if not fits:
            raise Wrong(f"an object stands there twice, or with a wrong salt: {obj}", "state.jsonl")
        if next(rows, None) != line[:-1]:
            raise Wrong(f"it shows other rows than state.jsonl: {obj}", "view/states")
    if next(rows, None) is not None:
        raise Wrong("it shows rows that aren't in state.jsonl", "view/states")
    return wanted


def walk(source: Source, policy: Policy, heads: list[Head], files: Files, run: Any, tell: Tell) -> Story:
    """Go through all leaves, and compare each checkpoint when they have come that far."""
    size, story, tree, named = heads[-1].size, Story(states_of(source)), Tree(), {}  # type: int, Story, Tree, ByLeaf
    for path, one in files.items():
        for index in one["events"]:
            if type(index) is not int or not 0 <= index < size:
                raise Wrong("the event that is said to name it isn't there", path)
            named.setdefault(index, []).append((path, one["sha256"]))
    firsts = range(0, size, WIDTH)
    opened = by_tile(source.parts("disclosures.jsonl"), rb'\{"index":', size, "disclosures.jsonl")
    shown = by_tile(source.shown("events"), rb"\[", size, "view/events")

    def tasks() -> Iterator[Task]:
        for first, lines, rows in zip(firsts, opened, shown):
            story.shown += len(rows)
            here = {index: named[index] for index in range(first, first + WIDTH) if index in named}
            yield first // WIDTH, min(WIDTH, size - first), lines, rows, here

    waiting = iter(heads)
    head = next(waiting, None)
    for first, (hashes, root, leaves) in zip(firsts, run(partial(check_tile, source, policy.log), tasks())):
        for index, (digest, leaf) in enumerate(zip(hashes, leaves), first):
            story.follow(index, digest, leaf)
        while head is not None and head.size <= first + len(hashes):
            if tree.root(hashes[: head.size - first]) != head.root:
                raise Wrong(f"the first {head.size} leaves have another root than it signs", head.file)
            head = next(waiting, None)
        if len(hashes) == WIDTH:
            tree.grow(root)
        tell("events", first + len(hashes), size)
    tree.compare(source)
    story.compare()
    return story


def tidy(held: bytes) -> bytes:
    """What went through a mail or an editor, with the ends of lines as they were."""
    return held.replace(b"\r\n", b"\n").strip() + b"\n"


def same(source: Source, path: str, one: dict[str, Any]) -> None:
    digest = hashlib.sha256()
    for part in source.parts(path, lines=False):
        digest.update(part)
    if digest.hexdigest() != one["sha256"] or source.sizes[path] != one["size"]:
        raise Wrong("its bytes aren't those that files.jsonl names", path)


def check_files(source: Source, files: Files, counts: dict[str, int], tell: Tell) -> None:
    """Each file is the one that files.jsonl names; a paper is named by an event; the view shows what there is."""
    papers = source.shown("papers")
    counts["papers"] = 0
    for done, (path, one) in enumerate(sorted(files.items()), 1):
        same(source, path, one)
        if path.startswith(("records/", "attachments/")):
            if not one["events"] or path not in (f"attachments/{one['sha256']}", "records/" + path[8:]):
                raise Wrong("no event names it, or its name isn't its digest", path)
            if next(papers, None) != write_json(one).encode():
                raise Wrong(f"it shows other files than there are: {path}", "view/papers")
            counts["papers"] += 1
        tell("files", done, len(files))
    note = write_json(source.read("checkpoint").decode())
    told = [
        write_json(counts).encode(),
        source.read("scope.json")[:-1],
        source.read("policy")[:-1],
        note.encode(),
    ]
    if next(papers, None) is not None or list(source.shown("bundle")) != told:
        raise Wrong("it shows another scope, policy or checkpoint, or counts wrongly", "view/bundle/0.js")


def check(
    source: Source, policy_held: bytes | None = None, checkpoint_held: bytes | None = None, *,
    verifies: Verifies = ed25519, run: Any = map, tell: Tell = lambda _what, _done, _of: None,
) -> dict[str, Any]:  # fmt: skip
    """Check everything; return what is there, or raise Wrong with the first thing that is wrong."""
    if not source.sizes.keys() & {"files.jsonl", "checkpoint", "policy"}:
        raise Unreadable(f"{source.path} is no bundle")
    files = listed(source)
    same(source, "policy", files["policy"])
    policy = Policy(source.read("policy"), "policy")
    held = Policy(tidy(policy_held), "the policy that you hold") if policy_held is not None else policy
    if held.fields != policy.fields:
        raise Wrong("it isn't the policy that you hold", "policy")
    heads = heads_of(source, policy, verifies, tell)
    newest, compared = heads[-1], list(heads)
    if checkpoint_held is not None:
        note = tidy(checkpoint_held)  # without signatures, where it is three lines from a print
        known = head_of(note, "the checkpoint that you hold", policy, verifies, signed=b"\n\n" in note)
        if known.size > newest.size:
            raise Wrong(f"you hold one of {known.size} events: this is older, or cut off", "checkpoint")
        compared = sorted([known, *heads], key=lambda head: head.size)
    tiles = {name for name in source.sizes if name.startswith("tile/")}
    for name in sorted(tiles.symmetric_difference(tiles_of(newest.size))):
        rule = f"a tree of {newest.size} leaves has no such tile" if name in source.sizes else "it is missing"
        raise Wrong(rule, name)
    one_line(source.read("scope.json"), "scope.json")
    story = walk(source, policy, compared, files, run, tell)
    for head in compared:
        begun = (index for index, data in story.begun if data.get("new") == head.origin)
        if head.origin != policy.log and min(begun, default=head.size) >= head.size:
            raise Wrong("no event before it lets the log go on under this origin", head.file)
    counts = {"size": newest.size, "events": story.shown, "states": len(story.wanted)}
    check_files(source, files, counts, tell)
    return {
        "log": policy.log, "origin": newest.origin, "size": newest.size, "root": newest.root.hex(),
        "checkpoints": len(heads), "witnesses": newest.witnesses, "required": policy.required,
        "disclosures": sum(1 for _ in source.parts("disclosures.jsonl")), "states": len(story.wanted),
        "files": counts["papers"], "shown": story.shown, "forks": story.forks,
        "scope_is_in_log": bool(files["scope.json"]["events"]), "keys": [one["vkey"] for one in policy.fields["keys"]],
        "policy_held": policy_held is not None, "checkpoint_held": checkpoint_held is not None,
        "begun_again": [{"event": index, **{key: data.get(key) for key in ("old", "new", "size")}}
                        for index, data in story.begun],
    }  # fmt: skip


WHOLE = """Whole: {size} events of {log}, {checkpoints} checkpoints, {disclosures} values disclosed, {states} objects, \
{files} files.
Root: {root} ({origin})
Witnesses: {signed}; {required} required.
"""
BEGUN = """Event {event}: after a restore the log goes on as {new}. {old} had signed {size} events: compare with \
checkpoints of it that people hold.
"""
NO_POLICY = "The bundle has these keys; compare them with those you were given:\n"
NO_CHECKPOINT = "No checkpoint of your own was compared: events cut off at the end would not be seen.\n"
NO_QUESTION = "No event says what was asked for: scope.json is the word of whoever made the bundle.\n"


def in_words(found: dict[str, Any]) -> str:
    """The report, and what the check can't say by itself."""
    moments = {
        name: time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(at))
        for name, at in found["witnesses"].items()
    }
    signed = ", ".join(f"{name} ({at})" for name, at in moments.items()) or "none"
    words = WHOLE.format(signed=signed, **found)
    words += "".join(BEGUN.format(**one) for one in found["begun_again"])
    words += "" if found["policy_held"] else NO_POLICY + "".join(f"  {vkey}\n" for vkey in found["keys"])
    words += "" if found["checkpoint_held"] else NO_CHECKPOINT
    return (words + ("" if found["scope_is_in_log"] else NO_QUESTION)).rstrip("\n")


def progress(what: str, done: int, of: int) -> None:
    """Say on a terminal how far it is."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{what}: {done} of {of}\033[K" + "\r\033[K" * (done == of))


def asks(parser: argparse.ArgumentParser) -> None:
    """Add what can be asked to a parser."""
    parser.add_argument("--policy", metavar="FILE", help="the policy that you hold, to compare with")
    parser.add_argument("--checkpoint", metavar="FILE", help="a checkpoint that you hold, to compare with")
    parser.add_argument("--json", action="store_true", help="say what was found as JSON")


def report(given: argparse.Namespace, checks: Callable[..., dict[str, Any]]) -> int:
    """Run the check and say what came of it; return the exit status."""
    try:
        held = [Path(path).read_bytes() if path else None for path in (given.policy, given.checkpoint)]
        found = checks(Source(given.bundle), *held, tell=progress)
        words, status = in_words(found), 0
    except Wrong as fault:
        found = {"wrong": {"file": fault.file, "event": fault.event, "id": fault.uuid, "rule": fault.rule}}
        words, status = f"Wrong: {fault}", 1
    except (Unreadable, OSError) as fault:
        found, words, status = {"unreadable": str(fault)}, f"Can't be checked: {fault}", 2
    print(json.dumps({"whole": status == 0, **found}) if given.json else words)
    return status


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Checks a bundle: ends with 0 whole, 1 wrong, 2 unreadable.")
    parser.add_argument("bundle", nargs="?", default=Path(__file__).parent, metavar="FILE_OR_FOLDER")
    asks(parser)
    return report(parser.parse_args(arguments), check)


if __name__ == "__main__":
    sys.exit(main())
