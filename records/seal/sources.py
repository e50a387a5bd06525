"""Where the keys of seal and system come from, by the settings: a PKCS#12 file, a token, or the internal authority."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from records.models import Purpose


@dataclass(frozen=True, slots=True)
class Source:
    """A key that the organisation brings. `name`: the variable that names it; `token`: see config.keys.token."""

    name: str
    file: str
    password: str
    token: Mapping[str, str]


def source_of(purpose: Purpose) -> Source | None:
    """Return where the key for seal or system comes from; None: from the internal authority.

    Where the organisation brought a seal and names nothing for the system, its seal certifies too: readers who know
    its root then trust the certification as well.
    """
    if purpose == Purpose.SYSTEM and (own := _source("SYSTEM")):
        return own
    return _source("SEAL")


def _source(prefix: str) -> Source | None:
    file, password, token = (
        getattr(settings, f"{prefix}_{part}") for part in ("PKCS12", "PASSWORD", "PKCS11")
    )
    if not file and not token:
        return None
    return Source(f"IMPRIMATUR_{prefix}_{'PKCS12' if file else 'PKCS11'}", file, password, token)
