"""What waits for a person, from every app that registered a source."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.models import User
from desk.rules.agenda import Part, Placed, lay_out
from reminders import waiting

MOST = 50
"""So many things a part shows; those due first come first, and others move up as they are done."""
TITLES: dict[Part, StrOrPromise] = {
    Part.LATE: _("Late"),
    Part.TOMORROW: _("By tomorrow"),
    Part.WEEK: _("This week"),
    Part.LATER: _("Later"),
    Part.OPEN: _("Without a date"),
}


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page with its heading; `more`: how many of its things the page leaves out."""

    part: Part
    title: StrOrPromise
    items: Sequence[Placed[waiting.Waiting]]
    more: int = 0

    @property
    def count(self) -> int:
        """How many things it holds, those that are left out too."""
        return len(self.items) + self.more


@dataclass(frozen=True, slots=True)
class Work:
    """Everything that waits for a person now, in sections."""

    sections: Sequence[Section]

    @property
    def count(self) -> int:
        """How many things wait."""
        return sum(section.count for section in self.sections)

    @property
    def late(self) -> int:
        """How many of them are late."""
        return self._in(Part.LATE)

    @property
    def soon(self) -> int:
        """How many of them are due by tomorrow."""
        return self._in(Part.TOMORROW)

    def _in(self, part: Part) -> int:
        return sum(section.count for section in self.sections if section.part is part)


def work_of(person: User, now: datetime) -> Work:
    """Return what waits for the person; texts are in the language that is active, days in the active time zone."""
    things = [thing for _source, thing in waiting.waiting_for(person.pk, now)]
    zone = timezone.get_current_timezone()
    return Work(
        [
            Section(part, TITLES[part], items[:MOST], max(0, len(items) - MOST))
            for part, items in lay_out(things, now, zone).items()
        ]
    )
