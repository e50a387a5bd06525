"""Which fields of which model an event vouches for: the digest of their values after the change goes into the leaf."""

from collections.abc import Sequence

from django.db.models import Model

_tracked: dict[str, tuple[str, ...]] = {}


def track(model: type[Model], fields: Sequence[str]) -> None:
    """Say that each change of these fields must leave an event; called from AppConfig.ready()."""
    _tracked[model._meta.label_lower] = tuple(fields)


def fields_of(label_lower: str) -> tuple[str, ...]:
    """Return the tracked fields of a model ("reviews.ballot"); empty when it isn't tracked."""
    return _tracked.get(label_lower, ())


def tracked() -> dict[str, tuple[str, ...]]:
    """Return every tracked model with its fields."""
    return dict(_tracked)
