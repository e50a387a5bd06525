"""A log with its key, as a witness sees it: heads of any size, proofs between them, and a copy that was rewritten."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from imprimatur.tlog.checkpoint import Checkpoint
from imprimatur.tlog.note import Note, Signer
from imprimatur.tlog.tree import consistency_proof, leaf_hash, root_at, root_of
from imprimatur.witness.judging import Judge
from imprimatur.witness.place import Place
from imprimatur.witness.submission import Submission
from imprimatur.witness.trusted import Trusted

ORIGIN = "log.example/audit"
NOW = 1_795_000_000
KEY = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"the log's key").digest())


@dataclass
class Log:
    """A log of numbered leaves; `rewritten` says from which leaf on they are others."""

    origin: str = ORIGIN
    key: Ed25519PrivateKey = field(default_factory=lambda: KEY)
    rewritten: int = 10**9

    @property
    def signer(self) -> Signer:
        return Signer(self.origin, self.key)

    def leaf(self, number: int) -> bytes:
        return leaf_hash(f"{number}{' rewritten' if number >= self.rewritten else ''}".encode())

    def node(self, level: int, index: int) -> bytes:
        return root_of(self.leaf(at) for at in range(index << level, (index + 1) << level))

    def head(self, size: int) -> Checkpoint:
        return Checkpoint(self.origin, size, root_at(size, self.node))

    def note(self, size: int) -> Note:
        text = self.head(size).text()
        return Note(text, (self.signer.sign(text),))

    def handed(self, old: int, size: int) -> bytes:
        """The body of a request, with the proof that is right in this log."""
        proof = consistency_proof(old, size, self.node) if old <= size else []
        return Submission(old, proof, self.note(size)).render()


def witness(folder: Path, *logs: Log) -> Judge:
    """A witness in that folder that trusts these logs; made at the first call."""
    place = Place.open(folder) if (folder / "key.pem").exists() else Place.make(folder, "witness.example/1")
    for log in logs:
        place.trust(Trusted(log.origin, log.signer.verifier))
    return Judge(place)
