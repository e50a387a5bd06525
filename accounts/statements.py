"""The statement that a person confirms when they sign: canonical, so that its hash means one thing only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from accounts.models import User
from accounts.passkeys import origin
from accounts.proofs import Passkey
from audit.canonical import canonical

SCHEMA = "imprimatur/signature/v1"


@dataclass(frozen=True, slots=True)
class Act:
    """What is signed: the kind of act, dotted (`decision.sign.legal`), on what, and everything that it says.

    `content` holds at least the hash of what is signed and the meaning of the signature (21 CFR 11.50), without
    floats; its names are none of those that every statement has.
    """

    what: str
    subject: str
    content: Mapping[str, object]


def statement_of(
    act: Act, user: User, *, method: str, moment: datetime, nonce: str, passkey: Passkey | None = None
) -> bytes:
    """Return the statement in canonical JSON; with a passkey it names credential, origin and RP id."""
    common: dict[str, object] = {
        "schema": SCHEMA,
        "act": act.what,
        "subject": act.subject,
        "signer": str(user.pseudonym),
        "name": user.display_name,
        "time": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "method": method,
        "nonce": nonce,
    }
    if passkey is not None:
        common["passkey"] = {
            "credential": passkey.credential_id, "origin": origin(), "rp_id": passkey.rp_id,
        }  # fmt: skip
    if twice := common.keys() & act.content.keys():
        raise ValueError(f"Every statement says by itself: {', '.join(sorted(twice))}.")
    return canonical({**common, **act.content})
