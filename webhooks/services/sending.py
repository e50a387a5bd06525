"""Sending by hand: a test message, one delivery again, or all that failed since a moment."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from audit.refusal import Refused
from audit.trail import record
from webhooks import types
from webhooks.emission import Happening, plan_all, tell
from webhooks.models import Delivery, DeliveryState, Endpoint
from webhooks.permissions import delivery_of, endpoint_to_administer, why_not_send

AGAIN = Q(state__in=[DeliveryState.FAILED, DeliveryState.DROPPED])
AT_ONCE = 5000


@transaction.atomic
def send_test(*, actor: User, endpoint_id: int, now: datetime) -> Delivery:
    """Send a message of the type `endpoint.test` to this endpoint alone; raises Http404, Refused."""
    endpoint = _endpoint(actor, endpoint_id)
    record("webhook.tested", obj=endpoint, actor=actor, now=now)
    return tell([Happening(types.TEST.name, {"endpoint": endpoint.pk}, "", now)], [endpoint], now)[0]


@transaction.atomic
def send_again(*, actor: User, endpoint_id: int, delivery_id: int, now: datetime) -> Delivery:
    """Send the message again, with its id and all its tries; also one that was delivered, or waits for its next try.

    Raises Http404, Refused.
    """
    endpoint = _endpoint(actor, endpoint_id)
    delivery = delivery_of(endpoint, delivery_id, locked=True)
    _put_back(delivery, now)
    plan_all([delivery], now)
    _let_go(endpoint)
    record(
        "webhook.sent_again", obj=endpoint, actor=actor, now=now,
        data={"message": delivery.message.uid, "type": delivery.message.type},
    )  # fmt: skip
    return delivery


@transaction.atomic
def send_failed_again(*, actor: User, endpoint_id: int, since: datetime, now: datetime) -> int:
    """Send again what failed or wasn't sent since that moment; return how many. Raises Http404, Refused."""
    endpoint = _endpoint(actor, endpoint_id)
    found = endpoint.deliveries.select_for_update(no_key=True).filter(AGAIN, made_at__gte=since)
    rows = list(found.order_by("id")[:AT_ONCE])
    if not rows:
        raise Refused(_("Nothing has failed since then."))
    for delivery in rows:
        _put_back(delivery, now, save=False)
    Delivery.objects.bulk_update(rows, ["state", "turn", "tries", "next_at", "ended_at"], batch_size=500)
    plan_all(rows, now)
    _let_go(endpoint)
    record(
        "webhook.sent_again", obj=endpoint, actor=actor, now=now,
        data={"count": len(rows), "since": since.isoformat()},
    )  # fmt: skip
    return len(rows)


def _put_back(delivery: Delivery, now: datetime, *, save: bool = True) -> None:
    """Let the delivery begin anew: a new turn, so that a job of the former one does nothing."""
    delivery.state, delivery.tries, delivery.next_at, delivery.ended_at = DeliveryState.PENDING, 0, now, None
    delivery.turn += 1
    if save:
        delivery.save(update_fields=["state", "turn", "tries", "next_at", "ended_at"])


def _endpoint(actor: User, endpoint_id: int) -> Endpoint:
    endpoint = endpoint_to_administer(actor, endpoint_id, locked=True)
    reason = why_not_send(endpoint)
    if reason:
        raise Refused(reason)
    return endpoint


def _let_go(endpoint: Endpoint) -> None:
    """End the endpoint's rest: somebody says that it can hear again."""
    if endpoint.rests_until is not None:
        endpoint.rests_until = None
        endpoint.save(update_fields=["rests_until"])
