"""The seal is checked when a process starts: an organisation's own key must be readable, for signing, and
in date.
"""

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from records.press.glyphs import FONTS


def check_seal(**_options: object) -> list[CheckMessage]:
    """Report a seal that can't be used; the embedded default makes its own at the first record."""
    if not settings.SEAL_PKCS12:
        return []
    from records.seal.credentials import NotReady, seal_at  # noqa: PLC0415  (a second that few need to spend)

    try:
        seal_at(timezone.now())
    except NotReady as fault:
        return [Error(str(fault), id="records.E001")]
    return []


def check_fonts(**_options: object) -> list[CheckMessage]:
    """Report missing fonts: without them a record would be set in whatever the machine has."""
    if len(list(FONTS.glob("*.ttf"))) < 9:
        return [Error(f"The record fonts are missing in {FONTS}.", id="records.E002")]
    return []


def refuse_without_seal() -> None:
    """Raise ImproperlyConfigured when the organisation's own seal can't be used: never an unsigned file.

    Called when the app starts, because a web server runs no checks. Production settings name the key file
    themselves when it is missing.
    """
    for message in check_seal():
        raise ImproperlyConfigured(str(message.msg))
