"""Types of messages: the app that a type is about registers it, with what it says and when."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

Data = Mapping[str, Any]
Says = Callable[[Any, Data], Data | None]
Due = Callable[[datetime, datetime], Iterable[tuple[Any, datetime]]]


@dataclass(frozen=True, slots=True)
class Value:
    """A member of `data`: what it means (English, for docs/webhooks.md), and which values it may have.

    `kind`: string, integer, boolean, or a string in the form uri, date-time, sha256.
    """

    kind: str
    meaning: str
    one_of: tuple[str, ...] = ()
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Type:
    """A type of messages. `says(obj, data)` returns `data` of the message from an event's object and its data.

    None: this event is none of that type. Thin on purpose: references, states, addresses of pages, digests; never a
    name, a reason, or words of a dossier. `due(since, until)` yields objects with the moment in (since, until] at
    which something came about by time alone.
    """

    name: str
    label: StrOrPromise
    when: str
    values: Mapping[str, Value]
    says: Says
    verbs: Sequence[str] = field(default_factory=tuple)
    due: Due | None = None

    @property
    def family(self) -> str:
        """What stands before the full stop: what it is about."""
        return self.name.partition(".")[0]


TEST = Type(
    "endpoint.test",
    gettext_lazy("A test message"),
    "An administrator sent a test message to this endpoint alone; it is never subscribed to.",
    {"endpoint": Value("integer", "number of the endpoint")},
    lambda _endpoint, data: data,
)

_types: dict[str, Type] = {}


def keep(kind: Type) -> None:
    """Make the type known; apps call `webhooks.emission.register`, which also follows its verbs."""
    _types[kind.name] = kind


def of_verb(verb: str) -> list[Type]:
    """Return the types that events with this name bring about."""
    return [kind for kind in _types.values() if verb in kind.verbs]


def known() -> list[Type]:
    """Return all types: families by name, and inside of one as it was registered, as things happen."""
    return sorted(_types.values(), key=lambda kind: kind.family)


def to_choose() -> list[Type]:
    """Return the types to which an endpoint may subscribe."""
    return [kind for kind in known() if kind.name != TEST.name]


def get(name: str) -> Type | None:
    """Return the type, None when no app has registered it."""
    return _types.get(name)
