"""What waits for whom: one registration serves "my work" and the reminders.

An app says, for each kind of thing that can wait (`ballot.vote`, `signature`, `checklist`), who is waited for, since
when, until when, and what it needs. My work shows a person's own items; the planner turns items with a due moment into
reminders, and asks again at delivery, so that nobody is reminded of what is done.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits for one person; texts are in the language that is active when the source is asked."""

    person_id: int
    object_type: str  # "reviews.ballot"
    object_id: str
    since: datetime
    due: datetime | None
    title: str  # what it is about: "Harbor-7B 2.1, IMP-2026-0147"
    needs: str  # what it needs, a sentence: "Vote for the Ethics board."
    act: str  # label of the button: "Vote on revision 3"
    url: str  # path of the page where it is done
    holds_up: str = ""  # a sentence about what it holds up, or ""
    escalates_to: int | None = (
        None  # who is told when it stays late and the person has no deputy, e.g. the chair
    )


Ask = Callable[[datetime, frozenset[int] | None], Iterable[Waiting]]


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of thing that waits. `days_before`: reminders so many days before due; late ones daily, at most ten."""

    kind: str
    label: StrOrPromise
    ask: Ask
    days_before: tuple[int, ...] = (7, 2, 0)


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Make the source known; called from AppConfig.ready(). `ask(now, people)`: `people` None asks for everybody."""
    _sources[source.kind] = source


def get(kind: str) -> Source:
    """Return the source; raises KeyError."""
    return _sources[kind]


def sources() -> list[Source]:
    """Return all sources, by kind."""
    return [_sources[kind] for kind in sorted(_sources)]
