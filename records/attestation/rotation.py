"""Changing the key of attestations: a new one signs beside the old one, until the old one is retired."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from audit import trail
from records.attestation import keys, status
from records.attestation.keys import KeyNotReady
from records.attestation.rows import AttestationKey

AttestAnew = Callable[[datetime], int]
_attest_anew: list[AttestAnew] = []


def register(attest_anew: AttestAnew) -> None:
    """Say how what an app has attested is signed by the keys that sign now."""
    _attest_anew.append(attest_anew)


@transaction.atomic
def rotate(*, retire: bool, now: datetime) -> int:
    """Make a new key that signs beside the others, or with `retire` let the newest alone sign; by an operator.

    Returns how many requests are attested anew. Raises KeyNotReady where the organisation brought its own keys, and
    when there is nothing to retire.
    """
    if keys.is_own():
        raise KeyNotReady(
            "The keys are files of your own: name the new one first in IMPRIMATUR_ATTESTATION_KEY, the old one after "
            "it, restart, and run `manage.py attestation sign`."
        )
    if retire and not keys.drop_older():
        raise KeyNotReady("There is only one key, so none can be retired.")
    if not retire:
        keys.add_key()
    return sign_anew(now=now, acts="retired" if retire else "added")


@transaction.atomic
def sign_anew(*, now: datetime, acts: str = "signed") -> int:
    """Sign the status list and ask for new attestations, all by the keys that are in use now."""
    published = keys.publish(keys.signers(), now)
    newest = AttestationKey.objects.get(key_id=published[0])
    trail.record(
        "attestation_key.rotated", obj=newest, actor=None, now=now, data={"act": acts, "keys": published}
    )
    status.sign_status(now)
    return sum(attest_anew(now) for attest_anew in _attest_anew)
