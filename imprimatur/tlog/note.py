"""Signed notes (C2SP, signed-note): a text with the signatures of those who stand for it, Ed25519 (RFC 8032)."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519, COSIGNATURE = 1, 4
LARGEST = 1_000_000  # bytes of a note
_LINE = re.compile("— ([^ +\n]+) ([A-Za-z0-9+/=]+)")
_SPACE = re.compile(r"[\s+]")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f]")


class NotANote(ValueError):  # noqa: N818
    """The text is no signed note, or no key of one."""


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One signature below a note: who is said to have signed, the first four bytes of the key's hash, the bytes."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"— {self.name} {base64.b64encode(self.key_id + self.signature).decode()}"


@dataclass(frozen=True, slots=True)
class Note:
    """A text, which ends with a line break, and its signatures."""

    text: str
    lines: tuple[SignatureLine, ...]

    @classmethod
    def parse(cls, content: str | bytes) -> "Note":
        """Read a note; raises NotANote with what is wrong."""
        whole = content if isinstance(content, str) else _utf8(content)
        if len(whole) > LARGEST or _CONTROL.search(whole):
            raise NotANote("A note has at most a million characters, and no control characters.")
        text, blank, below = whole.rpartition("\n\n")
        if not blank or not below.endswith("\n"):
            raise NotANote("A note is a text, an empty line, and lines with signatures.")
        return cls(f"{text}\n", tuple(_signature(line) for line in below[:-1].split("\n")))

    def __str__(self) -> str:
        return signed(self.text, self.lines)

    def verified_by(self, verifiers: "Iterable[Verifier]") -> "list[Verifier]":
        """Return those of the verifiers whose signature stands there and is good.

        Raises NotANote where a line of one of them is there, but wrong: such a note isn't to be trusted at all.
        """
        good = []
        for verifier in verifiers:
            mine = [
                line for line in self.lines if (line.name, line.key_id) == (verifier.name, verifier.key_id)
            ]
            if len(mine) > 1 or any(not verifier.is_good(self.text, line) for line in mine):
                raise NotANote(f"The signature of {verifier.name} is wrong.")
            good += [verifier] * len(mine)
        return good


def signed(text: str, lines: Iterable[SignatureLine | str]) -> str:
    """Return the note of a text and its signatures."""
    return text + "\n" + "".join(f"{line}\n" for line in lines)


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """Return the four bytes by which a line names its key."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key with its name, as others hold it: `name+0123abcd+base64`."""

    name: str
    public: bytes

    kind = ED25519

    @classmethod
    def parse(cls, vkey: str) -> Self:
        """Read the text of a key; raises NotANote for another kind of key, or when its parts don't fit."""
        name, first, rest = vkey.strip().partition("+")
        digits, second, encoded = rest.partition("+")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            key = b""
        if not (first and second) or len(key) != 33 or key[0] != cls.kind:
            raise NotANote(f"This is no key of the kind that is needed here: {vkey.strip()[:200]}")
        verifier = cls(checked_name(name), key[1:])
        if verifier.key_id.hex() != digits.lower():
            raise NotANote(f"The parts of this key don't fit each other: {vkey.strip()[:200]}")
        return verifier

    @property
    def key_id(self) -> bytes:
        """Return the four bytes by which a line names this key."""
        return key_id(self.name, self.kind, self.public)

    def __str__(self) -> str:
        encoded = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{encoded}"

    def is_good(self, text: str, line: SignatureLine) -> bool:
        """Say whether the signature is that of this key over the text."""
        return verifies(self.public, line.signature, text.encode())


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key with its name."""

    name: str
    key: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        """Return the public part."""
        return Verifier(checked_name(self.name), self.key.public_key().public_bytes_raw())

    @property
    def vkey(self) -> str:
        """Return the text by which others hold the public part."""
        return str(self.verifier)

    def sign(self, text: str) -> SignatureLine:
        """Return the signature over the text, which must end with a line break."""
        if not text.endswith("\n"):
            raise NotANote("The text of a note ends with a line break.")
        return SignatureLine(self.name, self.verifier.key_id, self.key.sign(text.encode()))


def verifies(public: bytes, signature: bytes, message: bytes) -> bool:
    """Say whether the Ed25519 signature is good."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def checked_name(name: str) -> str:
    """Return the name of a key; raises NotANote when it is empty or has a space or a plus sign."""
    if not name or _SPACE.search(name):
        raise NotANote(f"The name of a key has no spaces and no plus signs, and isn't empty: {name!r}")
    return name


def _signature(line: str) -> SignatureLine:
    found = _LINE.fullmatch(line)
    try:
        content = base64.b64decode(found[2], validate=True) if found else b""
    except binascii.Error:
        content = b""
    if found is None or len(content) <= 4:
        raise NotANote(f"This line is no signature: {line[:200]!r}")
    return SignatureLine(found[1], content[:4], content[4:])


def _utf8(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise NotANote("A note is text in UTF-8.") from None
