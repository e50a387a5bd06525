"""What waits for whom: one registration serves "my work" and the reminders.

An app says, for each kind of thing that can wait (`ballot.vote`, `signature`, `checklist`), who is waited for, since
when, until when, and what it needs. My work shows a person's own items; the planner turns items with a due moment into
reminders, and asks again at delivery, so that nobody is reminded of what is done.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar, cast

from django.db.models import QuerySet
from django.db.models.expressions import Combinable
from django_stubs_ext import StrOrPromise

from accounts.models import User
from reminders.rules.escalation import Office, Step

T = TypeVar("T")
Circles = Iterable[tuple[Office, Collection[int]]]
"""Who may be told, as what: the first circle counts in which anybody may know."""


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
    else_to: int | None = (
        None  # who is told when none of these is there or may know, e.g. who made the schedule
    )
    insiders: frozenset[int] | None = None  # who else may know that it waits; None: whoever it escalates to
    may_know: "Callable[[User], bool] | None" = (
        None  # asked of one to whom it would escalate; None: insiders say it
    )
    heads: "Callable[[], Circles] | None" = (
        None  # who is told at the step of the board; asked only when it comes
    )
    root: str = ""  # id of what it belongs to: of the request that a ballot is about
    part: str = ""  # id of the part of that: of the board's review
    short: str = ""  # what it is in few words, for who waits for it: "vote", "answer to question 3"
    days_before: tuple[int, ...] | None = (
        None  # reminders so many days before it is due, where that is told by the thing itself
    )
    one_of: str = ""  # the office of which any one does it: "Legal staff"; "": this person does
    why: str = ""  # path of what tells how its date came about
    explain: "Callable[[], str] | None" = (
        None  # the same in a paragraph, for a mail; asked when one is written
    )


@dataclass(frozen=True, slots=True)
class Round:
    """One asking of sources: at which moment, about whom (None: everybody). What one source reads, others share."""

    now: datetime
    people: frozenset[int] | None
    _kept: dict[object, Any] = field(default_factory=dict)

    def asks(self, person_id: int | None) -> bool:
        """Say whether this person is asked about."""
        return person_id is not None and (self.people is None or person_id in self.people)

    def once(self, read: "Callable[[Round], T]") -> T:
        """Return what `read` returns for this round; it runs once."""
        if read not in self._kept:
            self._kept[read] = read(self)
        return cast("T", self._kept[read])


class Weekly(StrEnum):
    """What a kind is in the weekly mail: work of one's own, work of others to judge, something that grows old.

    What grows old is due at the end of its last day in UTC: it is a day without a time zone.
    """

    OWN = "own"
    REVIEW = "review"
    EXPIRY = "expiry"


Read = Callable[[Round], Iterable[Waiting]]


@dataclass(frozen=True, slots=True)
class Rows:
    """Things that wait, as rows with these fields: who is waited for, since when, until when; `object_type` of all."""

    rows: QuerySet[Any]
    object_type: str
    person: str
    since: Combinable
    due: str = "due"


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of thing that waits. `days_before`: reminders so many days before due; late ones daily, at most ten.

    `reminds`: False for what is shown with its date, but is no duty: nobody gets a reminder of it. `steps`: who is told
    beside the person when it stays late, and when; without steps one other person, after the last reminder.
    `weekly`: as what it stands in the weekly mail of its owner; None: not there. `rows`, for a source with steps of
    which there may be very many: the same as `read` says for everybody, so that the database plans by itself.
    """

    kind: str
    label: StrOrPromise
    read: Read
    days_before: tuple[int, ...] = (7, 2, 0)
    reminds: bool = True
    steps: tuple[Step, ...] = ()
    weekly: Weekly | None = None
    rows: Callable[[], Rows] | None = None

    def ask(self, now: datetime, people: frozenset[int] | None) -> Iterable[Waiting]:
        """Return what of this kind waits for these people; None asks for everybody."""
        return self.read(Round(now, people))


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Make the source known; called from AppConfig.ready()."""
    _sources[source.kind] = source


def get(kind: str) -> Source:
    """Return the source; raises KeyError."""
    return _sources[kind]


def sources() -> list[Source]:
    """Return all sources, by kind."""
    return [_sources[kind] for kind in sorted(_sources)]


def waiting_for(person_id: int, now: datetime) -> Iterator[tuple[Source, Waiting]]:
    """Yield all that waits for the person; sources share what they read."""
    asked = Round(now, frozenset({person_id}))
    for source in sources():
        for thing in source.read(asked):
            if thing.person_id == person_id:
                yield source, thing
