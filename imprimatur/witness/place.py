"""The folder of a witness: its key, the logs that it knows, and what it remembers of them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from imprimatur.tlog.checkpoint import CosignatureVerifier, Cosigner
from imprimatur.tlog.note import NotANote
from imprimatur.witness.memory import Memory, origin_in
from imprimatur.witness.trusted import Trusted, read

try:
    import fcntl
except ModuleNotFoundError:  # the rest of the command line works there, too
    fcntl = None  # type: ignore[assignment]


class NoWitness(Exception):  # noqa: N818
    """The folder is not that of a witness, or can't be used as one now; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """An existing folder of a witness."""

    folder: Path
    cosigner: Cosigner

    @classmethod
    def make(cls, folder: Path, name: str) -> "Place":
        """Make a folder with a new key; raises NoWitness where a key is already, NotANote for a name that is none."""
        cosigner = Cosigner(name, Ed25519PrivateKey.generate())
        vkey = cosigner.vkey
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if (folder / "key.pem").exists():
            raise NoWitness(f"{folder} has a key already; a witness that changes its key is another witness.")
        (folder / "vkey").write_text(f"{vkey}\n", encoding="utf-8")
        (folder / "logs").touch()
        content = cosigner.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        number = os.open(folder / "key.pem", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return cls(folder, cosigner)

    @classmethod
    def open(cls, folder: Path) -> "Place":
        """Open the folder; raises NoWitness when it has no key, or one that doesn't fit its public part."""
        try:
            key = load_pem_private_key((folder / "key.pem").read_bytes(), password=None)
            public = CosignatureVerifier.parse((folder / "vkey").read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise NoWitness(
                f"{folder} is no folder of a witness; make one with: imprimatur witness init {folder} --name NAME"
            ) from None
        except (NotANote, ValueError, TypeError) as fault:
            raise NoWitness(f"The key in {folder} can't be read: {fault}") from fault
        if not isinstance(key, Ed25519PrivateKey) or key.public_key().public_bytes_raw() != public.public:
            raise NoWitness(f"In {folder}, key.pem and vkey don't belong together.")
        return cls(folder, Cosigner(public.name, key))

    def logs(self) -> list[Trusted]:
        """Return the logs that the witness knows; raises NotTrusted."""
        path = self.folder / "logs"
        return read(path.read_text(encoding="utf-8")) if path.exists() else []

    def trust(self, log: Trusted) -> bool:
        """Add a log or a further key of one; False: it was there."""
        path = self.folder / "logs"
        if log in self.logs():
            return False
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        between = "" if not before or before.endswith("\n") else "\n"
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{between}{log}\n")
        return True

    def origins(self) -> list[str]:
        """Return the names of the logs that are trusted or were seen; raises NotTrusted and Damaged."""
        seen = [origin_in(path) for path in (self.folder / "seen").glob("*/latest")]
        return list(dict.fromkeys([*(log.origin for log in self.logs()), *sorted(seen)]))

    def memory(self, origin: str) -> Memory:
        """Return what is remembered of a log."""
        return Memory(self.folder / "seen", origin)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep the folder for this process alone; raises NoWitness while another serves it."""
        if fcntl is None:
            raise NoWitness("A witness runs on Unix only: it needs locks and folders that can be synced.")
        with (self.folder / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise NoWitness(f"Another process serves {self.folder} already.") from None
            yield
