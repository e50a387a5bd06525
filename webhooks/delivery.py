"""Delivers messages: one attempt a job, written down whole, and planned again when it failed."""

import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from accounts.cipher import decrypt
from audit.trail import record
from jobs.queue import enqueue
from webhooks.emission import DELIVER, plan
from webhooks.models import Attempt, Delivery, DeliveryState, Endpoint, EndpointState, OffBecause
from webhooks.outgoing.exchange import Answer, Outcome, Way, post
from webhooks.rules import schedule
from webhooks.rules.destination import Allowed, networks_of
from webhooks.rules.signature import signatures

COUNTERS = ["failures", "failing_since", "rests_until", "last_accepted_at"]
SPREAD_OVER = 15  # seconds after a rest, so that those who waited don't go all at once


def allowed() -> Allowed:
    """Return what the settings allow beyond public hosts."""
    return Allowed(
        networks_of(settings.WEBHOOK_NETWORKS), tuple(settings.WEBHOOK_PORTS), plain=settings.WEBHOOK_HTTP
    )


def spread_job(payload: Mapping[str, Any]) -> None:
    """Do the job `webhooks.spread`: plan an attempt of many deliveries, each once."""
    now = timezone.now()
    for pk, turn in payload["turns"]:
        enqueue(DELIVER, {"delivery": pk, "turn": turn}, now=now, key=f"{DELIVER}:{pk}:{turn}")


def deliver_job(payload: Mapping[str, Any]) -> None:
    """Do the job `webhooks.deliver`: one attempt at a delivery, if this is still its turn."""
    attempt(payload["delivery"], payload["turn"])


def attempt(
    delivery_id: int,
    turn: int,
    *,
    clock: Callable[[], datetime] = timezone.now,
    chance: Callable[[], float] = random.random,
) -> None:
    """Send the message, and write down what came of it.

    A worker that dies between the two leaves the turn as it was: the job runs again, and the receiver gets the same
    message with the same id a second time. Two workers with the same turn send both, and one of them writes.
    """
    found = Delivery.objects.select_related("endpoint", "message").filter(
        pk=delivery_id, turn=turn, state=DeliveryState.PENDING
    )
    delivery = found.first()
    if delivery is None:
        return
    endpoint, now = delivery.endpoint, clock()
    if not endpoint.is_on:
        _drop(delivery, now)
    elif endpoint.rests_until is not None and now < endpoint.rests_until:
        _wait(delivery, endpoint.rests_until + timedelta(seconds=SPREAD_OVER * chance()), now)
    elif not _take(endpoint, now):
        _wait(delivery, now + schedule.BUSY * (1 + chance()), now)
    else:
        body = delivery.message.body.encode()
        headers = headers_for(endpoint, delivery.message.uid, body, now)
        answer = post(endpoint.url, headers, body, Way(allowed(), settings.WEBHOOK_CA))
        _write_down(delivery, headers, answer, at=now, now=clock(), chance=chance())


def headers_for(endpoint: Endpoint, message_id: str, body: bytes, now: datetime) -> dict[str, str]:
    """Return the headers of an attempt; for a day after a rotation the former secret signs, too."""
    timestamp = int(now.timestamp())
    keys = [decrypt(endpoint.secret)]
    if endpoint.former_secret and endpoint.former_until and now < endpoint.former_until:
        keys.append(decrypt(endpoint.former_secret))
    return {
        "content-type": "application/json",
        "user-agent": "Imprimatur (webhooks)",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signatures(keys, message_id=message_id, timestamp=timestamp, body=body),
    }


def _take(endpoint: Endpoint, now: datetime) -> bool:
    """Take the endpoint for one attempt by one conditional UPDATE; False while another one is under way.

    However slowly a receiver answers, it holds one worker: mails and records go on in the others.
    """
    free = Q(busy_until__isnull=True) | Q(busy_until__lte=now)
    return bool(Endpoint.objects.filter(free, pk=endpoint.pk).update(busy_until=now + schedule.ONE_ATTEMPT))


def _locked(delivery: Delivery) -> tuple[Endpoint, Delivery | None]:
    """Return endpoint and delivery under their locks, in this order everywhere; None when the turn is over.

    The lock on the endpoint lets rows that point to it come into being: an act doesn't wait for a worker.
    """
    endpoint = Endpoint.objects.select_for_update(no_key=True).get(pk=delivery.endpoint_id)
    mine = Delivery.objects.select_for_update(no_key=True).filter(
        pk=delivery.pk, turn=delivery.turn, state=DeliveryState.PENDING
    )
    return endpoint, mine.first()


@transaction.atomic
def _drop(delivery: Delivery, now: datetime) -> None:
    endpoint, mine = _locked(delivery)
    if mine is not None and not endpoint.is_on:
        _end(mine, DeliveryState.DROPPED, now)


@transaction.atomic
def _wait(delivery: Delivery, until: datetime, now: datetime) -> None:
    """Plan the same try for later; it doesn't count as one."""
    _endpoint, mine = _locked(delivery)
    if mine is not None:
        _go_on(mine, until, now)


@transaction.atomic
def _write_down(
    delivery: Delivery,
    headers: Mapping[str, str],
    answer: Answer,
    *,
    at: datetime,
    now: datetime,
    chance: float,
) -> None:
    endpoint, mine = _locked(delivery)
    Endpoint.objects.filter(pk=endpoint.pk).update(busy_until=None)
    if mine is None:
        return
    last = mine.attempts.aggregate(last=Max("number"))["last"] or 0
    Attempt.objects.create(
        delivery=mine, number=last + 1, at=at, milliseconds=answer.milliseconds, outcome=answer.outcome,
        status=answer.status, address=answer.address, sent=list(headers.items()), received=answer.headers,
        answer=answer.body, detail=answer.detail[:300],
    )  # fmt: skip
    if answer.outcome == Outcome.ACCEPTED:
        endpoint.failures, endpoint.failing_since, endpoint.rests_until = 0, None, None
        endpoint.last_accepted_at = now
        endpoint.save(update_fields=COUNTERS)
        _end(mine, DeliveryState.DELIVERED, now)
        return
    mine.tries += 1
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or at
    endpoint.rests_until = schedule.rest_until(endpoint.failures, now)
    endpoint.save(update_fields=COUNTERS)
    again = schedule.next_try(mine.tries, now, chance=chance, asked=answer.wish)
    if answer.outcome == Outcome.GONE:
        _switch_off(endpoint, OffBecause.GONE, now)
        _end(mine, DeliveryState.FAILED, now)
    elif again is not None:
        _go_on(mine, again, now)
    else:
        if schedule.is_given_up(failing_since=endpoint.failing_since, tries=mine.tries, now=now):
            _switch_off(endpoint, OffBecause.FAILING, now)
        _end(mine, DeliveryState.FAILED, now)


def _end(mine: Delivery, state: DeliveryState, now: datetime) -> None:
    mine.state, mine.ended_at, mine.next_at = state, now, None
    mine.save(update_fields=["state", "tries", "ended_at", "next_at"])


def _go_on(mine: Delivery, at: datetime, now: datetime) -> None:
    mine.turn, mine.next_at = mine.turn + 1, at
    mine.save(update_fields=["turn", "tries", "next_at"])
    plan(mine, at, now)


def _switch_off(endpoint: Endpoint, because: OffBecause, now: datetime) -> None:
    """Switch the endpoint off by the system; what waits for it is dropped when its turn comes."""
    if not endpoint.is_on:
        return
    endpoint.state, endpoint.off_because, endpoint.off_since = EndpointState.DISABLED, because, now
    endpoint.save(update_fields=["state", "off_because", "off_since"])
    record("webhook.switched_off", obj=endpoint, actor=None, now=now, data={"because": because.value})
