"""Kinds of jobs, registered by the app whose work they are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django_stubs_ext import StrOrPromise

Handler = Callable[[Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job: its handler gets the payload, outside any transaction, and may run twice without harm."""

    name: str
    handler: Handler
    label: StrOrPromise
    lease: timedelta
    max_attempts: int


_kinds: dict[str, Kind] = {}


def register(
    name: str,
    handler: Handler,
    *,
    label: StrOrPromise,
    lease: timedelta = timedelta(minutes=2),
    max_attempts: int = 8,
) -> None:
    """Make the kind known; called from AppConfig.ready(). `lease`: how long one attempt may take."""
    _kinds[name] = Kind(name, handler, label, lease, max_attempts)


def get(name: str) -> Kind:
    """Return the kind; raises KeyError when no app has registered it."""
    return _kinds[name]


def known() -> list[Kind]:
    """Return all kinds, by name."""
    return [_kinds[name] for name in sorted(_kinds)]
