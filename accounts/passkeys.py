"""Passkeys: for which site they are made, what the log says of them, and that none of them was copied."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from fido2 import cbor
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.webauthn import (
    Aaguid,
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorData,
    PublicKeyCredentialRpEntity,
    RegistrationResponse,
)

from accounts.models import User
from accounts.proofs import Passkey
from audit.refusal import Refused
from audit.trail import record
from imprimatur import assertion

ACCEPTED = [{"type": "public-key", "alg": algorithm} for algorithm in assertion.ALGORITHMS]
"""What a device may sign with (PublicKeyCredentialParameters): what can be checked later."""


class Copied(Refused):
    """The counter of a passkey went back: there may be a second one with its key (WebAuthn Level 2, 7.2, step 21)."""


def origin() -> str:
    """Return the origin at which people use the product, as browsers write it; passkeys belong to it."""
    parts = urlsplit(settings.BASE_URL)
    port = "" if parts.port in {None, {"https": 443, "http": 80}.get(parts.scheme)} else f":{parts.port}"
    return f"{parts.scheme}://{parts.hostname}{port}"


def rp_id() -> str:
    """Return the domain for which passkeys are made: the host of that origin."""
    return urlsplit(settings.BASE_URL).hostname or "localhost"


def server() -> Fido2Server:
    """Return the relying party of this site, which believes no other origin."""
    site = PublicKeyCredentialRpEntity(id=rp_id(), name=settings.ORGANISATION)
    return Fido2Server(site, verify_origin=lambda given: given == origin())


def own_passkeys(user: User) -> list[Passkey]:
    """Return the passkeys with which the person can sign here now, the newest first."""
    found = Passkey.objects.filter(person_id=user.pk, removed_at__isnull=True, rp_id=rp_id())
    return list(found.order_by("-id"))


def credential(passkey: Passkey) -> AttestedCredentialData:
    """Return the credential as fido2 has it, from the public key that was registered."""
    plain = cast("Mapping[int, Any]", cbor.decode(bytes(passkey.public_key)))
    key = CoseKey.parse(plain)
    return AttestedCredentialData.create(Aaguid.NONE, assertion.unbase64url(passkey.credential_id), key)


def why_not_register(response: dict[str, Any]) -> str | None:
    """Return why this answer of an authenticator can't become a passkey, or None; it was verified already."""
    data = _registered(response)
    assert data.credential_data is not None
    if RegistrationResponse.from_dict(response).response.client_data.origin != origin():
        return _("This page was opened at another address. Open {address}, and try again.").format(
            address=settings.BASE_URL
        )
    known = assertion.base64url(data.credential_data.credential_id)
    if Passkey.objects.filter(credential_id=known).exists():
        return _("This passkey was registered here before. Make a new one on the device.")
    if not data.is_user_verified():
        return _(
            "This passkey asks for neither PIN nor biometrics. Set one up on the device, or take another."
        )
    try:
        assertion.algorithm_of(_public_key(data))
    except assertion.NotProven:
        return _("This passkey signs in a way that can't be checked later. Take another device.")
    return None


@transaction.atomic
def register(authenticator: Authenticator, now: datetime, personal: dict[str, str]) -> Passkey:
    """Keep the public key of what was just set up, with its event; for the transaction in which it is set up."""
    person = User.objects.get(pk=authenticator.user_id)
    data = _registered(authenticator.data["credential"])
    assert data.credential_data is not None
    passkey = Passkey.objects.create(
        person=person,
        authenticator=authenticator,
        name=authenticator.data["name"][:100],
        credential_id=assertion.base64url(data.credential_data.credential_id),
        public_key=_public_key(data),
        rp_id=rp_id(),
        user_verified=data.is_user_verified(),
        sign_count=data.counter,
        registered_at=now,
    )
    record(
        "passkey.registered", obj=person, actor=person, now=now, also=[passkey],
        personal=personal | {"name": passkey.name}, data={
            "credential": passkey.credential_id, "public_key": assertion.base64url(bytes(passkey.public_key)),
            "site": passkey.rp_id,
        },
    )  # fmt: skip
    return passkey


def retire(user: User, now: datetime) -> list[Passkey]:
    """Mark the passkeys of the person whose authenticator is gone as removed; returns them, for the event."""
    gone = list(
        Passkey.objects.select_for_update().filter(
            person_id=user.pk, authenticator__isnull=True, removed_at__isnull=True
        )
    )
    for passkey in gone:
        passkey.removed_at = now
        passkey.save(update_fields=["removed_at"])
    return gone


def count_use(passkey: Passkey, counter: int) -> None:
    """Keep the counter of a use; raises Copied when it didn't go up. Authenticators that don't count say 0 always."""
    kept = Passkey.objects.select_for_update().get(pk=passkey.pk)
    if (kept.sign_count or counter) and counter <= kept.sign_count:
        raise Copied(
            _(
                "The counter of this passkey went back, so there may be a copy of it. Remove it on the page of your "
                "account, set up a new one, and tell an administrator."
            )
        )
    Passkey.objects.filter(pk=kept.pk).update(sign_count=counter)


@transaction.atomic
def count_sign_in(authenticator: Authenticator, response: dict[str, Any]) -> None:
    """The same for a use at signing in, which was verified already; raises Copied, and Refused for another origin.

    The library lets subdomains of the site ask too; here only the product's own address does.
    """
    answer = AuthenticationResponse.from_dict(response).response
    if answer.client_data.origin != origin():
        raise Refused(_("This page was opened at another address. Open {address}, and try again.").format(
            address=settings.BASE_URL
        ))  # fmt: skip
    passkey = Passkey.objects.filter(authenticator=authenticator).first()
    if passkey is not None:
        count_use(passkey, answer.authenticator_data.counter)


def _registered(response: dict[str, Any]) -> AuthenticatorData:
    return RegistrationResponse.from_dict(response).response.attestation_object.auth_data


def _public_key(data: AuthenticatorData) -> bytes:
    assert data.credential_data is not None
    return cbor.encode(dict(data.credential_data.public_key))
