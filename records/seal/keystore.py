"""Private keys on disk: a file each, named by the SHA-256 of its certificate, encrypted under the field key.

The folder is shared by web and workers. A key is on the disk before the row that names its certificate is committed;
one whose row never came is of no use to anybody.
"""

from pathlib import Path

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from django.conf import settings
from django.utils.translation import gettext as _

from imprimatur import durable
from records.seal import vault
from records.seal.certificate import Key
from records.seal.refusal import NotReady


def folder() -> Path:
    """Return where the keys of this installation lie."""
    return Path(settings.DATA_DIR) / "keys" / "certificates"


def _place(sha256: str) -> Path:
    return folder() / f"{sha256}.key"


def keep(sha256: str, key: Key) -> None:
    """Write the key of the certificate with this digest; when this returns, it is on the disk."""
    place = _place(sha256)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    content = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    try:
        durable.replace(place, vault.lock(content, place.name))
    except OSError as fault:
        raise NotReady(
            _("The key file {place} can't be written: {fault}.").format(place=place, fault=fault.strerror)
        ) from fault


def read(sha256: str) -> bytes:
    """Return the key in DER (PKCS#8, not encrypted); raises NotReady."""
    place = _place(sha256)
    try:
        return vault.unlock(place.read_bytes(), place.name)
    except FileNotFoundError as fault:
        raise NotReady(
            _(
                "The key file {place} is missing. Bring it back from the backup of the keys, or issue another one."
            ).format(place=place)
        ) from fault
    except OSError as fault:
        raise NotReady(
            _("The key file {place} can't be read: {fault}.").format(place=place, fault=fault.strerror)
        ) from fault
    except vault.Unreadable as fault:
        raise NotReady(
            _("The key file {place} can't be decrypted with the present IMPRIMATUR_FIELD_KEY.").format(
                place=place
            )
        ) from fault


def key_of(sha256: str) -> Key:
    """Return the key, to sign certificates and lists with; raises NotReady."""
    key = load_der_private_key(read(sha256), None)
    if not isinstance(key, Key):
        text = _("The key file {place} holds a key that is neither EC nor RSA.")
        raise NotReady(text.format(place=_place(sha256)))
    return key
