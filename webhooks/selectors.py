"""Endpoints and their log as administrators see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber

from accounts.models import User
from webhooks.models import Attempt, Delivery, DeliveryState, Endpoint
from webhooks.permissions import endpoints_visible_to

STRIP = 24  # deliveries in the small picture
RECENT = timedelta(days=30)
PAGE = 25
RETRIED = "retried"  # on its way after attempts that failed
WIDTH, GAP = 6, 2  # of a delivery in the picture


@dataclass(frozen=True, slots=True)
class Bar:
    """A delivery in the small picture: where it stands, and how it went."""

    x: int
    state: str


@dataclass(frozen=True, slots=True)
class Line:
    """An endpoint in the list with its newest deliveries, the oldest of them first."""

    endpoint: Endpoint
    bars: list[Bar] = field(default_factory=list)

    def count(self, state: str) -> int:
        """Return how many of the shown deliveries are in this state."""
        return sum(bar.state == state for bar in self.bars)

    @property
    def delivered(self) -> int:
        """How many were delivered."""
        return self.count(DeliveryState.DELIVERED)

    @property
    def failed(self) -> int:
        """How many failed, or weren't sent."""
        return self.count(DeliveryState.FAILED) + self.count(DeliveryState.DROPPED)

    @property
    def pending(self) -> int:
        """How many are on their way."""
        return self.count(DeliveryState.PENDING) + self.count(RETRIED)

    @property
    def width(self) -> int:
        """Width of the picture."""
        return STRIP * (WIDTH + GAP) - GAP


def lines(actor: User, now: datetime) -> list[Line]:
    """Return the endpoints that the person sees, each with its newest deliveries of thirty days; two queries."""
    endpoints = list(endpoints_visible_to(actor))
    found: dict[int, list[str]] = {endpoint.pk: [] for endpoint in endpoints}
    place = Window(RowNumber(), partition_by=F("endpoint"), order_by=F("id").desc())
    newest = (
        Delivery.objects.filter(endpoint__in=found, made_at__gte=now - RECENT)
        .annotate(place=place)
        .filter(place__lte=STRIP)
        .order_by("-id")
        .values_list("endpoint_id", "state", "tries")
    )
    for endpoint_id, state, tries in newest:
        found[endpoint_id].append(RETRIED if state == DeliveryState.PENDING and tries else state)
    return [Line(endpoint, _bars(found[endpoint.pk][::-1])) for endpoint in endpoints]


def _bars(states: list[str]) -> list[Bar]:
    return [Bar(at * (WIDTH + GAP), state) for at, state in enumerate(states)]


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some deliveries of an endpoint, the newest first, and the id from which older ones follow (None: no more).

    Each row has what its last attempt said: `last_outcome`, `last_status`, `last_milliseconds`, its number `attempted`.
    """

    rows: Sequence[Delivery]
    older: int | None


def deliveries_of(endpoint: Endpoint, state: str) -> QuerySet[Delivery]:
    """Return the deliveries in this state (all for an unknown one), each with what its last attempt said."""
    rows = endpoint.deliveries.select_related("message")
    if state in DeliveryState.values:
        rows = rows.filter(state=state)
    last = Attempt.objects.filter(delivery=OuterRef("pk")).order_by("-number")
    return rows.annotate(
        last_outcome=Subquery(last.values("outcome")[:1]),
        last_status=Subquery(last.values("status")[:1]),
        last_milliseconds=Subquery(last.values("milliseconds")[:1]),
        attempted=Subquery(last.values("number")[:1]),
    )


def log_page(endpoint: Endpoint, state: str, before: int | None) -> LogPage:
    """Return the deliveries in this state (all for an unknown one) whose id is below `before`; one query."""
    rows = deliveries_of(endpoint, state).order_by("-id")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PAGE + 1])
    return LogPage(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)


def counts(endpoint: Endpoint) -> Mapping[str, int]:
    """Return how many deliveries there are in each state."""
    found = dict(endpoint.deliveries.order_by().values_list("state").annotate(Count("id")))
    return {state: found.get(state, 0) for state in DeliveryState.values}
