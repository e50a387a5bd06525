"""What goes into a bundle, as whoever asks for one hands it over: streams, so that nothing is held whole in memory."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """A public key (vkey) that signs checkpoints of an origin, or did until the tree had `until` leaves."""

    origin: str
    vkey: str
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """Whose signatures count: all keys that the log ever had, its witnesses (vkeys), and how many of them must have
    signed the checkpoint that the bundle ends with.
    """

    log: str
    keys: Sequence[Key]
    witnesses: Sequence[str] = ()
    required: int = 0


@dataclass(frozen=True, slots=True)
class Disclosed:
    """A personal value of the leaf with that index; `path` as in the leaf's `personal`, or "state"."""

    index: int
    path: str
    salt: bytes
    value: str


@dataclass(frozen=True, slots=True)
class State:
    """The tracked fields of an object as they are now: `text` is their canonical JSON (audit.tracking.state_of).

    `salt` where they are personal: that of the disclosure beside the newest event that tells the object's state.
    """

    type: str
    id: str
    text: bytes
    salt: bytes | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that goes along: the indexes of leaves whose `data` names its SHA-256, and a way to read it.

    `name` is that of a record (its reference, plain ASCII); attachments are called by their digest.
    """

    sha256: str
    events: Sequence[int]
    read: Callable[[], Iterable[bytes]]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """All of a bundle.

    `scope`: what was asked, as canonical JSON (no floats, no names of people). When an event's `data` holds the
    SHA-256 of these bytes (`assembling.scope_bytes`), the index of its leaf goes to `scope_events`, and nobody can
    exchange the question afterwards.
    `checkpoint`: the newest signed note with its cosignatures; `checkpoints`: every one ever signed, of all origins,
    that one too, in the order of signing. `leaves`: all of them, from 0 to the size of the checkpoint.
    `shown`: indexes of the leaves that index.html shows, ascending; None shows all.
    `disclosures` ascending by index and path; `states` ascending by type and id; `records` ascending by name,
    `attachments` ascending by digest; each at most once, and only what is in scope.
    """

    policy: Policy
    scope: Mapping[str, object]
    checkpoint: str
    checkpoints: Iterable[str]
    leaves: Iterable[bytes]
    shown: Iterable[int] | None = None
    disclosures: Iterable[Disclosed] = ()
    states: Iterable[State] = ()
    records: Iterable[Paper] = ()
    attachments: Iterable[Paper] = ()
    scope_events: Sequence[int] = ()
