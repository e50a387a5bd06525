"""The signatures of a record, each checked from what is kept in its line, and whose passkey it was."""

import json
from dataclasses import dataclass
from datetime import datetime

from accounts.proofs import Passkey
from imprimatur.assertion import NotProven, unbase64url
from imprimatur.signature import check_line
from records.context import SignatureLine
from records.models import Record


@dataclass(frozen=True, slots=True)
class CheckedSignature:
    """A line and what came of checking it. `fault`: why it doesn't hold, in English, for an auditor; "": it does.

    `registered_at`: when the passkey that signed was registered for this person; None without a passkey.
    """

    line: SignatureLine
    signed_at: datetime
    fault: str
    registered_at: datetime | None


def checked_signatures(record: Record) -> list[CheckedSignature]:
    """Return the signatures in their order; one query for each that was made with a passkey."""
    lines: list[SignatureLine] = json.loads(bytes(record.signatures)) if record.signatures else []
    return [_checked(line, record.context_sha256) for line in lines]


def _checked(line: SignatureLine, digest: str) -> CheckedSignature:
    fault, registered = "", None
    try:
        found = check_line(line, digest)
        if found.credential:
            registered = _registration(found.credential, found.public_key, found.signer)
    except NotProven as error:
        fault = str(error)
    return CheckedSignature(line, datetime.fromisoformat(line["signed_at"]), fault, registered)


def _registration(credential: str, public_key: str, signer: str) -> datetime:
    """Return when this very key was registered for the signer; raises NotProven for any other."""
    passkey = Passkey.objects.filter(credential_id=credential, person__pseudonym=signer).first()
    if passkey is None or bytes(passkey.public_key) != unbase64url(public_key):
        raise NotProven("This public key was not registered for the signer.")
    return passkey.registered_at
