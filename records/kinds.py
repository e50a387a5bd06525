"""Kinds of records: what each says, by which template it is printed, and what travels in its file besides its data."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django_stubs_ext import StrOrPromise

from records.models import Record

Context = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that travels inside a record; `description` is for readers of the PDF."""

    name: str
    description: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record.

    `shape`: the TypedDict of its context, which has language, time_zone, organisation, reference, title and subtitle.
    `template`: extends records/print/base.html and fills its blocks. `values`: what it needs besides the context.
    `outcome` and `moment`: its code of records.words and the instant that counts as its creation, from the context.
    `data`: says what its record.json is. `attached`: further files, the same bytes whenever the record is printed.
    """

    shape: Any
    template: str
    values: Callable[[Context], Mapping[str, object]]
    outcome: Callable[[Context], str]
    moment: Callable[[Context], str]
    data: StrOrPromise
    signed: bool = False
    attached: Callable[[Record], Sequence[Attached]] = field(default=lambda _record: ())


_kinds: dict[str, Kind] = {}


def register(name: str, kind: Kind) -> None:
    """Make a kind known, from AppConfig.ready() of the app that issues it."""
    _kinds[name] = kind


def kind_of(name: str) -> Kind:
    """Return the kind; raises KeyError when no app has registered it."""
    return _kinds[name]


def attach(name: str, attached: Callable[[Record], Sequence[Attached]]) -> None:
    """Say which further files travel in records of a kind; raises KeyError when nobody has registered it."""
    _kinds[name] = replace(_kinds[name], attached=attached)
