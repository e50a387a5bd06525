"""A person's dates as iCalendar (RFC 5545): what waits for them, checks that are planned, dates of their boards."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from django.utils import timezone, translation
from icalendar import Calendar, Event

from accounts.models import User
from reminders.dates import Dated, dates_for
from reminders.waiting import waiting_for

LASTS = timedelta(minutes=30)
"""An entry ends when it is due and begins so long before, because an entry without length is hard to see."""


def calendar_of(person: User, now: datetime, absolute: Callable[[str], str]) -> bytes:
    """Return the calendar in the person's language; `absolute` makes an address of a path.

    Each entry keeps its UID for good, so that a date that moved moves in the calendar too.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Imprimatur//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    with translation.override(person.language), timezone.override(person.time_zone):
        calendar.add("name", "Imprimatur")
        calendar.add("x-wr-calname", "Imprimatur")
        for dated in _dates(person, now):
            calendar.add_component(_entry(dated, now, absolute))
    return bytes(calendar.to_ical())


def _dates(person: User, now: datetime) -> Iterator[Dated]:
    for source, thing in waiting_for(person.pk, now):
        if thing.due is not None:
            key = f"{source.kind}/{thing.object_type}/{thing.object_id}"
            yield Dated(key, thing.due, f"{thing.act}: {thing.title}", thing.needs, thing.url)
    yield from dates_for(person, now)


def _entry(dated: Dated, now: datetime, absolute: Callable[[str], str]) -> Event:
    entry, address = Event(), absolute(dated.url)
    entry.add("uid", dated.uid or f"{dated.key}@{absolute('/').split('/')[2]}")
    entry.add("dtstamp", now.astimezone(UTC))
    entry.add("dtstart", dated.at if dated.until else dated.at - LASTS)
    entry.add("dtend", dated.until or dated.at)
    if dated.where:
        entry.add("location", dated.where)
    entry.add("summary", dated.title)
    entry.add("description", f"{dated.text}\n{address}")
    entry.add("url", address)
    entry.add("transp", "OPAQUE" if dated.until else "TRANSPARENT")
    return entry
