"""The keys that sign heads of the log, and what the signer remembers, in a folder of its own.

`key` holds the private key in use, `last` the last note that was signed, which is on the disk before anybody sees
the note. The public keys, also those used before, stand in the database, where everybody reads them.
"""

import base64
import binascii
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from audit.models import LogKey
from imprimatur import durable
from imprimatur.tlog.note import NotANote, Note, Signer, Verifier


class SignerRefuses(Exception):  # noqa: N818
    """No head is signed; the words say why and what to do. `kind` names the alarm."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.kind = kind


def folder() -> Path:
    """Return the signer's folder."""
    return Path(settings.LOG_SIGNER)


def origin(generation: int) -> str:
    """Return the name under which heads are signed: the log's own, with a number from its second beginning on."""
    name = str(settings.AUDIT_ORIGIN)
    return name if generation == 1 else f"{name}/{generation}"


def signers(name: str) -> list[Signer]:
    """Return the keys in use, made now when there never was one; two while one takes over from another.

    Raises SignerRefuses when the file is gone, can't be read or belongs to another origin.
    """
    path = folder() / "key"
    if not path.exists():
        if (folder() / "last").exists():
            raise SignerRefuses(
                "log.key",
                f"The log's key is gone from {path}. Bring it back from a backup of the keys; if there is none, let "
                "the log go on under a new origin: `manage.py audit continue`.",
            )
        put_key(name, [Ed25519PrivateKey.generate()])
    try:
        listed = [line.split() for line in path.read_text().splitlines() if line and not line.startswith("#")]
        found = [
            Signer(own, Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed))) for own, seed in listed
        ]
    except (OSError, ValueError, binascii.Error) as fault:
        raise SignerRefuses(
            "log.key",
            f"The log's key can't be read from {path} ({fault}). Bring it back from a backup of the keys.",
        ) from fault
    if not found or any(signer.name != name for signer in found):
        raise SignerRefuses(
            "log.key",
            f"The key in {path} is not one of {name}. Bring back the signer's folder that belongs to this database, "
            "or let the log go on under a new origin: `manage.py audit continue`.",
        )
    return found


def put_key(name: str, keys: list[Ed25519PrivateKey]) -> None:
    """Write the private keys in use, the one that signs first."""
    head = "# Signs the checkpoints of the audit log. Secret: whoever has it can sign another log under this name.\n"
    lines = (f"{name} {base64.b64encode(key.private_bytes_raw()).decode()}\n" for key in keys)
    _write("key", head + "".join(lines))


def publish(signer: Signer, now: datetime) -> None:
    """Let everybody know the public key; does nothing when they do."""
    LogKey.objects.get_or_create(vkey=signer.vkey, defaults={"origin": signer.name, "made_at": now})


def verifiers(name: str = "") -> list[Verifier]:
    """Return the public keys that this database knows for an origin, or for all of them, the oldest first."""
    known = LogKey.objects.filter(origin=name) if name else LogKey.objects.all()
    return [Verifier.parse(key.vkey) for key in known.order_by("id")]


def remembered() -> Note | None:
    """Return the last note that was signed here, None when nothing was; raises SignerRefuses."""
    path = folder() / "last"
    try:
        return Note.parse(path.read_bytes()) if path.exists() else None
    except (OSError, NotANote) as fault:
        raise SignerRefuses(
            "log.memory",
            f"What the signer last signed can't be read from {path} ({fault}). Bring the file back, or put the last "
            "checkpoint there that was mailed to auditors.",
        ) from fault


def remember(note: str) -> None:
    """Keep the note that is about to be published; on the disk when this returns."""
    _write("last", note)


def forget(origin_before: str) -> None:
    """Put the memory of an origin that is over aside; it proves what was signed."""
    if (folder() / "last").exists():
        (folder() / "last").rename(folder() / f"last.{origin_before.replace('/', '_')}")
        durable.sync(folder())


@contextmanager
def alone() -> Iterator[None]:
    """Hold off every other process that would sign."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(folder() / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        _give_to_owner()
        os.close(handle)


def _give_to_owner() -> None:
    """Let what the superuser wrote belong to the folder's account, whose sequencer reads it next."""
    if os.geteuid() == 0:
        owner = folder().stat()
        for path in filter(Path.exists, (folder() / name for name in ("lock", "key", "last"))):
            os.chown(path, owner.st_uid, owner.st_gid)


def _write(name: str, content: str) -> None:
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    durable.replace(folder() / name, content.encode())
