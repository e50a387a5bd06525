"""Resetting a lost second factor."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import letters, passkeys
from accounts.models import User
from accounts.permissions import person_to_administer, why_not_reset_second_factor
from accounts.services.sessions import end_all
from audit.refusal import Refused
from audit.trail import record
from jobs.queue import enqueue


@transaction.atomic
def reset_second_factor(*, actor: User, person_id: int, reason: str, now: datetime) -> None:
    """Remove the person's one-time codes, passkeys and recovery codes, end their sessions and tell them by mail.

    Raises Refused without a reason, for oneself, and when there is nothing to reset.
    """
    person = person_to_administer(actor, person_id)
    why_not = why_not_reset_second_factor(actor, person)
    if why_not:
        raise Refused(why_not)
    _reset(person, actor, reason, now)


@transaction.atomic
def reset_by_operator(*, person: User, reason: str, now: datetime) -> None:
    """The same by whoever runs the server, for the last administrator who lost their phone; the actor is the system."""
    _reset(person, None, reason, now)


def _reset(person: User, actor: User | None, reason: str, now: datetime) -> None:
    if not reason.strip():
        raise Refused(_("Say why the second factor is reset, and how you know that {name} asked for it.").format(
            name=person.display_name
        ))  # fmt: skip
    locked = User.objects.select_for_update().get(pk=person.pk)
    removed, _by_model = Authenticator.objects.filter(user_id=locked.pk).delete()
    if not removed:
        raise Refused(_("{name} has not set up a second factor.").format(name=person.display_name))
    gone = passkeys.retire(locked, now)
    data = {"sessions": end_all(locked), "removed": removed}
    record(
        "second_factor.reset", obj=locked, actor=actor, now=now, data=data, reason=reason.strip(), also=gone
    )
    payload = {"person": locked.pk, "what": "second_factor_reset", "key": letters.new_key()}
    enqueue("accounts.notice_mail", payload, now=now)
