"""Putting a bundle together, in one pass over the leaves; the tree over them must be the one that was signed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from importlib.resources import files
from itertools import islice
from pathlib import Path

from imprimatur.bundle import layout
from imprimatur.bundle.content import Content, Disclosed, Paper, Policy, State
from imprimatur.bundle.hidden import Hidden
from imprimatur.bundle.jsonl import line, text
from imprimatur.bundle.writing import BundleRefused, BundleWriter, Through
from imprimatur.tlog.checkpoint import Checkpoint
from imprimatur.tlog.note import Note
from imprimatur.tlog.tiles import HEIGHT, WIDTH, fold, pack
from imprimatur.tlog.tree import Frontier, leaf_hash

Tick = Callable[[str, int], None]
"""Told after each step which part is being written and how much of it stands there; what it raises ends the work."""


def assemble(
    path: Path, content: Content, tick: Tick = lambda _part, _done: None, through: Through | None = None
) -> Checkpoint:
    """Write the bundle, and return the checkpoint that it ends with; `through` as BundleWriter takes it.

    Raises BundleRefused where the content doesn't fit together (the leaves don't make the tree that the checkpoint
    signs, a file isn't what its digest says, two files have one name), BeingWritten while another process writes the
    same bundle, OSError when the disk is full: nothing is left behind then.
    """
    head = Checkpoint.parse(Note.parse(content.checkpoint).text)
    with BundleWriter(path, through) as bundle:
        for name in (layout.README, layout.INDEX, layout.VERIFY):
            bundle.add(name, _own(name))
        bundle.add(layout.POLICY, policy_bytes(content.policy))
        bundle.add(layout.SCOPE, scope_bytes(content.scope), events=content.scope_events)
        bundle.add(layout.CHECKPOINT, content.checkpoint.encode())
        _checkpoints(bundle, content, head, tick)
        with Hidden(path.parent) as disclosures:
            rows = _leaves(bundle, content, head, disclosures, tick)
            bundle.add(layout.DISCLOSURES, disclosures.chunks())
        counts = {"size": head.size, "events": rows}
        counts["states"] = _states(bundle, path.parent, content.states)
        counts["papers"] = _papers(bundle, content, tick)
        bundle.add(layout.view_path("bundle", 0), layout.view("bundle", 0, _told(content, counts)))
        bundle.finish()
    return head


def scope_bytes(scope: Mapping[str, object]) -> bytes:
    """Return `scope.json` as it will stand in the bundle, for the event that names its digest."""
    return line(scope)


def policy_bytes(policy: Policy) -> bytes:
    """Return the file by which auditors hold the policy."""
    return line(asdict(policy))


def _own(name: str) -> bytes:
    return files("imprimatur.bundle").joinpath(name).read_bytes()


def _told(content: Content, counts: Mapping[str, int]) -> list[bytes]:
    return [
        text(dict(counts)), scope_bytes(content.scope).strip(), policy_bytes(content.policy).strip(),
        text(content.checkpoint),
    ]  # fmt: skip


def _checkpoints(bundle: BundleWriter, content: Content, newest: Checkpoint, tick: Tick) -> None:
    for count, note in enumerate(content.checkpoints, 1):
        head = Checkpoint.parse(Note.parse(note).text)
        name = layout.checkpoint_path(content.policy.log, head.origin, head.size)
        # A witness may have signed the newest between two readings: it stands in both places with the same lines.
        bundle.add(name, (content.checkpoint if head == newest else note).encode())
        tick("checkpoints", count)


def _leaves(bundle: BundleWriter, content: Content, head: Checkpoint, disclosures: Hidden, tick: Tick) -> int:
    """Write leaves, tiles, disclosures and the rows of the view; return how many rows there are."""
    tree = _Tiles(bundle)
    view = _View(bundle, "events")
    shown = None if content.shown is None else iter(content.shown)
    next_shown = None if shown is None else next(shown, None)
    opened = _by_leaf(content.disclosures)
    waiting = next(opened, None)
    leaves = islice(content.leaves, head.size)
    while bunch := list(islice(leaves, WIDTH)):
        first = tree.size
        for index, leaf in enumerate(bunch, first):
            lines: list[bytes] = []
            if waiting is not None and waiting[0] == index:
                lines, waiting = waiting[1], next(opened, None)
                disclosures.write(b"".join(each + b"\n" for each in lines))
            if shown is None or next_shown == index:
                view.add(b"[%d,%b,[%b]]" % (index, leaf, b",".join(lines)))
                next_shown = None if shown is None else next(shown, None)
        tree.add(bunch)
        tick("events", tree.size)
    tree.close()
    view.close()
    if tree.size != head.size or tree.root() != head.root:
        raise BundleRefused(f"The {tree.size} leaves don't make the tree of {head.size} that was signed.")
    if waiting is not None or next_shown is not None:
        raise BundleRefused(
            "Disclosures and shown leaves stand in the order of the log, within the checkpoint."
        )
    return view.count


def _by_leaf(disclosures: Iterable[Disclosed]) -> Iterator[tuple[int, list[bytes]]]:
    """Yield the lines of each leaf that has any; raises BundleRefused when they are out of order."""
    at, path = -1, ""
    lines: list[bytes] = []
    for one in disclosures:
        if (one.index, one.path) <= (at, path):
            raise BundleRefused("Disclosures ascend by leaf and path, each once.")
        if one.index != at and lines:
            yield at, lines
            lines = []
        at, path = one.index, one.path
        lines.append(text({"index": at, "path": path, "salt": one.salt.hex(), "value": one.value}))
    if lines:
        yield at, lines


class _Tiles:
    """The tiles of a tree that grows, each written when it is full."""

    def __init__(self, bundle: BundleWriter) -> None:
        self._bundle = bundle
        self._levels: list[bytes] = []
        self._tree = Frontier()

    @property
    def size(self) -> int:
        return self._tree.size

    def root(self) -> bytes:
        return self._tree.root()

    def add(self, leaves: list[bytes]) -> None:
        """Write the next bundle of leaves; only the last may have fewer than 256."""
        n = self.size // WIDTH
        self._bundle.add(layout.entries_path(n, len(leaves)), pack(leaves))
        for leaf in leaves:
            digest = leaf_hash(leaf)
            self._tree.append(digest)
            self._push(0, digest)

    def close(self) -> None:
        """Write the tiles that aren't full."""
        for level, hashes in enumerate(self._levels):
            if hashes:
                n = self.size >> HEIGHT * (level + 1)
                self._bundle.add(layout.tile_path(level, n, len(hashes) // 32), hashes, packed=False)

    def _push(self, level: int, digest: bytes) -> None:
        if level == len(self._levels):
            self._levels.append(b"")
        self._levels[level] += digest
        if len(self._levels[level]) == WIDTH * 32:
            n = (self.size >> HEIGHT * (level + 1)) - 1
            self._bundle.add(layout.tile_path(level, n), self._levels[level], packed=False)
            self._push(level + 1, fold(self._levels[level]))
            self._levels[level] = b""


class _View:
    """Rows for index.html, in scripts of a few hundred."""

    def __init__(self, bundle: BundleWriter, part: str) -> None:
        self._bundle, self._part = bundle, part
        self._rows: list[bytes] = []
        self.count = 0

    def add(self, row: bytes) -> None:
        self._rows.append(row)
        self.count += 1
        if len(self._rows) == layout.VIEW_ROWS:
            self._write()

    def close(self) -> None:
        if self._rows:
            self._write()

    def _write(self) -> None:
        number = (self.count - 1) // layout.VIEW_ROWS
        self._bundle.add(layout.view_path(self._part, number), layout.view(self._part, number, self._rows))
        self._rows = []


def _states(bundle: BundleWriter, folder: Path, states: Iterable[State]) -> int:
    view, before = _View(bundle, "states"), ("", "")
    with Hidden(folder) as lines:
        for state in states:
            if (state.type, state.id) <= before:
                raise BundleRefused("States ascend by type and id, each once.")
            before = (state.type, state.id)
            salt = b"null" if state.salt is None else b'"%b"' % state.salt.hex().encode()
            row = b'{"fields":%b,"id":%b,"salt":%b,"type":%b}' % (
                state.text, text(state.id), salt, text(state.type),
            )  # fmt: skip
            view.add(row)
            lines.write(row + b"\n")
        view.close()
        bundle.add(layout.STATE, lines.chunks())
    return view.count


def _papers(bundle: BundleWriter, content: Content, tick: Tick) -> int:
    count, listed = 0, []
    for paper in content.attachments:
        listed.append(_paper(bundle, layout.attachment_path(paper.sha256), paper))
        tick("files", count := count + 1)
    for paper in content.records:
        listed.append(_paper(bundle, layout.record_path(paper.name), paper))
        tick("files", count := count + 1)
    view = _View(bundle, "papers")
    for row in listed:
        view.add(row)
    view.close()
    return count


def _paper(bundle: BundleWriter, name: str, paper: Paper) -> bytes:
    if not paper.events:
        raise BundleRefused(f"{name}: no event names this file.")
    listed = bundle.add(name, paper.read(), events=paper.events, packed=False, sha256=paper.sha256)
    return listed.line().strip()
