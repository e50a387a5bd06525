"""Endpoints of webhooks: listed, added, changed, switched, removed, and given another secret."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query
from pydantic import StringConstraints

from accounts.api.faults import pointer
from accounts.api.fields import Address, Id, In, Line, Out, PersonOut, page_address, person_out
from accounts.api.pages import PageOut, PageQuery, list_page
from accounts.api.problems import Code, Problem
from accounts.api.rooms import Room
from accounts.api.visit import tell, who
from accounts.permissions import require_administrator
from accounts.rules.scopes import Scope
from webhooks import selectors, types
from webhooks.models import DeliveryState, Endpoint, EndpointState, OffBecause
from webhooks.permissions import endpoint_to_administer, endpoints_visible_to
from webhooks.services import endpoints

room = Room("Webhooks")
TypeName = Annotated[
    str, StringConstraints(min_length=1, max_length=60), Field(examples=["request.approved"])
]


class MessageTypeOut(Out):
    """A type of messages, and the members that `data` of such a message has."""

    name: str = Field(examples=["request.approved"])
    label: str = Field(examples=["A request was approved"])
    when: str = Field(description="When it is sent; English.", examples=["All boards have approved."])
    members: dict[str, str] = Field(
        description="What each member of `data` means; English.", examples=[{"request": "reference"}]
    )


class MessageTypesOut(Out):
    """The types to which an endpoint may subscribe."""

    items: list[MessageTypeOut]


class EndpointIn(In):
    """An endpoint: where, who listens, to what."""

    url: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)] = Field(
        description="Begins with https:// and leads to a public host.",
        examples=["https://hooks.example.org/imprimatur"],
    )
    description: Line = Field(description="Who listens there.", examples=["Release pipeline"])
    types: Annotated[list[TypeName], Field(min_length=1, max_length=100)] = Field(
        description="What it is told; `GET /webhooks/types` lists them.", examples=[["request.approved"]]
    )


class EndpointOut(Out):
    """An endpoint without its secret, which nobody can read again."""

    id: int = Field(examples=[3])
    url: str = Field(examples=["https://hooks.example.org/imprimatur"])
    description: str = Field(examples=["Release pipeline"])
    types: list[str] = Field(examples=[["request.approved"]])
    state: EndpointState
    off_because: OffBecause | None
    off_since: datetime | None
    made_by: PersonOut
    made_at: datetime
    failures: int = Field(description="Attempts in a row that failed.", examples=[0])
    failing_since: datetime | None
    rests_until: datetime | None = Field(description="Nothing is sent before.")
    last_accepted_at: datetime | None
    former_secret_until: datetime | None = Field(
        description="Until then the former secret signs beside the new one."
    )
    address: Address


class EndpointWholeOut(EndpointOut):
    """An endpoint, and how many of its deliveries are in which state."""

    deliveries: dict[DeliveryState, int] = Field(examples=[{"delivered": 12}])


class EndpointAddedOut(EndpointOut):
    """An endpoint with its secret, which is told here and never again."""

    secret: str = Field(examples=["whsec_b25seS1hbi1leGFtcGxlLW9mLWEtc2VjcmV0LTMyYg=="])


class SecretOut(Out):
    """The new secret, which is told here and never again; for a day the former one signs beside it."""

    secret: str = Field(examples=["whsec_b25seS1hbi1leGFtcGxlLW9mLWEtc2VjcmV0LTMyYg=="])
    former_until: datetime


def _said(one: Endpoint) -> dict[str, Any]:
    return {
        "id": one.pk, "url": one.url, "description": one.description, "types": one.types, "state": one.state,
        "off_because": one.off_because or None, "off_since": one.off_since, "made_by": person_out(one.made_by),
        "made_at": one.made_at, "failures": one.failures, "failing_since": one.failing_since,
        "rests_until": one.rests_until, "last_accepted_at": one.last_accepted_at,
        "former_secret_until": one.former_until, "address": page_address("webhooks:endpoint", one.pk),
    }  # fmt: skip


def _whole(request: HttpRequest, endpoint_id: int) -> EndpointWholeOut:
    endpoint = endpoint_to_administer(who(request)[0], endpoint_id)
    counted: Mapping[str, int] = selectors.counts(endpoint)
    return EndpointWholeOut(
        **_said(endpoint), deliveries={DeliveryState(state): count for state, count in counted.items()}
    )


def _given(given: EndpointIn) -> dict[str, Any]:
    """Return what the services take; raises Problem for types that nobody knows."""
    known = {kind.name for kind in types.to_choose()}
    sentence = _("There is no type of this name.")
    errors = [
        {"pointer": pointer("types", place), "detail": sentence}
        for place, name in enumerate(given.types)
        if name not in known
    ]
    if errors:
        raise Problem(Code.INVALID, sentence, errors=errors)
    return {"url": given.url, "description": given.description, "chosen": given.types}


@room.get("/webhooks", PageOut[EndpointOut], Scope.ORGANISATION_READ)
def list_webhooks(request: HttpRequest, asked: Query[PageQuery]) -> dict[str, Any]:
    """List the endpoints, those added last first; to everybody but administrators this doesn't exist."""
    user, _now = who(request)
    require_administrator(user)
    rows = endpoints_visible_to(user).select_related("made_by")
    return list_page(request, rows, asked, lambda one: EndpointOut(**_said(one)))


@room.get("/webhooks/types", MessageTypesOut, Scope.ORGANISATION_READ)
def list_webhook_types(request: HttpRequest) -> MessageTypesOut:
    """List the types of messages to which an endpoint may subscribe, with what they say."""
    require_administrator(who(request)[0])
    return MessageTypesOut(
        items=[
            MessageTypeOut(
                name=kind.name, label=str(kind.label), when=kind.when,
                members={name: value.meaning for name, value in kind.values.items()},
            )
            for kind in types.to_choose()
        ]
    )  # fmt: skip


@room.post("/webhooks", EndpointAddedOut, Scope.ORGANISATION_WRITE, status=201)
def add_webhook(request: HttpRequest, given: EndpointIn) -> EndpointAddedOut:
    """Add an endpoint; the answer holds its secret, once."""
    user, now = who(request)
    require_administrator(user)
    endpoint, secret = endpoints.add_endpoint(actor=user, now=now, **_given(given))
    tell(request, "Location", f"/api/v1/webhooks/{endpoint.pk}")
    return EndpointAddedOut(**_said(endpoint), secret=secret)


@room.get("/webhooks/{endpoint_id}", EndpointWholeOut, Scope.ORGANISATION_READ)
def read_webhook(request: HttpRequest, endpoint_id: Id) -> EndpointWholeOut:
    """Read how an endpoint does."""
    return _whole(request, endpoint_id)


@room.put("/webhooks/{endpoint_id}", EndpointWholeOut, Scope.ORGANISATION_WRITE)
def change_webhook(request: HttpRequest, endpoint_id: Id, given: EndpointIn) -> EndpointWholeOut:
    """Change address, description and types of an endpoint; its secret stays."""
    user, now = who(request)
    endpoint_to_administer(user, endpoint_id)
    endpoints.change_endpoint(actor=user, endpoint_id=endpoint_id, now=now, **_given(given))
    return _whole(request, endpoint_id)


@room.delete("/webhooks/{endpoint_id}", Scope.ORGANISATION_WRITE)
def remove_webhook(request: HttpRequest, endpoint_id: Id) -> None:
    """Remove an endpoint with its secrets."""
    user, now = who(request)
    endpoints.remove_endpoint(actor=user, endpoint_id=endpoint_id, now=now)


@room.post("/webhooks/{endpoint_id}/activation", EndpointWholeOut, Scope.ORGANISATION_WRITE, takes=None)
def activate_webhook(request: HttpRequest, endpoint_id: Id) -> EndpointWholeOut:
    """Switch an endpoint on: what happens from now on is sent to it."""
    user, now = who(request)
    endpoints.switch_on(actor=user, endpoint_id=endpoint_id, now=now)
    return _whole(request, endpoint_id)


@room.post("/webhooks/{endpoint_id}/deactivation", EndpointWholeOut, Scope.ORGANISATION_WRITE, takes=None)
def deactivate_webhook(request: HttpRequest, endpoint_id: Id) -> EndpointWholeOut:
    """Switch an endpoint off: nothing more is sent to it, nor what waits for it."""
    user, now = who(request)
    endpoints.switch_off(actor=user, endpoint_id=endpoint_id, now=now)
    return _whole(request, endpoint_id)


@room.post("/webhooks/{endpoint_id}/secret", SecretOut, Scope.ORGANISATION_WRITE, takes=None)
def change_webhook_secret(request: HttpRequest, endpoint_id: Id) -> SecretOut:
    """Give an endpoint another secret; the answer holds it, once, and for a day both sign."""
    user, now = who(request)
    secret = endpoints.rotate_secret(actor=user, endpoint_id=endpoint_id, now=now)
    former_until = endpoint_to_administer(user, endpoint_id).former_until
    assert former_until is not None
    return SecretOut(secret=secret, former_until=former_until)
