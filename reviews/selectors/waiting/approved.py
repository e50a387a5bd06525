"""What goes on about approvals, as rows: open continuing reviews, and incidents to report."""

from collections.abc import Callable

from django.db.models import Q, QuerySet

from reviews.models import ContinuingReview, IncidentReport
from reviews.rules.incidents import IncidentState

Within = Callable[[str], Q]
"""The condition that the request at the end of a path is one of those that are asked about."""


def open_continuing() -> "QuerySet[ContinuingReview, int]":
    """Return the requests whose approval has an open continuing review."""
    return (
        ContinuingReview.objects.exclude(state="closed")
        .order_by()
        .values_list("decision__request", flat=True)
    )


def open_incidents(within: Within) -> list[IncidentReport]:
    """Return the incidents that wait for their class, their first or their complete report."""
    rows = IncidentReport.objects.exclude(state__in=[IncidentState.COMPLETE, IncidentState.CLOSED])
    related = ("incident__version__model", "project", "request")
    return list(rows.filter(within("request")).select_related(*related).order_by("due_at", "id"))
