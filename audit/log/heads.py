"""Comparing signed heads with the leaves: those in the database, and the one that the signer remembers."""

from collections.abc import Callable, Iterator, Sequence

from django.conf import settings

from audit.log import keys, reading, sequencer
from audit.models import Checkpoint, LogKey
from imprimatur.tlog import checkpoint as formats
from imprimatur.tlog.note import NotANote, Note, Verifier
from imprimatur.tlog.tree import EMPTY, Frontier


class Heads:
    """The checkpoints of the database by size; each is compared when the leaves have come that far."""

    def __init__(self, add: Callable[[str], None], verifiers: Sequence[Verifier]) -> None:
        self._add, self._verifiers = add, verifiers
        self._waiting = Checkpoint.objects.order_by("size", "id").iterator(500)
        self._next = next(self._waiting, None)
        self._seen = 0
        retired = LogKey.objects.exclude(until_size=None).values_list("vkey", "until_size")
        self._until: dict[str, int] = {vkey: size for vkey, size in retired if size is not None}

    def at(self, frontier: Frontier) -> None:
        """Compare the checkpoints of this size."""
        while self._next is not None and self._next.size <= frontier.size:
            self._compare(self._next, frontier.root() if self._next.size == frontier.size else None)
            self._next = next(self._waiting, None)

    def end(self, frontier: Frontier) -> int:
        """Name a checkpoint that covers more than there is; return how many were compared."""
        beyond = Checkpoint.objects.filter(size__gt=sequencer.size_now()).filter(size__gt=frontier.size)
        if self._next is not None and (last := beyond.order_by("-size").first()):
            there = max(frontier.size, sequencer.tree().size)
            self._add(f"A checkpoint covers {last.size} events, and only {there} are there.")
        return self._seen

    def _compare(self, row: Checkpoint, root: bytes | None) -> None:
        self._seen += 1
        name = f"The checkpoint of {row.size} events ({row.origin})"
        try:
            note = Note.parse(row.note)
            head = formats.Checkpoint.parse(note.text)
            signed = [key for key in note.verified_by(self._verifiers) if key.name == head.origin]
        except NotANote as fault:
            self._add(f"{name} can't be read or has a wrong signature: {fault}")
            return
        if not signed:
            self._add(f"{name} is signed by none of the log's keys.")
        elif all(head.size > self._until.get(str(key), head.size) for key in signed):
            self._add(f"{name} is signed only by a key that was given up before.")
        if (head.origin, head.size, head.root.hex()) != (row.origin, row.size, row.root):
            self._add(f"{name} says something else than its row.")
        if root != head.root:
            self._add(
                f"{name} has another root than its leaves make: the log was rewritten after it was signed."
            )
        if not is_name_of_the_log(head.origin):
            self._add(f"{name} belongs to another log.")


def known_keys(add: Callable[[str], None]) -> list[Verifier]:
    """Return the public keys that the database knows, and name a row that is no key."""
    known = []
    for vkey in LogKey.objects.order_by("id").values_list("vkey", flat=True):
        try:
            known.append(Verifier.parse(vkey))
        except NotANote as fault:
            add(f"A key of the log can't be read: {fault}")
    return known


def is_name_of_the_log(origin: str) -> bool:
    """Say whether checkpoints of this log may have the origin: its name, or its name with a number from 2 on."""
    name, slash, number = origin.rpartition("/")
    own = str(settings.AUDIT_ORIGIN)
    later = bool(slash) and name == own and number.isascii() and number.isdigit() and int(number) > 1
    return origin == own or later


def fault_of_memory(frontier: Frontier) -> Iterator[str]:
    """Compare with what the signer remembers, where this process may read it.

    It may have signed more than the leaves that were gone through, because the log grows meanwhile: the tree is read
    after the memory, and then holds all that was signed. The root comes from the tiles, which were compared.
    """
    path = keys.folder() / "last"
    try:
        if not path.exists():
            return
        head = formats.Checkpoint.parse(Note.parse(path.read_bytes()).text)
    except PermissionError:
        return  # in production the signer's folder belongs to another account
    except (OSError, NotANote) as fault:
        yield f"What the signer remembers can't be read: {fault}"
        return
    tree = sequencer.tree()
    there = max(frontier.size, tree.size)
    if head.origin != keys.origin(tree.generation):
        yield f"The signer last signed a checkpoint of {head.origin}, and this log is {keys.origin(tree.generation)}."
    elif head.size > there:
        yield f"The signer signed {head.size} events, and only {there} are there: the database is an older one."
    elif head.root != (frontier.root() if head.size == frontier.size else _root(head.size)):
        yield f"The signer signed another tree of {head.size} events."


def _root(size: int) -> bytes:
    """Return the root over the first leaves, nothing where the tiles don't hold them."""
    try:
        return reading.root_at(size) if size else EMPTY
    except LookupError:
        return b""
