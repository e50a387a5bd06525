"""What a week brings to a person: late, to review, due in two weeks, about to expire; from what waits for them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from reminders.told import Told, next_step, told_of
from reminders.waiting import Round, Source, Waiting, Weekly, sources
from reminders.wording import address, moment, names, one_line, weekday

AHEAD = timedelta(days=14)
EXPIRES = timedelta(
    days=30
)  # ours (P): long enough to get a newer file, short enough not to be told of each week


class Heading(StrEnum):
    """The parts of the mail, in order."""

    LATE = "late"
    REVIEW = "review"
    DUE = "due"
    EXPIRY = "expiry"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing: what, where, until when, and what else is to be said of it; texts in the active language."""

    title: str
    url: str  # whole address
    when: str
    is_late: bool
    said: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the mail that has lines."""

    heading: Heading
    title: str
    lines: list[Line]


def week_of(person: User, now: datetime) -> list[Section]:
    """Return what the person's week brings, in the language and time zone that are active; empty parts are left out."""
    asked = Round(now, frozenset({person.pk}))
    found = [
        (heading, source, item)
        for source in sources()
        if source.weekly is not None
        for item in source.read(asked)
        if item.person_id == person.pk and (heading := _heading(source.weekly, item.due, now)) is not None
    ]
    told = _told([item for heading, _source, item in found if heading in (Heading.LATE, Heading.REVIEW)])
    sections = []
    for heading, title in _titles().items():
        things = sorted(
            ((source, item) for under, source, item in found if under is heading),
            key=lambda pair: (pair[1].due or pair[1].since, pair[1].title),
        )
        lines = [_line(person, source, item, told, now) for source, item in things]
        if lines:
            sections.append(Section(heading, title, lines))
    return sections


def _heading(kind: Weekly, due: datetime | None, now: datetime) -> Heading | None:
    """Return under which heading something stands; None: nowhere, it has time."""
    if kind is Weekly.REVIEW:
        return Heading.REVIEW
    if due is None:
        return None
    if kind is Weekly.EXPIRY:
        return Heading.EXPIRY if due <= now + EXPIRES else None
    if due < now:
        return Heading.LATE
    return Heading.DUE if due <= now + AHEAD else None


def _titles() -> dict[Heading, str]:
    return {
        Heading.LATE: _("Late"),
        Heading.REVIEW: _("To review"),
        Heading.DUE: _("Due in the next two weeks"),
        Heading.EXPIRY: _("Expired or about to expire"),
    }


def _told(items: Iterable[Waiting]) -> dict[tuple[str, str], list[Told]]:
    """Return who was told of these things; one query for each type."""
    ids: dict[str, set[str]] = {}
    for item in items:
        ids.setdefault(item.object_type, set()).add(item.object_id)
    return {
        (object_type, pk): told
        for object_type, pks in ids.items()
        for pk, told in told_of(object_type, pks).items()
    }


def _line(
    person: User, source: Source, item: Waiting, told: dict[tuple[str, str], list[Told]], now: datetime
) -> Line:
    late = item.due is not None and item.due < now
    said = (
        _escalation(person, source, item, told.get((item.object_type, item.object_id), ()), now)
        if late
        else ""
    )
    return Line(one_line(item.title), address(item.url), _when(source, item.due, now), late, said)


def _when(source: Source, due: datetime | None, now: datetime) -> str:
    """Return until when, in words: a late thing says since when, and evidence on which day it ends."""
    if due is None:
        return ""
    if source.weekly is Weekly.EXPIRY:
        words = _("expired on {day}") if due < now else _("valid until {day}")
        return words.format(day=weekday(due, UTC))
    if due >= now:
        return _("due {moment}").format(moment=moment(due))
    days = max(1, (timezone.localdate(now) - timezone.localdate(due)).days)
    words = ngettext("{days} day late, since {day}", "{days} days late, since {day}", days)
    return words.format(days=days, day=weekday(due))


def _escalation(person: User, source: Source, item: Waiting, told: Collection[Told], now: datetime) -> str:
    """Return who has been told of something late, and who is next."""
    if item.due is None or not source.steps:
        return ""
    parts = []
    people = [each.name for each in told if (each.kind, each.due) == (source.kind, item.due)]
    if people:
        parts.append(_("Told: {people}.").format(people=names(list(dict.fromkeys(people)))))
    coming = next_step(source, person=person, due=item.due, since=item.since, told=told, now=now)
    if coming is not None:
        parts.append(_("Next: {who}, on {day}.").format(who=coming.who, day=weekday(coming.at)))
    if len(parts) > 1:
        return _("{told} {next}").format(told=parts[0], next=parts[1])
    return "".join(parts)
