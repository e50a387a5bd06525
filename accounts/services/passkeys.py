"""Renaming a passkey."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.http import Http404

from accounts.models import User
from accounts.proofs import Passkey
from audit.trail import record


@transaction.atomic
def rename_passkey(*, actor: User, authenticator_id: int, name: str, now: datetime) -> Passkey:
    """Give one's own passkey another name; raises Http404 for any other."""
    passkey = (
        Passkey.objects.select_for_update(of=("self",))
        .filter(person_id=actor.pk, authenticator_id=authenticator_id)
        .first()
    )
    if passkey is None:
        raise Http404
    authenticator = Authenticator.objects.select_for_update().get(pk=authenticator_id)
    authenticator.data["name"] = passkey.name = name
    authenticator.save(update_fields=["data"])
    passkey.save(update_fields=["name"])
    person = User.objects.get(pk=actor.pk)
    record(
        "passkey.renamed", obj=person, actor=person, now=now, personal={"name": name},
        data={"credential": passkey.credential_id},
    )  # fmt: skip
    return passkey
