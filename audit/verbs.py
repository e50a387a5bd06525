"""Names of events, registered once by the app that they belong to; an unknown name can't be recorded."""

from dataclasses import dataclass

from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Verb:
    """An event's name (`ballot.closed`), its short label and a sentence about what it means.

    `reads`: it tells that somebody looked at the object, who didn't lock it. What it says of the object's state may be
    older than what the event before it says.
    """

    name: str
    label: StrOrPromise
    sentence: StrOrPromise
    reads: bool = False


class UnknownVerb(KeyError):  # noqa: N818
    """An event with this name was never registered; a fault of the program."""


_verbs: dict[str, Verb] = {}


def register(name: str, label: StrOrPromise, sentence: StrOrPromise, *, reads: bool = False) -> None:
    """Make the name known; called from AppConfig.ready(). Raises ValueError for a name that exists with other words."""
    verb = Verb(name, label, sentence, reads)
    if name in _verbs and _verbs[name] != verb:
        raise ValueError(f"{name} is registered already.")
    _verbs[name] = verb


def get(name: str) -> Verb:
    """Return the verb; raises UnknownVerb."""
    try:
        return _verbs[name]
    except KeyError:
        raise UnknownVerb(name) from None


def only_read() -> frozenset[str]:
    """Return the names of the verbs that tell of reading only."""
    return frozenset(name for name, verb in _verbs.items() if verb.reads)


def known() -> list[Verb]:
    """Return all verbs, by name."""
    return [_verbs[name] for name in sorted(_verbs)]
