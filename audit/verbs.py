"""Names of events, registered once by the app that they belong to; an unknown name can't be recorded."""

from dataclasses import dataclass

from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Verb:
    """An event's name (`ballot.closed`), its short label and a sentence about what it means."""

    name: str
    label: StrOrPromise
    sentence: StrOrPromise


class UnknownVerb(KeyError):  # noqa: N818
    """An event with this name was never registered; a fault of the program."""


_verbs: dict[str, Verb] = {}
_leaving: set[str] = set()


def register(name: str, label: StrOrPromise, sentence: StrOrPromise) -> None:
    """Make the name known; called from AppConfig.ready(). Raises ValueError for a name that exists with other words."""
    verb = Verb(name, label, sentence)
    if name in _verbs and _verbs[name] != verb:
        raise ValueError(f"{name} is registered already.")
    _verbs[name] = verb


def get(name: str) -> Verb:
    """Return the verb; raises UnknownVerb."""
    try:
        return _verbs[name]
    except KeyError:
        raise UnknownVerb(name) from None


def leave_as_is(*names: str) -> None:
    """Say that acts with these names leave the tracked fields of their object as they are, and don't lock it.

    What such an event says of the object's state may be older than what the event before it says.
    """
    _leaving.update(names)


def leaves_as_is(name: str) -> bool:
    """Say whether an act with this name leaves the tracked fields of its object as they are."""
    return name in _leaving


def known() -> list[Verb]:
    """Return all verbs, by name."""
    return [_verbs[name] for name in sorted(_verbs)]
