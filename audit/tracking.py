"""Which fields of which model an event vouches for: the digest of their values after the change goes into the leaf."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, Field, Model

from audit.canonical import canonical, plain


@dataclass(frozen=True, slots=True)
class Tracked:
    """`personal`: the fields say who somebody is, so the leaf holds a commitment instead of a plain digest.

    Once there are events that stays as it is: verifying takes a state of the one kind never for the other.
    """

    model: type[Model]
    fields: tuple[str, ...]
    personal: bool

    def columns(self) -> Iterator[str]:
        """Yield the column of each tracked field."""
        for name in self.fields:
            yield str(_column_field(self.model, name).column)


_tracked: dict[str, Tracked] = {}


def track(model: type[Model], fields: Sequence[str], *, personal: bool = False) -> None:
    """Say that each change of these fields must leave an event; called from AppConfig.ready().

    On PostgreSQL the commit of a row that was added, removed, or changed in one of them is refused without an
    event of the same transaction. Raises FieldDoesNotExist for a name that the model doesn't have.
    """
    for name in fields:
        model._meta.get_field(name)
    _tracked[model._meta.label_lower] = Tracked(model, tuple(fields), personal)


def fields_of(label_lower: str) -> tuple[str, ...]:
    """Return the tracked fields of a model ("reviews.ballot"); empty when it isn't tracked."""
    found = _tracked.get(label_lower)
    return found.fields if found else ()


def is_personal(label_lower: str) -> bool:
    """Say whether the tracked fields of the model tell who somebody is."""
    found = _tracked.get(label_lower)
    return bool(found and found.personal)


def tracked() -> dict[str, Tracked]:
    """Return every tracked model."""
    return dict(_tracked)


def state_of(obj: Model) -> bytes | None:
    """Return the canonical text of the object's tracked fields, or None when it isn't tracked.

    The same text comes from the object that was saved and from the row that is read again.
    """
    names = fields_of(obj._meta.label_lower)
    return canonical(values_of(obj, names)) if names else None


def values_of(obj: Model, names: Sequence[str] = ()) -> dict[str, object]:
    """Return these fields of the object (without names: the tracked ones) as they stand in its state."""
    return {name: _value(obj, name) for name in names or fields_of(obj._meta.label_lower)}


def digest(state: bytes) -> str:
    """Return the digest of a state that isn't personal."""
    return hashlib.sha256(state).hexdigest()


def _value(obj: Model, name: str) -> object:
    """Return the field's value as the profile allows it; raises TypeError for an expression of the database."""
    field = _column_field(obj._meta.model, name)  # not its type: the person of a request is a lazy wrapper
    value = getattr(obj, field.attname)
    if hasattr(value, "resolve_expression"):
        raise TypeError(f"{name} is an expression: reload the object before its event is recorded.")
    return _plain(field.to_python(value), field)


def _column_field(model: type[Model], name: str) -> "Field[Any, Any]":
    field = model._meta.get_field(name)
    if not isinstance(field, Field):
        raise TypeError(f"{name} is no column of {model._meta.label}.")
    return field


def _plain(value: object, field: "Field[Any, Any]") -> object:
    match value:
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        case date():
            return value.isoformat()
        case Decimal() if isinstance(field, DecimalField):
            return f"{value:.{field.decimal_places}f}"
        case bytes() | memoryview() | bytearray():
            return hashlib.sha256(bytes(value)).hexdigest()
        case dict() | list():
            return _loose(value)
        case None | bool() | int() | str():
            return plain(value) if not isinstance(value, int) or abs(value) < 2**53 else str(value)
    return str(value)


def _loose(value: object) -> object:
    """Return a value of a JSON field with its floats as text: numbers of people's content may have fractions."""
    match value:
        case dict():
            return [[key, _loose(item)] for key, item in sorted(value.items())]
        case list() | tuple():
            return [_loose(item) for item in value]
        case float():
            return repr(value)
    return value
