"""What is handed to a witness (C2SP, tlog-witness, add-checkpoint): old size, proof, and the signed checkpoint."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass

from imprimatur.tlog.checkpoint import Checkpoint
from imprimatur.tlog.note import NotANote, Note
from imprimatur.tlog.tree import HASH

PATH = "/add-checkpoint"
LARGEST = 64 * 1024  # bytes; 63 hashes and a note with many signatures take a fraction of it
MOST_HASHES = 63
_OLD = re.compile("old (0|[1-9][0-9]{0,18})", re.ASCII)


class Malformed(ValueError):  # noqa: N818
    """The bytes are no submission; the message says which part."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A checkpoint as a signed note, and the proof that its tree begins with the one of `old` leaves."""

    old: int
    proof: Sequence[bytes]
    note: Note

    @property
    def checkpoint(self) -> Checkpoint:
        """Return the head that the note is about; raises NotANote."""
        return Checkpoint.parse(self.note.text)

    def render(self) -> bytes:
        """Return the body of the request."""
        path = "".join(f"{base64.b64encode(step).decode()}\n" for step in self.proof)
        return f"old {self.old}\n{path}\n{self.note}".encode()

    @classmethod
    def parse(cls, body: bytes) -> "Submission":
        """Read the body of a request; raises Malformed."""
        try:
            above, blank, note = body.decode().partition("\n\n")
        except UnicodeDecodeError:
            raise Malformed("The request is text in UTF-8.") from None
        first, *lines = above.split("\n")
        old = _OLD.fullmatch(first)
        if old is None or not blank:
            raise Malformed("The request begins with a line like 'old 17', and an empty line ends the proof.")
        if len(lines) > MOST_HASHES:
            raise Malformed(f"A proof has at most {MOST_HASHES} hashes.")
        try:
            submission = cls(int(old[1]), [_hash(line) for line in lines], Note.parse(note))
            Checkpoint.parse(submission.note.text)
        except NotANote as fault:
            raise Malformed(str(fault)) from fault
        return submission


def _hash(line: str) -> bytes:
    try:
        content = base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if len(content) != HASH or base64.b64encode(content).decode() != line:
        raise Malformed(f"This line of the proof is no SHA-256 in base64: {line[:100]!r}")
    return content
