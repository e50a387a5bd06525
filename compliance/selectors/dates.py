"""Checks that are planned, for the calendar of who will fill them in or review them."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from compliance.models import Occurrence
from reminders.dates import Dated

MOST = 200


def planned_checks(person: User, now: datetime) -> Iterator[Dated]:
    """Yield the next planned checks of the person's schedules, by the moment on which they are due."""
    theirs = Q(schedule__owner=person) | Q(schedule__reviewer=person)
    rows = Occurrence.objects.filter(theirs, scheduled_for__gt=now, assessment__isnull=True)
    for row in rows.select_related("schedule")[:MOST]:
        owns = row.schedule.owner_id == person.pk
        yield Dated(
            key=f"compliance.occurrence/{row.pk}", at=row.due, title=row.schedule.title,
            text=_("Planned: you fill it in.") if owns else _("Planned: you review it."),
            url=reverse("compliance:schedule", args=[row.schedule_id]),
        )  # fmt: skip
