"""What happened in the scope of an engagement since an auditor's last visit, thing by thing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from audit.models import Event, Tree
from oversight import objects
from oversight.models import Visit
from oversight.permissions import Sight
from reviews.models import ReviewRequest
from reviews.selectors.addresses import request_address

PAGES = {
    "compliance.assessment": "compliance:assessment",
    "oversight.engagement": "oversight:engagement_history",
    "registry.aimodel": "registry:model",
    "registry.modelversion": "registry:version",
    "registry.project": "registry:project",
}
MOST = 50
"""So many things are listed; the log has all of them."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A thing with the number of events of its story, and when the last one was; `address` "" where it has no page."""

    name: str
    title: str
    amount: int
    last_at: datetime
    address: str
    filter: str


@dataclass(frozen=True, slots=True)
class News:
    """What changed since the visit: `things`, the last changed first; `amount` counts the events of all of them."""

    since: datetime
    amount: int
    things: list[Changed]

    @property
    def is_cut(self) -> bool:
        """Say whether there are more things than are listed."""
        return len(self.things) >= MOST


SIZE = Subquery(Tree.objects.filter(pk=1).values("size")[:1])
"""How many leaves the log's tree has; for reading it along with something else."""


def since_visit(sight: Sight, visit: Visit) -> News:
    """Return what changed since the visit, apart from what the visitor themself looked at.

    By the place in the log and not by time, because an event can be committed after later ones; what has no place yet
    counts by time, since the last hour of the visit.
    """
    found = sight.events().exclude(verb__startswith="engagement.", actor=str(visit.auditor.pseudonym))
    placed = found.filter(entry__leaf_index__gte=visit.position)
    waiting = found.filter(entry=None, occurred_at__gte=visit.last_at)
    stories = _joined(_stories(placed).union(_stories(waiting), all=True))
    listed = sorted(stories.items(), key=lambda story: story[1][1], reverse=True)
    amount = sum(counted for counted, _last in stories.values())
    return News(visit.last_at, amount, _told(listed[:MOST]))


def _stories(found: QuerySet[Event]) -> "QuerySet[Any, Any]":
    """Return kind, key, number of events and the last moment of each story."""
    by_story = found.order_by().values("root_type", "root_id")
    return by_story.annotate(amount=Count("pk"), last=Max("occurred_at"))


def _joined(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], tuple[int, datetime]]:
    joined: dict[tuple[str, str], tuple[int, datetime]] = {}
    for row in rows:
        key = row["root_type"], row["root_id"]
        amount, last = joined.get(key, (0, row["last"]))
        joined[key] = amount + row["amount"], max(last, row["last"])
    return joined


def _told(listed: list[tuple[tuple[str, str], tuple[int, datetime]]]) -> list[Changed]:
    keys = [key for (label, key), _counted in listed if label == objects.REQUEST and key.isdigit()]
    found = ReviewRequest.objects.filter(pk__in=keys).select_related("version__model")
    requests = {str(request.pk): request for request in found}
    told = []
    for (label, key), (amount, last) in listed:
        request = requests.get(key) if label == objects.REQUEST else None
        if request is not None:
            title, address = str(request.version), request_address(request.reference)
            told.append(Changed(request.reference, title, amount, last, address, request.reference))
        else:
            name = _("{kind} {id}").format(kind=objects.kind_of(label), id=key)
            address = reverse(PAGES[label], args=[int(key)]) if label in PAGES and key.isdigit() else ""
            told.append(Changed(name, "", amount, last, address, f"{label}:{key}"))
    return told
