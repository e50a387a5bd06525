"""From an event of the log to rows of messages and deliveries, in the transaction of the act."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from audit import following
from audit.following import Recorded
from jobs.queue import enqueue
from webhooks import types
from webhooks.models import Delivery, Endpoint, EndpointState, Message
from webhooks.rules.signature import new_message_id
from webhooks.saying import moment

DELIVER, SPREAD = "webhooks.deliver", "webhooks.spread"
FEW = 20  # deliveries for which the act itself plans the jobs


@dataclass(frozen=True, slots=True)
class Happening:
    """What is told: a type, its data, the event of the log ("" when none tells of it), and the moment."""

    type: str
    data: types.Data
    event: str
    at: datetime


def register(kind: types.Type) -> None:
    """Make the type known, and tell endpoints of each event with one of its verbs; called from AppConfig.ready()."""
    types.keep(kind)
    for verb in kind.verbs:
        following.follow(verb, _pass_on)


def _pass_on(verb: str, events: Sequence[Recorded], now: datetime) -> None:
    """Follow the trail; one query when no endpoint is there, and nothing is put into words that nobody gets."""
    endpoints = listening()
    if not endpoints:
        return
    for kind in types.of_verb(verb):
        mine = [endpoint for endpoint in endpoints if kind.name in endpoint.types]
        if mine:
            said = [(event, kind.says(event.obj, event.data)) for event in events]
            tell(
                [Happening(kind.name, data, event.id, now) for event, data in said if data is not None],
                mine,
                now,
            )


def listening() -> list[Endpoint]:
    """Return the endpoints that are on."""
    return list(Endpoint.objects.filter(state=EndpointState.ENABLED).only("id", "types"))


def tell(happenings: Iterable[Happening], endpoints: Sequence[Endpoint], now: datetime) -> list[Delivery]:
    """Write a message for each happening and a delivery of it for each endpoint, and plan the first attempts."""
    messages = Message.objects.bulk_create([_message(one) for one in happenings])
    deliveries = Delivery.objects.bulk_create(
        [
            Delivery(endpoint_id=endpoint.pk, message=message, made_at=now, next_at=now)
            for message in messages
            for endpoint in endpoints
        ]
    )
    plan_all(deliveries, now)
    return deliveries


def plan_all(deliveries: Sequence[Delivery], now: datetime) -> None:
    """Plan an attempt of each at once; of many a job does it, so that the act isn't held up."""
    if len(deliveries) > FEW:
        enqueue(SPREAD, {"turns": [[delivery.pk, delivery.turn] for delivery in deliveries]}, now=now)
        return
    for delivery in deliveries:
        plan(delivery, now, now)


def plan(delivery: Delivery, at: datetime, now: datetime) -> None:
    """Enqueue the attempt of the delivery's present turn; in the transaction that wrote the turn."""
    enqueue(DELIVER, {"delivery": delivery.pk, "turn": delivery.turn}, now=now, run_at=at)


def _message(one: Happening) -> Message:
    return Message(
        uid=new_message_id(), type=one.type, event=one.event, happened_at=one.at,
        body=body_of(one.type, {**one.data, "event": one.event or None}, one.at),
    )  # fmt: skip


def body_of(kind: str, data: types.Data, at: datetime) -> str:
    """Return the body as the specification wants it: type, timestamp, data."""
    whole: dict[str, Any] = {"type": kind, "timestamp": moment(at), "data": data}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
