"""Recomputing the whole log from its leaves, and comparing everything that stands beside them."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.conf import settings
from django.utils import timezone

from audit.canonical import NotCanonical, read
from audit.log import elsewhere, sequencer
from audit.log.heads import Heads, fault_of_memory, known_keys
from audit.log.promises import Promises
from audit.log.retelling import Retelling
from audit.log.tiling import read_tile
from audit.models import Entry, Event, Tree, Verification
from imprimatur.tlog.note import Verifier
from imprimatur.tlog.tiles import WIDTH, fold, tile_path
from imprimatur.tlog.tree import HASH, Frontier, leaf_hash

MOST = 100  # faults that are kept; the first one is what matters
AT_ONCE = 2000
MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"

Progress = Callable[[int, int], object]
"""Called with the number of events done and of all."""


def verify_log(
    progress: Progress = lambda _done, _of: None,
    *,
    held: Iterable[Verifier] = (),
    with_memory: bool = True,
    asked_by: str = "",
    clock: Callable[[], datetime] = timezone.now,
) -> Verification:
    """Recompute the log and keep what was found, the first thing that is wrong first.

    Leaves against their form, their columns and their predecessors; tiles, root and every checkpoint against the
    leaves; disclosures against their commitments; what records and witnesses hold against the checkpoints. What comes
    in meanwhile is left for the next time. `held`: keys that whoever asks got from elsewhere; then those have to have
    signed, not one that the database names. Without `with_memory` nothing is compared with what the signer remembers,
    as right after a restore.
    """
    began = clock()
    tree, found = sequencer.tree(), _Faults()
    promises = Promises(found.add)
    heads = Heads(found.add, list(held) or known_keys(found.add))
    frontier = _leaves(tree, found, progress, heads, promises)
    if tree.size and frontier.root().hex() != tree.root:
        found.add(f"The root of the tree is not the one that its {tree.size} leaves make.")
    if Entry.objects.filter(leaf_index__gte=sequencer.size_now()).exists():
        found.add("There are events beyond those that the tree holds.")
    if with_memory:
        found.extend(fault_of_memory(frontier))
    found.extend(elsewhere.contradictions())
    found.extend(elsewhere.wrong_cosignatures())
    return Verification.objects.create(
        made_at=began, finished_at=clock(), size=frontier.size, root=frontier.root().hex(),
        events=Event.objects.count(), disclosures=promises.end(), checkpoints=found.heads, faults=found.listed,
        asked_by=asked_by,
    )  # fmt: skip


class _Faults:
    """The faults that were found, in the order in which they were found."""

    def __init__(self) -> None:
        self.listed: list[str] = []
        self.heads = 0

    def add(self, text: str) -> None:
        if len(self.listed) < MOST:
            self.listed.append(text)

    def extend(self, texts: Iterable[str]) -> None:
        for text in texts:
            self.add(text)


def _leaves(tree: Tree, found: _Faults, progress: Progress, heads: Heads, promises: Promises) -> Frontier:
    """Go through the leaves once, with everything that can be said of them on the way."""
    frontier, retelling, tiles = Frontier(), Retelling(), _Tiles(found)
    for index, event in enumerate(islice(_in_order(), tree.size)):
        if event is None:
            found.add(f"Event {index} of the log is missing: its place is empty.")
            break
        content = bytes(event.leaf)
        digest = leaf_hash(content)
        frontier.append(digest)
        tiles.add(digest)
        found.extend(
            f"Event {index} (number {event.pk}): {fault}"
            for fault in _faults_of(event, content, retelling, promises)
        )
        heads.at(frontier)
        if frontier.size % AT_ONCE == 0:
            progress(frontier.size, tree.size)
    tiles.end()
    if frontier.size < tree.size:
        found.add(f"The log ends after {frontier.size} events, and its tree holds {tree.size}.")
    found.heads = heads.end(frontier)
    progress(frontier.size, tree.size)
    return frontier


def _in_order() -> Iterator[Event | None]:
    """Yield the event of each place from 0 on; None where a place or its event is missing."""
    expected = 0
    entries = Entry.objects.order_by("leaf_index").values_list("leaf_index", "event_id")
    while batch := list(entries.filter(leaf_index__gte=expected)[:AT_ONCE]):
        events = Event.objects.in_bulk([event_id for _index, event_id in batch])
        for index, event_id in batch:
            yield events.get(event_id) if index == expected else None
            expected += 1


def _faults_of(event: Event, content: bytes, retelling: Retelling, promises: Promises) -> Iterator[str]:
    try:
        leaf = read(content)
    except NotCanonical:
        yield "its leaf is not canonical JSON."
        return
    if not isinstance(leaf, dict):
        yield "its leaf is no object."
        return
    try:
        wrong = [name for name, value in _columns(leaf).items() if getattr(event, name) != value]
        if event.occurred_at.astimezone(UTC).strftime(MOMENT) != leaf["t"]:
            wrong.append("occurred_at")
        if wrong:
            yield f"its columns say something else than its leaf: {', '.join(wrong)}."
        if leaf["log"] != settings.AUDIT_ORIGIN:
            yield f"its leaf belongs to another log: {leaf['log']}."
        yield from retelling.faults(leaf, content)
        promises.take(event.pk, leaf)
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        yield f"its leaf lacks what every leaf has ({fault!r})."


def _columns(leaf: dict[str, Any]) -> dict[str, object]:
    """Return what the columns of the event must be."""
    place = leaf["place"]
    return {
        "object_type": leaf["obj"]["type"], "object_id": leaf["obj"]["id"], "verb": leaf["verb"],
        "actor": leaf["actor"] or "", "project": place["project"] or "", "board": place["board"] or "",
        "root_type": place["root"]["type"], "root_id": place["root"]["id"],
    }  # fmt: skip


class _Tiles:
    """Compares each tile with the hashes that the leaves give it."""

    def __init__(self, found: _Faults) -> None:
        self._found = found
        self._rows: list[tuple[int, bytearray]] = []

    def add(self, digest: bytes, level: int = 0) -> None:
        if level == len(self._rows):
            self._rows.append((0, bytearray()))
        n, row = self._rows[level]
        row += digest
        if len(row) == WIDTH * HASH:
            self._compare(level, n, bytes(row))
            self._rows[level] = (n + 1, bytearray())
            self.add(fold(bytes(row)), level + 1)

    def end(self) -> None:
        """Compare what is left of each level."""
        for level, (n, row) in enumerate(self._rows):
            self._compare(level, n, bytes(row))

    def _compare(self, level: int, n: int, row: bytes) -> None:
        kept = read_tile(level, n)
        is_whole = len(row) == WIDTH * HASH
        if (
            kept != row if is_whole else not kept.startswith(row)
        ):  # a tile that isn't whole may have grown meanwhile
            self._found.add(f"The tile {tile_path(level, n)} doesn't hold the hashes of the leaves below it.")
