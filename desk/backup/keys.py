"""The keys and secrets of an installation: which there are, whether those of a place are the right ones, where they go.

The signer's memory of the last head that it signed is no key and never goes into a backup: brought back beside an
older database it would agree with it, and the signer would sign a fork of its own log.
"""

import hmac
import secrets
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from audit import master_keys
from audit.log import keys as log_keys
from desk.backup import disk
from desk.backup.refusal import NotPossible
from imprimatur import durable
from records.seal import keystore

FIELD, SECRET, FILES, RETIRED = "field-key", "secret-key", "files-keys", "files-keys.retired"
CERTIFICATES, SIGNER = "certificates", "signer-key"
OWN_SEAL, OWN_PASSWORD = "seal.p12", "seal-password"


def collect(*, is_signed: bool) -> tuple[dict[str, bytes], list[str]]:
    """Return every secret by its name, and what to know about them; raises NotPossible when one can't be read.

    `is_signed`: the log has signed heads, so that there must be a key for them somewhere.
    """
    found = {FIELD: settings.FIELD_KEY.encode(), SECRET: settings.SECRET_KEY.encode()}
    if settings.SEAL_PKCS12:
        found[OWN_PASSWORD] = settings.SEAL_PASSWORD.encode()
    for name, path in _files():
        try:
            found[name] = path.read_bytes()
        except OSError as fault:
            raise NotPossible(
                f"{path} can't be read ({fault.strerror}), so the keys would not be whole. Run the backup as an account"
                " that may read it."
            ) from fault
    notes = []
    try:
        if signing().exists():
            found[SIGNER] = signing().read_bytes()
    except PermissionError:
        pass  # in production it belongs to the account of the sequencer
    if is_signed and SIGNER not in found:
        notes.append(
            f"The key that signs the log is not among the keys: {signing()} isn't here, or belongs to another account."
            " Keep a copy of it there; if it is lost, `manage.py audit continue` begins with a new one."
        )
    return found, notes


def _files() -> Iterator[tuple[str, Path]]:
    """Yield the files that hold secrets and are there, by the names that they have among the keys."""
    yield FILES, master_keys.place()
    retired = master_keys.place().with_name(f"{master_keys.place().name}.retired")
    if retired.exists():
        yield RETIRED, retired
    if settings.SEAL_PKCS12:
        yield OWN_SEAL, Path(settings.SEAL_PKCS12)
    home = keystore.folder()
    for path in sorted(home.glob("*.key")) if home.exists() else ():
        yield f"{CERTIFICATES}/{path.name}", path


def signing() -> Path:
    """Return where the key lies that signs the log."""
    return log_keys.folder() / "key"


def ids() -> dict[str, list[str]]:
    """Return what tells the keys of this place from others, and tells nothing about them."""
    return {FIELD: [_id(settings.FIELD_KEY)], FILES: [key.name for key in master_keys.master_keys()]}


def _id(secret: str) -> str:
    kdf = HKDF(algorithm=SHA256(), length=8, salt=None, info=b"imprimatur/desk/backup id")
    return kdf.derive(secret.encode()).hex()


def check_present(wanted: Mapping[str, list[str]]) -> None:
    """Raise NotPossible unless the keys of this place open a backup with these ids."""
    present = ids()
    if not any(hmac.compare_digest(name, present[FIELD][0]) for name in wanted[FIELD]):
        if settings.EMBEDDED:
            raise NotPossible(
                "The keys of this place are not those of the backup. Name its file of keys with --keys."
            )
        raise NotPossible(
            "The field key of this place is not that of the backup. `manage.py restore --keys-into FOLDER --keys FILE`"
            " writes the keys of the backup into a folder: set IMPRIMATUR_FIELD_KEY to what stands in its file"
            f" {FIELD}, then restore."
        )
    if missing := [name for name in wanted[FILES] if name not in present[FILES]]:
        raise NotPossible(
            f"{master_keys.place()} lacks the master keys {', '.join(missing)} of the backup's files. `manage.py"
            f" restore --keys-into FOLDER --keys FILE` writes the keys of the backup into a folder: put the lines of"
            f" its file {FILES} below the first line of {master_keys.place()}, then restore."
        )


def write_into(folder: Path, found: Mapping[str, bytes]) -> None:
    """Write the secrets as files for the eyes of the owner; the folder must not exist yet."""
    try:
        folder.mkdir(parents=True, mode=0o700)
    except FileExistsError:
        raise NotPossible(
            f"{folder} exists. Name a folder that doesn't, so that no key is overwritten."
        ) from None
    for name, content in found.items():
        (folder / name).parent.mkdir(exist_ok=True, mode=0o700)
        disk.write(folder / name, content)
    disk.sync_folders(folder)


def place_embedded(found: Mapping[str, bytes]) -> Path | None:
    """Put the keys of a backup in place where the product keeps its own, and work with them from now on.

    What the product made for itself at this start is moved aside, never deleted; returns where to.
    """
    home = Path(settings.DATA_DIR) / "keys"
    draft = home.with_name(f".keys-{secrets.token_hex(4)}")
    try:
        write_into(draft, {name: content for name, content in found.items() if name != SIGNER})
        aside = home.with_name(f"keys.replaced-{secrets.token_hex(4)}") if home.exists() else None
        if aside is not None:
            home.rename(aside)
        draft.rename(home)
        durable.sync(home.parent)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    settings.FIELD_KEY, settings.SECRET_KEY = found[FIELD].decode(), found[SECRET].decode()
    return aside


def place_certificates(found: Mapping[str, bytes]) -> None:
    """Put the keys of certificates in place; one that is there stays as it is."""
    home = keystore.folder()
    for name, content in found.items():
        if name.startswith(f"{CERTIFICATES}/") and not (home.parent / name).exists():
            home.mkdir(parents=True, exist_ok=True, mode=0o700)
            disk.write(home.parent / name, content)
            durable.sync(home)


def place_signer(found: Mapping[str, bytes]) -> bool:
    """Put the key that signs the log in place unless there is one already; say whether it was. Raises OSError."""
    if SIGNER not in found or signing().exists():
        return False
    signing().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    disk.write(signing(), found[SIGNER])
    durable.sync(signing().parent)
    return True
