"""Which field of a row was changed: tried is what it may have been before, until the digest is the one in the log."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Field, Model

from audit import tracking
from audit.canonical import canonical
from audit.leaf import decode
from audit.models import Event
from audit.reconciling.comparing import Finding, Kind
from audit.reconciling.told import states_in

TRIED = 20  # events of the object whose values are tried


def named(found: Finding) -> Finding:
    """Return the finding with the field that was changed, where one alone was and what it was before can be guessed.

    A digest doesn't say what it was made from. Tried are the field's choices, yes, no and nothing, what events of the
    object said, and what the field is in other rows.
    """
    if found.kind != Kind.CHANGED or found.fields:
        return found
    of = tracking.tracked()[found.type]
    row = of.model._base_manager.filter(pk=found.id).first()
    event = Event.objects.filter(pk=found.event).first()
    if row is None or event is None:
        return found
    told = {(label, key): state for label, key, state, _path in states_in(decode(bytes(event.leaf)))}
    name = _changed(row, told.get((found.type, found.id)) or "", _said(found))
    return replace(found, fields=(name,)) if name else found


def _changed(row: Model, digest: str, said: Mapping[str, list[object]]) -> str:
    now = tracking.values_of(row)
    for name in now:
        for value in _before(row, name, said):
            if tracking.digest(canonical({**now, name: value})) == digest:
                return name
    return ""


def _before(row: Model, name: str, said: Mapping[str, list[object]]) -> Iterator[object]:
    """Yield what the field may have been."""
    yield from (None, "", True, False)
    field = row._meta.get_field(name)
    if not isinstance(field, Field):
        return
    yield from (value for value, _label in field.flatchoices)
    yield from said.get(name, [])
    others = row._meta.model._base_manager.order_by("-pk").only(name)[:TRIED]
    yield from (tracking.values_of(other, [name])[name] for other in others)


def _said(found: Finding) -> dict[str, list[object]]:
    """Return what events of the object said of its fields."""
    events = Event.objects.filter(object_type=found.type, object_id=found.id).order_by("-pk")
    said: dict[str, list[object]] = {}
    for content in events.values_list("leaf", flat=True)[:TRIED]:
        data: Mapping[str, Any] = decode(bytes(content))["data"]
        for name, value in data.items():
            both = value.values() if isinstance(value, dict) and value.keys() == {"old", "new"} else [value]
            said.setdefault(name, []).extend(both)
    return said
