"""Engagements and their records, as pages show them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from accounts.models import User
from audit.models import Event
from audit.selectors import Cursor, Filter, Page, events, page
from oversight.models import Engagement, EngagementGrant
from oversight.permissions import Sight, visible_engagements
from records.models import Record

SIZE = 50


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a long list, newest first; `older` is the id to go on after, or None."""

    rows: list[Record]
    older: int | None


def engagements_with_auditors(user: User, now: datetime) -> QuerySet[Engagement]:
    """Return the engagements that the person may see, newest first, with what the list shows of them."""
    grants = EngagementGrant.objects.select_related("user").order_by("user__display_name")
    return (
        visible_engagements(user, now)
        .prefetch_related(Prefetch("grants", grants), "projects", "boards")
        .order_by("-starts_at", "-id")
    )


def events_under(engagement: Engagement) -> QuerySet[Event]:
    """Return what was done under the engagement: looked at, taken away, drawn, noted; in no order."""
    return events(Filter(root=(Engagement._meta.label_lower, str(engagement.pk))))


def done_under(engagement: Engagement, *, before: str, after: str) -> Page:
    """Return a page of what was done under the engagement; the cursors are those of an address."""
    found = events_under(engagement)
    return page(found, before=Cursor.parse(before), after=Cursor.parse(after), size=SIZE)


def records_in_sight(sight: Sight, *, before: int | None = None) -> Part:
    """Return the records that an engagement lets see, newest first."""
    found = sight.records()
    last = Record.objects.filter(pk=before).first() if before else None
    if last is not None:
        found = found.filter(Q(frozen_at__lt=last.frozen_at) | Q(frozen_at=last.frozen_at, pk__lt=last.pk))
    some = list(found.defer("context", "signatures").order_by("-frozen_at", "-id")[: SIZE + 1])
    return Part(some[:SIZE], some[SIZE - 1].pk if len(some) > SIZE else None)
