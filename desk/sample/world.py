"""What the story has made so far: people and the ids of things, by the names that the story gives them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone, translation

from accounts.models import User
from desk.sample.calendar import StoryCalendar

Made = Mapping[str, int]
Act = Callable[["World", datetime], Made | None]


@dataclass(slots=True)
class World:
    """Ids by name ("person:aylin", "request:voice", "question:voice/children")."""

    calendar: StoryCalendar
    ids: dict[str, int] = field(default_factory=dict)
    _people: dict[str, User] = field(default_factory=dict)

    def id(self, name: str) -> int:
        """Return the id of a thing that a step before made; raises KeyError."""
        return self.ids[name]

    def person(self, key: str) -> User:
        """Return one of the invented people."""
        if key not in self._people:
            self._people[key] = User.objects.get(pk=self.ids[f"person:{key}"])
        return self._people[key]

    def has(self, name: str) -> bool:
        """Say whether the thing was made."""
        return name in self.ids


@dataclass(frozen=True, slots=True)
class Step:
    """One act of the story; `counts`: with it a request begins."""

    at: datetime
    name: str
    act: Act
    counts: bool = False


def after(at: datetime, minutes: int) -> datetime:
    """Return the moment so many minutes later."""
    return at + timedelta(minutes=minutes)


@contextmanager
def speaking(person: User) -> Iterator[User]:
    """Act as this person does on the pages: in their language and time zone."""
    with translation.override(person.language), timezone.override(ZoneInfo(person.time_zone)):
        yield person
