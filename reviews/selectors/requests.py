"""The list of requests: filters from the address, pages newest first, how many there are at least."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from accounts.models import User
from audit.selectors import Cursor
from registry.models import ModelVersion
from reviews.models import BoardReview, ReviewRequest
from reviews.permissions.containers import Containers, containers_of
from reviews.permissions.sight import submitted_or_own
from reviews.permissions.windows import Asked, Window, windows
from reviews.rules.lifecycle import RequestState
from reviews.rules.reference import parse_reference
from reviews.selectors.hits import Hits, Key

Reading = Callable[["QuerySet[Any, Any]"], Iterable[Key]]
OPEN_MUST_FIX = Q(comments__finding="must_fix", comments__settled_at__isnull=True)
SIZE = 50
MOST = 10_001
FEW = 1_000
"""When a filter fits no more requests than that, of everybody's, they are looked up first."""
GROUPS: dict[str, tuple[str, ...]] = {
    "open": tuple(s.value for s in (RequestState.DRAFT, RequestState.SUBMITTED, RequestState.TRIAGE,
                                    RequestState.IN_REVIEW, RequestState.DECIDED)),
    "waiting": (RequestState.SUBMITTED.value, RequestState.TRIAGE.value),
    "decided": tuple(s.value for s in (RequestState.APPROVED, RequestState.RELEASED, RequestState.SUSPENDED,
                                       RequestState.REJECTED, RequestState.EXPIRED, RequestState.SUPERSEDED)),
}  # fmt: skip
"""Names of several states together, as the address may say: ?state=open."""


@dataclass(frozen=True, slots=True)
class RequestPage:
    """Requests newest first; a `count` of MOST means that or more."""

    requests: list[ReviewRequest]
    newer: Cursor | None
    older: Cursor | None
    count: int

    @property
    def is_cut(self) -> bool:
        """Say whether there are more than were counted."""
        return self.count == MOST


def requests_page(
    user: User,
    now: datetime,
    asked: Asked,
    text: str = "",
    reached: Containers | None = None,
    *,
    size: int = SIZE,
    counts: bool = True,
) -> RequestPage:
    """Return the page of requests that the person may see and that fit; five queries besides the person's seats.

    Without `counts` the count is that of the page.
    """
    asked = with_text(asked, text, now.year)
    reached = reached or containers_of(user, now)
    look = _Look(user, now, asked, reached, size)
    keys = look.keys()
    shown = keys[:size] if not asked.after else keys[:size][::-1]
    more = len(keys) > size
    ends = [Cursor(*key) for key in (shown[:1] + shown[-1:])]
    newer = ends[0] if ends and (asked.before or (asked.after and more)) else None
    older = ends[-1] if ends and (more or asked.after) else None
    count = len(shown)
    if counts and (newer or older):
        count = look.count()
    return RequestPage(_rows([key for _at, key in shown]), newer, older, count)


def with_text(asked: Asked, text: str, year: int) -> Asked:
    """Return the filter with what is looked for: a number, a model or a requester; two queries when there is any."""
    words = text.strip()
    if not words:
        return asked
    versions = ModelVersion.objects.filter(model__name__icontains=words)
    name, _blank, number = words.rpartition(" ")
    if name:
        versions |= ModelVersion.objects.filter(model__name__iexact=name, number=number)
    people = User.objects.filter(display_name__icontains=words)
    return replace(
        asked,
        versions=tuple(versions.order_by("-id").values_list("pk", flat=True)[:500]),
        people=tuple(people.order_by("id").values_list("pk", flat=True)[:100]),
        reference=parse_reference(words, year) or "",
    )


def newest_keys(parts: Sequence[Window], asked: Asked, size: int, read: Reading = list) -> list[Key]:
    """Return time and id of the rows of a page of `size` and one more, sorted; one query, which `read` runs."""
    found = set(read(_union([part.newest(asked, size + 1) for part in parts])))
    return sorted(found, reverse=not asked.after)[: size + 1]


@dataclass
class _Look:
    """What a person sees of the list through a filter."""

    user: User
    now: datetime
    asked: Asked
    reached: Containers
    size: int

    def keys(self) -> list[Key]:
        """Return the keys of the page and one more; one query, and one to see whether few fit."""
        parts = windows(self.user, self.now, self.asked, self.reached)
        if (hits := self.few) is None:
            return newest_keys(parts, self.asked, self.size)
        place = Asked(before=self.asked.before, after=self.asked.after)
        return newest_keys(hits.narrowed(parts), place, self.size, hits.keys)

    def count(self) -> int:
        """Return how many fit, MOST at the most; one query."""
        parts = windows(self.user, self.now, self.asked, self.reached, counting=True)
        if (hits := self.few) is None:
            return min(MOST, _union([part.some(self.asked, MOST) for part in parts]).count())
        return hits.count(_union([part.some(Asked(), MOST) for part in hits.narrowed(parts)]))

    @cached_property
    def few(self) -> Hits | None:
        """Return what the filter finds, whoever may see it, unless that is much or nothing is filtered."""
        condition = self.asked.condition()
        if not condition:
            return None
        rows = ReviewRequest.objects.filter(condition, submitted_or_own(self.user))
        hits = Hits(rows.order_by().values_list("pk"), FEW)
        return hits if hits.are_few else None


def _union(parts: "Sequence[QuerySet[Any, Any]]") -> "QuerySet[Any, Any]":
    """Return the rows of all parts, each once."""
    if not parts:
        return ReviewRequest.objects.none().values_list("created_at", "pk")
    return parts[0].union(*parts[1:]) if len(parts) > 1 else parts[0]


def _rows(keys: Sequence[int]) -> list[ReviewRequest]:
    """Return the requests with what a line of the list shows; two queries."""
    reviews = BoardReview.objects.select_related("board").order_by("-round", "-leading", "id")
    rows = (
        ReviewRequest.objects.filter(pk__in=keys)
        .select_related("version__model", "requester")
        .prefetch_related(Prefetch("board_reviews", reviews))
        .annotate(must_fix=Count("comments", filter=OPEN_MUST_FIX))
    )
    return sorted(rows, key=lambda request: (request.created_at, request.pk), reverse=True)
