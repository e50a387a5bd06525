"""How what waits for a person is laid out: late, by tomorrow, this week, later, and without a date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

MOMENT = timedelta(microseconds=1)


class Part(StrEnum):
    """A part of the agenda, in the order of the page."""

    LATE = "late"
    TOMORROW = "by_tomorrow"
    WEEK = "this_week"
    LATER = "later"
    OPEN = "without_date"


class Dated(Protocol):
    """What can be laid out."""

    @property
    def due(self) -> datetime | None:
        """Until when it has to be done; None: there is no such moment."""

    @property
    def since(self) -> datetime:
        """From when on it waits."""


T = TypeVar("T", bound=Dated)


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """A thing in its part; `days` counts calendar days of the person: to the due day, or late since it."""

    thing: T
    part: Part
    days: int


def lay_out(things: Iterable[T], now: datetime, zone: tzinfo) -> dict[Part, list[Placed[T]]]:
    """Return the parts that hold something, each sorted by due moment, those without one by how long they wait.

    A day is a day of the person's time zone; this week ends with Sunday. Midnight is the end of a day, not a new one.
    """
    placed = [_place(thing, now, zone) for thing in things]
    placed.sort(key=lambda item: (item.thing.due or item.thing.since, item.thing.since))
    parts = {part: [item for item in placed if item.part is part] for part in Part}
    return {part: items for part, items in parts.items() if items}


def _place(thing: T, now: datetime, zone: tzinfo) -> Placed[T]:
    if thing.due is None:
        return Placed(thing, Part.OPEN, 0)
    today, day = now.astimezone(zone).date(), (thing.due - MOMENT).astimezone(zone).date()
    days = abs((day - today).days)
    if thing.due < now:
        return Placed(thing, Part.LATE, days)
    if days <= 1:
        return Placed(thing, Part.TOMORROW, days)
    sunday = today + timedelta(days=6 - today.weekday())
    return Placed(thing, Part.WEEK if day <= sunday else Part.LATER, days)
