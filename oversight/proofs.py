"""The proof that one event stands in the log, as a file, as a picture, and how to check it by hand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from audit.log import keys, reading
from audit.models import Checkpoint, Entry
from imprimatur.tlog.checkpoint import Checkpoint as Head
from imprimatur.tlog.note import Note
from imprimatur.tlog.proof import InclusionProof
from imprimatur.tlog.tree import node_hash

ROW = 34  # height of a level of the picture, which is 320 units wide
MIDDLE, BESIDE = 160, 96  # where the path climbs, and how far from it the hashes beside it stand


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
    keys: tuple[str, ...] = ()

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


def proof_of(event_id: int, leaf_hash: str, since: datetime) -> Proof:
    """Return the proof of an event in sight, under the newest head; `since` is when the event happened."""
    found = reading.inclusion(event_id)
    if found is None:
        index = Entry.objects.filter(event_id=event_id).values_list("leaf_index", flat=True).first()
        return Proof(Standing.WAITS if index is None else Standing.PLACED, since, index, leaf_hash)
    note = Note.parse(found.note)
    head = Head.parse(note.text)
    own = keys.verifiers(head.origin)
    return Proof(
        Standing.PROVED, since, found.index, leaf_hash, head.size, head.root.hex(), head.origin,
        Checkpoint.objects.filter(origin=head.origin, size=head.size).values_list("made_at", flat=True).first(),
        witnesses=sum(line.name != head.origin for line in note.lines),
        steps=tuple(_steps(found, bytes.fromhex(leaf_hash), head.size)),
        keys=tuple(str(key) for key in note.verified_by(own)),
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


def _steps(found: InclusionProof, leaf: bytes, size: int) -> Iterator[Step]:
    base, running = ROW * (len(found.hashes) + 1), leaf
    for level, (is_left, beside) in enumerate(
        zip(path_up(found.index, size, found.hashes), found.hashes, strict=True)
    ):
        running = node_hash(beside, running) if is_left else node_hash(running, beside)
        yield Step(
            level + 1, is_left, beside.hex(), running.hex(),
            MIDDLE - BESIDE if is_left else MIDDLE + BESIDE, base - ROW * level,
        )  # fmt: skip
