"""Checkpoints of a log (C2SP, tlog-checkpoint) and what witnesses put under them (C2SP, tlog-cosignature)."""

import base64
import binascii
import re
import struct
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from imprimatur.tlog.note import COSIGNATURE, NotANote, SignatureLine, Verifier, checked_name, verifies
from imprimatur.tlog.tree import HASH

_SIZE = re.compile("0|[1-9][0-9]{0,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: its name, the number of its leaves, the root over them."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return the text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Read the text of a note; raises NotANote. Lines after the root are extensions and are passed over."""
        lines = text.split("\n")
        if len(lines) < 4 or not lines[0] or not _SIZE.fullmatch(lines[1]):
            raise NotANote(
                "A checkpoint has the name of the log, the number of leaves and the root, line by line."
            )
        try:
            root = base64.b64decode(lines[2], validate=True)
        except binascii.Error:
            root = b""
        if len(root) != HASH or base64.b64encode(root).decode() != lines[2]:
            raise NotANote("The root of a checkpoint is a SHA-256 in base64.")
        return cls(lines[0], int(lines[1]), root)


@dataclass(frozen=True, slots=True)
class CosignatureVerifier(Verifier):
    """The public key of a witness."""

    kind = COSIGNATURE

    def is_good(self, text: str, line: SignatureLine) -> bool:
        """Say whether the witness put its name under the text, at the moment that the line gives."""
        if len(line.signature) != 72:
            return False
        return verifies(self.public, line.signature[8:], _message(text, moment_of(line)))


@dataclass(frozen=True, slots=True)
class Cosigner:
    """A witness's private key with its name."""

    name: str
    key: Ed25519PrivateKey

    @property
    def verifier(self) -> CosignatureVerifier:
        """Return the public part."""
        return CosignatureVerifier(checked_name(self.name), self.key.public_key().public_bytes_raw())

    @property
    def vkey(self) -> str:
        """Return the text by which others hold the public part."""
        return str(self.verifier)

    def cosign(self, text: str, timestamp: int) -> SignatureLine:
        """Return the line below a checkpoint; `timestamp` in seconds since 1970, UTC."""
        signature = struct.pack(">Q", timestamp) + self.key.sign(_message(text, timestamp))
        return SignatureLine(self.name, self.verifier.key_id, signature)


def moment_of(line: SignatureLine) -> int:
    """Return when a witness says to have seen it, in seconds since 1970, UTC."""
    return int(struct.unpack(">Q", line.signature[:8])[0])


def _message(text: str, timestamp: int) -> bytes:
    return f"cosignature/v1\ntime {timestamp}\n{text}".encode()
