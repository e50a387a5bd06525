"""Adding, changing, switching and removing endpoints, and giving them another secret."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.cipher import encrypt
from accounts.models import User
from accounts.permissions import require_administrator
from audit.refusal import IllegalTransition, Refused
from audit.trail import record
from webhooks import types
from webhooks.delivery import allowed
from webhooks.models import Endpoint, EndpointState, OffBecause
from webhooks.permissions import endpoint_to_administer, why_not_add
from webhooks.rules import schedule
from webhooks.rules.destination import BadDestination, destination
from webhooks.rules.signature import new_secret
from webhooks.words import fault_sentence


@transaction.atomic
def add_endpoint(
    *, actor: User, url: str, description: str, chosen: Sequence[str], now: datetime
) -> tuple[Endpoint, str]:
    """Add an endpoint and return it with its secret, which nobody can read again; raises Refused."""
    require_administrator(actor)
    reason = why_not_add()
    if reason:
        raise Refused(reason)
    secret = new_secret()
    endpoint = Endpoint(made_by=actor, made_at=now, secret=encrypt(secret))
    _describe(endpoint, url, description, chosen)
    endpoint.save()
    record(
        "webhook.added", obj=endpoint, actor=actor, now=now,
        data={"address": endpoint.url, "types": endpoint.types},
    )  # fmt: skip
    return endpoint, secret


@transaction.atomic
def change_endpoint(
    *, actor: User, endpoint_id: int, url: str, description: str, chosen: Sequence[str], now: datetime
) -> bool:
    """Change address, description and types; returns whether anything was different. Raises Http404, Refused.

    Another address begins without the failures of the former one.
    """
    endpoint = endpoint_to_administer(actor, endpoint_id, locked=True)
    before = (endpoint.url, endpoint.description, endpoint.types)
    _describe(endpoint, url, description, chosen)
    if before == (endpoint.url, endpoint.description, endpoint.types):
        return False
    if endpoint.url != before[0]:
        _start_anew(endpoint)
    endpoint.save()
    record(
        "webhook.changed", obj=endpoint, actor=actor, now=now,
        data={"changes": _changes(before, (endpoint.url, endpoint.description, endpoint.types))},
    )  # fmt: skip
    return True


@transaction.atomic
def switch_off(*, actor: User, endpoint_id: int, now: datetime) -> None:
    """Switch the endpoint off: it gets nothing, and what waits for it isn't sent. Raises Http404, IllegalTransition."""
    endpoint = endpoint_to_administer(actor, endpoint_id, locked=True)
    if not endpoint.is_on:
        raise IllegalTransition(_("The endpoint is off already."))
    endpoint.state, endpoint.off_because, endpoint.off_since = EndpointState.DISABLED, OffBecause.BY_HAND, now
    endpoint.save()
    record(
        "webhook.switched_off", obj=endpoint, actor=actor, now=now, data={"because": OffBecause.BY_HAND.value}
    )


@transaction.atomic
def switch_on(*, actor: User, endpoint_id: int, now: datetime) -> None:
    """Switch the endpoint on; what happened meanwhile was not kept for it. Raises Http404, IllegalTransition."""
    endpoint = endpoint_to_administer(actor, endpoint_id, locked=True)
    if endpoint.is_on:
        raise IllegalTransition(_("The endpoint is on already."))
    endpoint.state, endpoint.off_because, endpoint.off_since = EndpointState.ENABLED, "", None
    _start_anew(endpoint)
    endpoint.save()
    record("webhook.switched_on", obj=endpoint, actor=actor, now=now)


@transaction.atomic
def rotate_secret(*, actor: User, endpoint_id: int, now: datetime) -> str:
    """Give the endpoint another secret and return it; for a day both sign. Raises Http404."""
    endpoint = endpoint_to_administer(actor, endpoint_id, locked=True)
    secret = new_secret()
    endpoint.former_secret, endpoint.former_until = endpoint.secret, now + schedule.OVERLAP
    endpoint.secret = encrypt(secret)
    endpoint.save()
    record("webhook.secret_changed", obj=endpoint, actor=actor, now=now)
    return secret


@transaction.atomic
def remove_endpoint(*, actor: User, endpoint_id: int, now: datetime) -> None:
    """Remove the endpoint with its secrets; its row stays, because the log tells of it. Raises Http404."""
    endpoint = endpoint_to_administer(actor, endpoint_id, locked=True)
    endpoint.state, endpoint.off_since = EndpointState.REMOVED, endpoint.off_since or now
    endpoint.secret, endpoint.former_secret, endpoint.former_until = "", "", None
    endpoint.save()
    record("webhook.removed", obj=endpoint, actor=actor, now=now, data={"address": endpoint.url})


def _describe(endpoint: Endpoint, url: str, description: str, chosen: Sequence[str]) -> None:
    """Set what an administrator says; raises Refused with what is wrong."""
    try:
        goal = destination(url, allowed())
    except BadDestination as fault:
        raise Refused(fault_sentence(fault)) from None
    if not description.strip():
        raise Refused(_("Say in a few words who listens there."))
    names = [kind.name for kind in types.to_choose() if kind.name in chosen]
    if not names:
        raise Refused(_("Choose at least one type of messages."))
    endpoint.url, endpoint.description, endpoint.types = goal.url, description.strip(), names


def _start_anew(endpoint: Endpoint) -> None:
    """Forget failures; a message that waits goes at its time."""
    endpoint.failures, endpoint.failing_since, endpoint.rests_until = 0, None, None


def _changes(before: tuple[object, ...], after: tuple[object, ...]) -> dict[str, dict[str, object]]:
    names = ("address", "description", "types")
    return {
        name: {"old": old, "new": new}
        for name, old, new in zip(names, before, after, strict=True)
        if old != new
    }
