"""Dates that concern a person although nothing waits for them yet: a check that is planned, the term of a board.

Apps register who reads them. What waits for somebody has its date in `reminders.waiting`, and is not said here again.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User


@dataclass(frozen=True, slots=True)
class Dated:
    """One date. `key` names it for good, so that a calendar knows it again; texts in the active language."""

    key: str  # "compliance.occurrence/17"
    at: datetime
    title: str
    text: str  # a sentence
    url: str  # path of the page
    until: datetime | None = (
        None  # of what lasts, as a meeting: it begins `at`; None: `at` is when something is due
    )
    uid: str = ""  # by which other mails name it in calendars; "": the key names it
    where: str = ""


Read = Callable[[User, datetime], Iterable[Dated]]
_readers: list[Read] = []


def register(read: Read) -> None:
    """Make dates known; for AppConfig.ready()."""
    if read not in _readers:
        _readers.append(read)


def dates_for(person: User, now: datetime) -> Iterator[Dated]:
    """Yield the dates of the person that lie ahead."""
    for read in _readers:
        yield from read(person, now)
