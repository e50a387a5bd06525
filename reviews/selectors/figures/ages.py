"""Requests under way by state and age: where work lies still."""

from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reviews.models import ReviewRequest
from reviews.rules.figures import AGES, shade
from reviews.rules.lifecycle import RequestState
from reviews.selectors.figures.picture import Cell, Group, Period, Picture, Row
from reviews.selectors.words import REQUEST_STATES

UNDER_WAY = (
    RequestState.SUBMITTED, RequestState.TRIAGE, RequestState.IN_REVIEW, RequestState.DECIDED,
    RequestState.APPROVED, RequestState.SUSPENDED,
)  # fmt: skip


def ages(now: datetime, period: Period) -> Picture:  # noqa: ARG001 (all pictures are asked alike)
    """Return the counts of requests under way by state and by the days since they came into it."""
    edges = [now, *(now - timedelta(days=days) for days in AGES), None]
    steps = {
        f"step{place}": Count("pk", filter=_between(edges[place], edges[place + 1]))
        for place in range(len(edges) - 1)
    }
    under_way = ReviewRequest.objects.filter(state__in=UNDER_WAY).order_by().values("state").annotate(**steps)
    found = {state: list(counts) for state, *counts in under_way.values_list("state", *steps)}
    most = max((count for counts in found.values() for count in counts), default=0)
    rows = tuple(_row(state, found[state], most) for state in UNDER_WAY if state in found)
    old = sum(sum(counts[-2:]) for counts in found.values())
    return Picture(
        says=ngettext(
            "%(count)s request has lain in its state for more than 30 days.",
            "%(count)s requests have lain in their state for more than 30 days.", old,
        ) % {"count": old},
        note=gettext_lazy("Counted now, from the day on which a request came into its state. Drafts are left out."),
        columns=(gettext_lazy("State"), *_titles(), gettext_lazy("Together")),
        groups=(Group("", rows),),
    )  # fmt: skip


def _between(newest: datetime | None, oldest: datetime | None) -> Q:
    bounds = Q(state_since__lte=newest)
    return bounds & Q(state_since__gt=oldest) if oldest else bounds


def _row(state: RequestState, counts: list[int], most: int) -> Row:
    url = f"{reverse('reviews:requests')}?state={state.value}"
    cells = (*(Cell(str(count), shade(count, most)) for count in counts), Cell(str(sum(counts))))
    return Row(REQUEST_STATES[state].label, cells, url=url)


def _titles() -> list[str]:
    starts = [0, *(days + 1 for days in AGES[:-1])]
    titles = [
        _("%(first)s to %(last)s days") % {"first": first, "last": last}
        for first, last in zip(starts, AGES, strict=True)
    ]
    return [*titles, _("more than %(days)s days") % {"days": AGES[-1]}]
