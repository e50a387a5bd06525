"""The proof that one leaf stands in a log, as a file that anybody can check alone (C2SP, tlog-proof)."""

import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from imprimatur.tlog.checkpoint import Checkpoint
from imprimatur.tlog.note import NotANote, Note, Verifier
from imprimatur.tlog.tree import HASH, ProofFailed, check_inclusion, leaf_hash

HEAD = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """The place of a leaf, the path to the root, and the signed note with that root; `extra` is anybody's own."""

    index: int
    hashes: Sequence[bytes]
    note: str
    extra: bytes = b""

    def render(self) -> str:
        """Return the text of the file."""
        extra = f"extra {base64.b64encode(self.extra).decode()}\n" if self.extra else ""
        path = "".join(f"{base64.b64encode(step).decode()}\n" for step in self.hashes)
        return f"{HEAD}\n{extra}index {self.index}\n{path}\n{self.note}"

    @classmethod
    def parse(cls, text: str) -> "InclusionProof":
        """Read the file; raises ProofFailed when it is none."""
        above, blank, note = text.partition("\n\n")
        lines = above.split("\n")
        extra = _bytes(lines.pop(1)[6:]) if len(lines) > 2 and lines[1].startswith("extra ") else b""
        if not blank or lines[0] != HEAD or len(lines) < 2 or not lines[1].startswith("index "):
            raise ProofFailed("This is no proof of a transparency log.")
        digits = lines[1][6:]
        hashes = [_bytes(line) for line in lines[2:]]
        if not (digits.isascii() and digits.isdigit()) or any(len(step) != HASH for step in hashes):
            raise ProofFailed("The proof has no number of a leaf, or something that is no hash.")
        return cls(int(digits), hashes, note, extra)

    def check(self, leaf: bytes, verifiers: Iterable[Verifier]) -> Checkpoint:
        """Check that the leaf stands in the log under a head that one of these keys signed; raises ProofFailed."""
        try:
            note = Note.parse(self.note)
            checkpoint = Checkpoint.parse(note.text)
            good = note.verified_by(verifiers)
        except NotANote as fault:
            raise ProofFailed(str(fault)) from fault
        if not good:
            raise ProofFailed("None of the keys signed this checkpoint.")
        check_inclusion(leaf_hash(leaf), self.index, checkpoint.size, self.hashes, checkpoint.root)
        return checkpoint


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return b""
