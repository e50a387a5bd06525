"""The proof that one event stands in the log, as a file, as a picture, and how to check it by hand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from audit.log import tiling
from audit.models import Checkpoint
from imprimatur.tlog.tree import inclusion_proof, node_hash
from oversight.heads import cosigners

ROW = 34  # height of a level of the picture, which is 320 units wide
MIDDLE, BESIDE = 160, 80  # where the path climbs, and how far from it the hashes beside it stand


class Standing(StrEnum):
    """How far an event has come."""

    WAITS = "waits"  # it has no place in the log yet
    PLACED = "placed"  # no signed head covers it yet
    PROVED = "proved"


@dataclass(frozen=True, slots=True)
class Step:
    """A level of the path: the hash beside it, which side it is on, and what the two give."""

    level: int
    is_left: bool
    beside: str
    result: str
    x: int
    y: int

    @property
    def above(self) -> int:
        """Where the next level stands in the picture."""
        return self.y - ROW


@dataclass(frozen=True, slots=True)
class Proof:
    """What is known of an event's place. `index` is None while it waits; the rest stands there when it is proved."""

    standing: Standing
    since: datetime
    index: int | None = None
    leaf: str = ""
    size: int = 0
    root: str = ""
    origin: str = ""
    signed_at: datetime | None = None
    witnesses: int = 0
    steps: tuple[Step, ...] = ()

    @property
    def height(self) -> int:
        """Return the height of the picture."""
        return ROW * (len(self.steps) + 1) + 24

    @property
    def top(self) -> int:
        """Return where the root stands in the picture."""
        return self.base - ROW * len(self.steps)

    @property
    def base(self) -> int:
        """Return where the leaf stands in the picture."""
        return self.height - 24


def proof_of(index: int | None, leaf_hash: str, since: datetime) -> Proof:
    """Return the proof of the leaf with this place, under the newest head; two queries.

    `index` is None for an event without a place; `since` is when it happened.
    """
    head = Checkpoint.objects.annotate(cosigners=cosigners()).order_by("-id").first()
    if index is None:
        return Proof(Standing.WAITS, since, None, leaf_hash)
    if head is None or index >= head.size:
        return Proof(Standing.PLACED, since, index, leaf_hash)
    hashes = inclusion_proof(index, head.size, tiling.node_for(index, head.size))
    return Proof(
        Standing.PROVED, since, index, leaf_hash, head.size, head.root, head.origin, head.made_at, head.cosigners,
        tuple(_steps(index, head.size, hashes, bytes.fromhex(leaf_hash))),
    )  # fmt: skip


def path_up(index: int, size: int, hashes: Sequence[bytes]) -> Iterator[bool]:
    """Yield of each hash of the path whether it stands to the left (RFC 9162, section 2.1.3.2)."""
    place, last = index, size - 1
    for _step in hashes:
        is_left = bool(place & 1) or place == last
        while is_left and place and not place & 1:
            place, last = place >> 1, last >> 1
        yield is_left
        place, last = place >> 1, last >> 1


def _steps(index: int, size: int, hashes: Sequence[bytes], leaf: bytes) -> Iterator[Step]:
    base, running = ROW * (len(hashes) + 1), leaf
    for level, (is_left, beside) in enumerate(zip(path_up(index, size, hashes), hashes, strict=True)):
        running = node_hash(beside, running) if is_left else node_hash(running, beside)
        yield Step(
            level + 1, is_left, beside.hex(), running.hex(),
            MIDDLE - BESIDE if is_left else MIDDLE + BESIDE, base - ROW * level,
        )  # fmt: skip
