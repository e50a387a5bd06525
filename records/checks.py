"""Keys and fonts are checked when a process starts: what an organisation brings must be readable and in date."""

from datetime import datetime

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Caution
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.utils import timezone

from records.press.glyphs import FONTS


def check_seal(**_options: object) -> list[CheckMessage]:
    """Report keys in files that can't be used or expire soon; those of the house are made with the first record."""
    return _check(tokens=False)


def check_tokens(**_options: object) -> list[CheckMessage]:
    """Report keys on tokens that can't be used or expire soon.

    For `check --deploy` alone: a worker that asked a token before it has its children could not ask it afterwards.
    """
    return _check(tokens=True)


def _check(*, tokens: bool) -> list[CheckMessage]:
    from records.models import Purpose  # noqa: PLC0415  (models load after the apps)
    from records.seal.sources import source_of  # noqa: PLC0415  (models load after the apps)

    found = {one.name: one for purpose in (Purpose.SEAL, Purpose.SYSTEM) if (one := source_of(purpose))}
    wanted = [one for one in found.values() if bool(one.token) == tokens]
    if not wanted:
        return []
    from records.seal.credentials import NotReady, brought_at  # noqa: PLC0415  (a second that few need to spend)

    now, told = timezone.now(), list[CheckMessage]()
    for source in wanted:
        try:
            until = min(item.not_valid_after for item in brought_at(source, now).chain)
        except NotReady as fault:
            told.append(Error(str(fault), id="records.E001"))
        else:
            told += _soon(source.name, until, now)
    return told


def _soon(name: str, until: datetime, now: datetime) -> list[CheckMessage]:
    from records.expiry import EXPIRES_SOON  # noqa: PLC0415  (models load after the apps)

    if until - now >= EXPIRES_SOON:
        return []
    return [Caution(f"The certificate in {name} expires on {until:%Y-%m-%d}. Renew it.", id="records.W001")]


def check_certificates(databases: object = None, **_options: object) -> list[CheckMessage]:
    """Report certificates of the house that expire soon; with a database only (`check --database default`)."""
    if not databases:
        return []
    from records.expiry import EXPIRES_SOON, expiring  # noqa: PLC0415  (models load after the apps)
    from records.models import Certificate  # noqa: PLC0415  (models load after the apps)

    if Certificate._meta.db_table not in connection.introspection.table_names():
        return []  # `migrate` asks before it has made the table
    return [
        Caution(
            f"{row.get_purpose_display()}: “{row.name}” expires on {row.valid_until:%Y-%m-%d}. Run"
            f" `manage.py authority rotate {row.purpose}`.",
            id="records.W002",
        )
        for row in expiring(timezone.now(), EXPIRES_SOON)
    ]


def check_attestation_keys(**_options: object) -> list[CheckMessage]:
    """Report keys of attestations that can't be used; the embedded default makes its own at the first attestation."""
    if not settings.ATTESTATION_KEYS:
        return []
    from records.attestation.keys import KeyNotReady, signers  # noqa: PLC0415  (models load after the apps)

    try:
        signers()
    except KeyNotReady as fault:
        return [Error(str(fault), id="records.E003")]
    return []


def check_fonts(**_options: object) -> list[CheckMessage]:
    """Report missing fonts: without them a record would be set in whatever the machine has."""
    if len(list(FONTS.glob("*.ttf"))) < 9:
        return [Error(f"The record fonts are missing in {FONTS}.", id="records.E002")]
    return []


def refuse_without_seal() -> None:
    """Raise ImproperlyConfigured when a key that the organisation brought can't be used: never an unsigned file.

    Called when the app starts, because a web server runs no checks. Production settings name what is missing
    themselves. A token that is out of reach stops nobody: records wait for it, and the health page says so.
    """
    for message in [*check_seal(), *check_attestation_keys()]:
        if message.is_serious():
            raise ImproperlyConfigured(str(message.msg))
