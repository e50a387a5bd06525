"""Statements that wait for a passkey: the challenge is the statement's hash, for one act in one session, once."""

import json
import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from fido2.utils import websafe_encode
from fido2.webauthn import AuthenticationResponse, UserVerificationRequirement

from accounts import passkeys
from accounts.attempts import WrongAnswer, require_unlocked
from accounts.models import User
from accounts.proofs import Method, Passkey, SigningChallenge
from accounts.statements import Act, statement_of
from audit.canonical import canonical
from audit.refusal import Refused
from imprimatur.assertion import Assertion, NotProven, verify


def session_digest(session: str) -> str:
    """Return by what a session is known here: not by its key, which opens it. Empty for no session."""
    return sha256(session.encode()).hexdigest() if session else ""


@transaction.atomic
def challenge(*, user: User, act: Act, passkey_id: int, session: str, now: datetime) -> dict[str, Any]:
    """Make the statement and return what the browser asks the passkey with (PublicKeyCredentialRequestOptions).

    The caller has asked whether the person may do the act. The statement has the time of now: that is when they sign.
    Raises Refused for a passkey that is not (any longer) theirs, and when signing is locked.
    """
    require_unlocked(user)
    passkey = next((one for one in passkeys.own_passkeys(user) if one.pk == passkey_id), None)
    if passkey is None or not session:
        raise Refused(_("This passkey is not one of yours. Load the page again, and choose another."))
    statement = statement_of(
        act, user, method=Method.PASSKEY.value, moment=now, nonce=secrets.token_hex(32), passkey=passkey
    )
    digest = sha256(statement)
    SigningChallenge.objects.create(
        person=user, passkey=passkey, what=act.what, subject=act.subject, session_sha256=session_digest(session),
        statement=statement, statement_sha256=digest.hexdigest(), made_at=now,
        expires_at=now + timedelta(minutes=settings.SIGNING_CHALLENGE_MINUTES),
    )  # fmt: skip
    options, _state = passkeys.server().authenticate_begin(
        [passkeys.credential(passkey)], UserVerificationRequirement.REQUIRED, challenge=digest.digest()
    )
    return dict(options)


def answered(
    *, user: User, act: Act, response: str, session: str, now: datetime
) -> tuple[SigningChallenge, Assertion]:
    """Return the challenge that this answer is to, used up, and the answer as it is kept; in the caller's transaction.

    Raises WrongAnswer for an answer to another act, of another person, session or passkey, and for one that proves
    nothing; Refused for a challenge that is too old or was used, and when what is signed changed since it was made.
    """
    try:
        found = AuthenticationResponse.from_dict(json.loads(response))
        asked_with = found.response.client_data.challenge.hex()
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise WrongAnswer("passkey", _nothing()) from error
    waiting = SigningChallenge.objects.select_for_update().filter(statement_sha256=asked_with).first()
    if waiting is None or not _is_for(waiting, user, act, session):
        raise WrongAnswer(
            "passkey", _("This answer of the passkey was given to another question. Sign again on this page.")
        )
    if waiting.used_at is not None:
        raise Refused(_("This answer of the passkey was used already. Load the page again."))
    if waiting.is_late(now):
        raise Refused(
            _("The passkey answered after more than {minutes} minutes. Sign again.").format(
                minutes=settings.SIGNING_CHALLENGE_MINUTES
            )
        )
    if bytes(waiting.statement) != _now_stated(act, user, waiting):
        raise Refused(_("What you sign was changed meanwhile. Load the page again and read it."))
    kept = _proven(waiting, found)
    waiting.used_at = now
    waiting.save(update_fields=["used_at"])
    return waiting, kept


def _is_for(waiting: SigningChallenge, user: User, act: Act, session: str) -> bool:
    asked = (waiting.person_id, waiting.what, waiting.subject, waiting.session_sha256)
    return asked == (user.pk, act.what, act.subject, session_digest(session)) and bool(session)


def _now_stated(act: Act, user: User, waiting: SigningChallenge) -> bytes:
    nonce = json.loads(bytes(waiting.statement))["nonce"]
    return statement_of(
        act, user, method=Method.PASSKEY.value, moment=waiting.made_at, nonce=nonce, passkey=waiting.passkey
    )


def _proven(waiting: SigningChallenge, found: AuthenticationResponse) -> Assertion:
    """Check the answer twice: as the relying party does now, and as an auditor will from what is kept."""
    passkey: Passkey = waiting.passkey
    if passkey.removed_at is not None:
        raise Refused(_("This passkey was removed. Load the page again, and choose another."))
    statement = bytes(waiting.statement)
    state = {
        "challenge": websafe_encode(sha256(statement).digest()),
        "user_verification": UserVerificationRequirement.REQUIRED,
    }
    known = passkeys.credential(passkey)
    kept = Assertion(
        credential_id=known.credential_id,
        public_key=bytes(passkey.public_key),
        authenticator_data=bytes(found.response.authenticator_data),
        client_data_json=bytes(found.response.client_data),
        signature=found.response.signature,
    )
    try:
        passkeys.server().authenticate_complete(state, [known], found)
        counter = verify(kept, statement)
    except (NotProven, ValueError) as error:
        raise WrongAnswer("passkey", _nothing()) from error
    try:
        passkeys.count_use(passkey, counter)
    except passkeys.Copied as copied:
        raise WrongAnswer("passkey", str(copied)) from copied
    return kept


def plain(kept: Assertion) -> bytes:
    """Return the assertion as it is kept beside the statement."""
    return canonical(kept.plain())


def _nothing() -> str:
    return _(
        "The passkey's answer doesn't prove that it is you. Sign again, and confirm with PIN or biometrics."
    )
