"""Recording an act in the transaction of its change."""

import hashlib
import hmac
import json
import secrets
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from django.conf import settings
from django.db.models import Model

from audit import tracking, verbs
from audit.models import Disclosure, Event


class Actor(Protocol):
    """A person who acts; the leaf names them by pseudonym only."""

    pseudonym: uuid.UUID
    display_name: str


def record(
    verb: str,
    *,
    obj: Model,
    actor: Actor | None,
    now: datetime,
    data: Mapping[str, Any] | None = None,
    personal: Mapping[str, str] | None = None,
    on_behalf_of: Actor | None = None,
    reason: str = "",
) -> Event:
    """Add the event to the trail, in the caller's transaction.

    `actor` None is the system. `data` holds JSON values without floats and without names of people: give what
    identifies a person in `personal`, where a later erasure can reach it. `reason` is a person's own words and is
    kept as personal. Raises UnknownVerb for a name that no app has registered.
    """
    verbs.get(verb)
    label, key = obj._meta.label_lower, str(obj.pk)
    values = dict(personal or {})
    if actor is not None:
        values["actor"] = actor.display_name
    if on_behalf_of is not None:
        values["on_behalf_of"] = on_behalf_of.display_name
    if reason:
        values["reason"] = reason
    salts = {path: secrets.token_bytes(32) for path in values}
    previous = Event.objects.filter(object_type=label, object_id=key).order_by("-id").only("leaf").first()
    leaf = {
        "v": 1,
        "log": getattr(settings, "AUDIT_ORIGIN", "imprimatur.local/log"),
        "id": str(uuid.uuid4()),
        "t": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "verb": verb,
        "actor": str(actor.pseudonym) if actor else None,
        "on_behalf_of": str(on_behalf_of.pseudonym) if on_behalf_of else None,
        "obj": {"type": label, "id": key},
        "prev": _hash(bytes(previous.leaf)) if previous else None,
        "data": dict(data or {}),
        "personal": {
            p: hmac.new(salts[p], v.encode(), hashlib.sha256).hexdigest() for p, v in values.items()
        },
        "state": _state(obj),
    }
    content = json.dumps(leaf, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    event = Event.objects.create(
        leaf=content, object_type=label, object_id=key, verb=verb, occurred_at=now,
        actor=str(actor.pseudonym) if actor else "",
    )  # fmt: skip
    Disclosure.objects.bulk_create(
        Disclosure(event=event, path=path, salt=salts[path], value=value) for path, value in values.items()
    )
    return event


def _hash(leaf: bytes) -> str:
    """Return the leaf's hash (RFC 6962, section 2.1)."""
    return hashlib.sha256(b"\x00" + leaf).hexdigest()


def _state(obj: Model) -> str | None:
    """Return the digest of the object's tracked fields, or None when it isn't tracked."""
    fields = tracking.fields_of(obj._meta.label_lower)
    if not fields:
        return None
    values = {name: str(getattr(obj, obj._meta.get_field(name).attname)) for name in fields}  # type: ignore[union-attr]
    return hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
