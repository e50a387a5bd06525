"""Unlocking signing for somebody after too many wrong answers, with a reason."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import letters
from accounts.models import User
from accounts.permissions import person_to_administer, why_not_unlock_signing
from accounts.proofs import SigningAttempts, SigningLock
from audit.refusal import Refused
from audit.trail import record
from jobs.queue import enqueue


@transaction.atomic
def unlock_signing(*, actor: User, person_id: int, reason: str, now: datetime) -> SigningLock:
    """Let the person sign again, by an administrator; raises Refused without a reason, for oneself, when not locked."""
    person = person_to_administer(actor, person_id)
    why_not = why_not_unlock_signing(actor, person)
    if why_not:
        raise Refused(why_not)
    return _unlock(person, actor, reason, now)


@transaction.atomic
def unlock_by_operator(*, person: User, reason: str, now: datetime) -> SigningLock:
    """The same by whoever runs the server, for an administrator without a second one; the actor is the system."""
    return _unlock(person, None, reason, now)


def _unlock(person: User, actor: User | None, reason: str, now: datetime) -> SigningLock:
    if not reason.strip():
        raise Refused(
            _("Say why signing is unlocked, and how you know that it was {name} who answered.").format(
                name=person.display_name
            )
        )
    lock = (
        SigningLock.objects.select_for_update(of=("self",))
        .filter(person=person, unlocked_at__isnull=True)
        .first()
    )
    if lock is None:
        raise Refused(_("Signing is not locked for {name}.").format(name=person.display_name))
    lock.unlocked_at, lock.unlocked_by, lock.reason = now, actor, reason.strip()
    lock.save(update_fields=["unlocked_at", "unlocked_by", "reason"])
    SigningAttempts.objects.filter(person=person).update(failures=0)
    record(
        "signing.unlocked", obj=person, actor=actor, now=now, reason=lock.reason, also=[lock],
        data={"failures": lock.failures},
    )  # fmt: skip
    payload = {"person": person.pk, "what": "signing_unlocked", "key": letters.new_key()}
    enqueue("accounts.notice_mail", payload, now=now)
    return lock
