"""Whether a person can sign a record now with a certificate of their own: told before they are asked who they are."""

from datetime import datetime

from accounts.models import User
from records.seal.lines import Line
from records.seal.people import newest_of


def why_not_signed_by(person: User, now: datetime) -> str | None:
    """Return why their signature couldn't be added to a file; None when it can.

    Somebody without a certificate gets one. In the caller's transaction.
    """
    return _why_not(person, now, with_lists=True)


def _why_not(person: User, now: datetime, *, with_lists: bool) -> str | None:
    # What signs takes a second to load, which a process that asks nobody to sign is spared.
    from records.press.glyphs import Unprintable  # noqa: PLC0415
    from records.seal.credentials import NotReady, person_at  # noqa: PLC0415
    from records.seal.sign import NotSignable, refuse_invalid  # noqa: PLC0415
    from records.seal.stamp import refuse_unprintable  # noqa: PLC0415

    try:
        refuse_unprintable([Line("name", person.display_name)])
        refuse_invalid(person_at(person, now, with_lists=with_lists), now)
    except (NotReady, NotSignable, Unprintable) as fault:
        return str(fault)
    return None


def why_not_known(person: User, now: datetime) -> str | None:
    """Return the same for a page that changes nothing: who has no certificate yet gets one when they sign."""
    found = newest_of(person)
    if found is None or (found.revoked_at is None and found.valid_until <= now):
        return None
    return _why_not(person, now, with_lists=False)  # its own row says whether it was revoked
