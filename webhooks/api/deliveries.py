"""Deliveries of webhooks: what was sent, what came back, and sending it again."""

import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query

from accounts.api.fields import Address, Id, In, LikelyMomentIn, Out, page_address
from accounts.api.pages import PageOut, PageQuery, list_page
from accounts.api.rooms import Room
from accounts.api.visit import who
from accounts.rules.scopes import Scope
from webhooks import selectors
from webhooks.models import Attempt, Delivery, DeliveryState
from webhooks.permissions import delivery_of, endpoint_to_administer
from webhooks.services import sending
from webhooks.words import OUTCOMES, fault_words

room = Room("Webhooks")


class DeliveryQuery(PageQuery):
    """What of the deliveries is asked for."""

    state: DeliveryState | None = None


class DeliveryLineOut(Out):
    """A message on its way to an endpoint, and what its last attempt said."""

    id: int = Field(examples=[41])
    message: str = Field(
        description="The id of the message.", examples=["msg_5f2b1c0e9d8a47f6b3e2a1c0d9e8f7a6"]
    )
    type: str = Field(examples=["request.approved"])
    state: DeliveryState
    happened_at: datetime
    made_at: datetime
    ended_at: datetime | None
    next_at: datetime | None = Field(description="When it is tried next.")
    tries: int = Field(description="That failed since it was sent, or sent again.", examples=[0])
    attempts: int = Field(description="How often it was tried at all.", examples=[1])
    status: int | None = Field(description="Of the last answer.", examples=[204])
    outcome: str = Field(examples=["The receiver accepted the message."])
    address: Address


class AttemptOut(Out):
    """An attempt: what was sent besides the body, and what came back, cut to its first bytes."""

    number: int = Field(examples=[1])
    at: datetime
    milliseconds: int = Field(examples=[85])
    outcome: str = Field(examples=["The receiver accepted the message."])
    detail: str = Field(examples=[""])
    ip_address: str = Field(description="To which it went.", examples=["203.0.113.7"])
    status: int | None = Field(examples=[204])
    sent: list[list[str]] = Field(
        description="Headers: name, value.",
        examples=[[["webhook-id", "msg_5f2b1c0e9d8a47f6b3e2a1c0d9e8f7a6"]]],
    )
    received: list[list[str]] = Field(
        description="Headers: name, value.", examples=[[["content-type", "text/plain"]]]
    )
    answer: str = Field(examples=[""])


class DeliveryWholeOut(DeliveryLineOut):
    """A delivery with the body of its message and every attempt, the last first."""

    body: dict[str, Any] = Field(examples=[{"type": "request.approved", "data": {}}])
    told: list[AttemptOut]


class ResendingIn(In):
    """Since when failed messages are sent again."""

    since: LikelyMomentIn = Field(examples=["2026-11-05T00:00:00Z"])


class ResendingOut(Out):
    """How many messages are on their way again."""

    count: int = Field(examples=[3])


def _words(outcome: str | None) -> str:
    return str(OUTCOMES[outcome]) if outcome else ""


def _line(row: Any) -> dict[str, Any]:  # noqa: ANN401  (a delivery with what `deliveries_of` adds)
    return {
        "id": row.pk, "message": row.message.uid, "type": row.message.type, "state": row.state,
        "happened_at": row.message.happened_at, "made_at": row.made_at, "ended_at": row.ended_at,
        "next_at": row.next_at, "tries": row.tries, "attempts": row.attempted or 0, "status": row.last_status,
        "outcome": _words(row.last_outcome),
        "address": page_address("webhooks:delivery", row.endpoint_id, row.pk),
    }  # fmt: skip


def _attempt(one: Attempt) -> AttemptOut:
    return AttemptOut(
        number=one.number, at=one.at, milliseconds=one.milliseconds, outcome=_words(one.outcome),
        detail=fault_words(one.detail), ip_address=one.address, status=one.status, sent=one.sent,
        received=one.received, answer=one.answer,
    )  # fmt: skip


def _whole(request: HttpRequest, endpoint_id: int, delivery_id: int) -> DeliveryWholeOut:
    endpoint = endpoint_to_administer(who(request)[0], endpoint_id)
    delivery_of(endpoint, delivery_id)
    row: Delivery = selectors.deliveries_of(endpoint, "").get(pk=delivery_id)
    return DeliveryWholeOut(
        **_line(row), body=json.loads(row.message.body),
        told=[_attempt(one) for one in row.attempts.order_by("-number")],
    )  # fmt: skip


@room.get("/webhooks/{endpoint_id}/deliveries", PageOut[DeliveryLineOut], Scope.ORGANISATION_READ)
def list_deliveries(request: HttpRequest, endpoint_id: Id, asked: Query[DeliveryQuery]) -> dict[str, Any]:
    """List what was sent to an endpoint, newest first."""
    endpoint = endpoint_to_administer(who(request)[0], endpoint_id)
    rows = selectors.deliveries_of(endpoint, asked.state or "")
    return list_page(request, rows, asked, lambda row: DeliveryLineOut(**_line(row)))


@room.get("/webhooks/{endpoint_id}/deliveries/{delivery_id}", DeliveryWholeOut, Scope.ORGANISATION_READ)
def read_delivery(request: HttpRequest, endpoint_id: Id, delivery_id: Id) -> DeliveryWholeOut:
    """Read a delivery: its message, and every attempt with what was sent and what came back."""
    return _whole(request, endpoint_id, delivery_id)


@room.post(
    "/webhooks/{endpoint_id}/deliveries/{delivery_id}/sending", DeliveryWholeOut, Scope.ORGANISATION_WRITE,
    takes=None,
)  # fmt: skip
def send_delivery_again(request: HttpRequest, endpoint_id: Id, delivery_id: Id) -> DeliveryWholeOut:
    """Send a message again, with its id and all its tries."""
    user, now = who(request)
    sending.send_again(actor=user, endpoint_id=endpoint_id, delivery_id=delivery_id, now=now)
    return _whole(request, endpoint_id, delivery_id)


@room.post("/webhooks/{endpoint_id}/test", DeliveryWholeOut, Scope.ORGANISATION_WRITE, takes=None)
def test_webhook(request: HttpRequest, endpoint_id: Id) -> DeliveryWholeOut:
    """Send a message of the type `endpoint.test` to this endpoint alone; what came of it stands in the delivery."""
    user, now = who(request)
    delivery = sending.send_test(actor=user, endpoint_id=endpoint_id, now=now)
    return _whole(request, endpoint_id, delivery.pk)


@room.post("/webhooks/{endpoint_id}/resending", ResendingOut, Scope.ORGANISATION_WRITE)
def send_failed_again(request: HttpRequest, endpoint_id: Id, given: ResendingIn) -> ResendingOut:
    """Send again what failed or wasn't sent since a moment, at most 5,000 messages."""
    user, now = who(request)
    count = sending.send_failed_again(actor=user, endpoint_id=endpoint_id, since=given.since, now=now)
    return ResendingOut(count=count)
