"""Letting people go, and letting them in again; nobody is deleted."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.changes import person_left
from accounts.models import Invitation, PersonState, User
from accounts.permissions import person_to_administer, why_not_deactivate
from accounts.services.api_tokens import revoke_all
from accounts.services.roles import lock_administrators, refuse_last_administrator
from accounts.services.sessions import end_all
from audit.refusal import IllegalTransition, Refused
from audit.trail import record


@transaction.atomic
def deactivate(*, actor: User, person_id: int, reason: str, now: datetime) -> None:
    """End the person's sessions and tokens and let them in no more; an invited person's link stops working.

    Raises Refused for oneself and for the last administrator, IllegalTransition when it was done already.
    """
    lock_administrators()
    person = _locked(actor, person_id)
    if person.state == PersonState.DEACTIVATED:
        raise IllegalTransition(_("{name} is deactivated already.").format(name=person.display_name))
    why_not = why_not_deactivate(actor, person)
    if why_not:
        raise Refused(why_not)
    refuse_last_administrator(person)
    Invitation.objects.filter(person=person, accepted_at=None, withdrawn_at=None).update(withdrawn_at=now)
    person.is_active, person.deactivated_at = False, now
    person.save(update_fields=["is_active", "deactivated_at"])
    ended, tokens, changed = end_all(person), revoke_all(person, actor, now), person_left(person, now)
    record(
        "person.deactivated",
        obj=person,
        actor=actor,
        now=now,
        data={"sessions": ended, "tokens": len(tokens)},
        also=[*tokens, *changed],
        reason=reason.strip(),
    )


@transaction.atomic
def reactivate(*, actor: User, person_id: int, now: datetime) -> None:
    """Let a person in again who had been in before; whoever never accepted is invited again instead."""
    person = _locked(actor, person_id)
    if person.state != PersonState.DEACTIVATED:
        raise IllegalTransition(_("{name} is not deactivated.").format(name=person.display_name))
    if not person.has_usable_password():
        raise Refused(
            _("{name} never came in. Send a new invitation instead.").format(name=person.display_name)
        )
    person.is_active, person.deactivated_at = True, None
    person.save(update_fields=["is_active", "deactivated_at"])
    record("person.reactivated", obj=person, actor=actor, now=now)


def _locked(actor: User, person_id: int) -> User:
    person = person_to_administer(actor, person_id)
    return User.objects.select_for_update().get(pk=person.pk)
