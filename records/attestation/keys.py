"""The keys that sign attestations and status lists: files, while their public parts are rows and published.

The embedded default makes its key at the first attestation, in the data folder, encrypted under the field key. In
production `IMPRIMATUR_ATTESTATION_KEY` names PEM files. Several keys sign side by side: while one takes over from
another, who trusts either finds a signature of theirs.
"""

from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from django.conf import settings

from audit import trail
from imprimatur import dsse, durable
from records.attestation.rows import AttestationKey
from records.seal import vault

PURPOSE = "attestation"


class KeyNotReady(Exception):  # noqa: N818
    """A key can't be used; the message says what to set or to bring back."""


def is_own() -> bool:
    """Say whether the organisation brought keys of its own."""
    return bool(settings.ATTESTATION_KEYS)


def signers() -> list[dsse.PrivateKey]:
    """Return the keys in use, the one that signs first in front; raises KeyNotReady."""
    if is_own():
        password = settings.ATTESTATION_PASSWORD.encode() or None
        return [_loaded(Path(path), password) for path in settings.ATTESTATION_KEYS]
    paths = _files()
    if not paths:
        if AttestationKey.objects.exists():
            raise KeyNotReady(
                f"The key of attestations is gone from {folder()}. Bring it back from a backup of the keys, or make a "
                "new one: `manage.py attestation rotate`."
            )
        paths = [add_key()]
    return [_loaded(path, vault.passphrase(PURPOSE)) for path in paths]


def folder() -> Path:
    """Return where the embedded default keeps its keys."""
    return Path(settings.DATA_DIR) / "attestation"


def add_key() -> Path:
    """Make a key that signs first from now on, beside those that are there; returns its file."""
    files = _files()
    newest = max((int(path.stem) for path in files), default=0)
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    encryption = serialization.BestAvailableEncryption(vault.passphrase(PURPOSE))
    path = folder() / f"{newest + 1}.pem"
    durable.replace(
        path,
        dsse.new_key().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption
        ),
    )
    return path


def drop_older() -> int:
    """Put all keys but the newest aside, so that they sign no more; returns how many."""
    older = _files()[1:]
    for path in older:
        path.rename(path.with_suffix(".retired"))
    return len(older)


def publish(keys: list[dsse.PrivateKey], now: datetime) -> list[str]:
    """Let the rows say which keys sign now, with an event for each that begins or ends; returns their ids, sorted.

    In the caller's transaction.
    """
    found = {dsse.public_of(key).id: dsse.public_of(key) for key in keys}
    known = {row.key_id: row for row in AttestationKey.objects.select_for_update()}
    for key_id, key in found.items():
        row = known.get(key_id)
        if row is None:
            row = AttestationKey.objects.create(key_id=key_id, pem=key.pem(), since=now)
            trail.record("attestation_key.published", obj=row, actor=None, now=now, data={"key": key_id})
        elif row.until is not None:
            raise KeyNotReady(f"The key {key_id[:16]} was retired and can't sign again. Use a new one.")
    for key_id, row in known.items():
        if key_id not in found and row.until is None:
            row.until = now
            row.save(update_fields=["until"])
            trail.record("attestation_key.retired", obj=row, actor=None, now=now, data={"key": key_id})
    return sorted(found)


def _files() -> list[Path]:
    """Return the key files of the embedded default, the newest first."""
    return sorted(folder().glob("*.pem"), key=lambda path: -int(path.stem))


def _loaded(path: Path, password: bytes | None) -> dsse.PrivateKey:
    try:
        return dsse.private_key(path.read_bytes(), password)
    except OSError as fault:
        raise KeyNotReady(f"The key of attestations in {path} can't be read: {fault.strerror}.") from fault
    except dsse.NotAKey as fault:
        raise KeyNotReady(f"{path}: {fault}") from fault
