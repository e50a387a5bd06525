"""What goes on about approvals, as rows: conditions, open continuing reviews, incidents to report."""

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet

from reviews.models import Condition, ContinuingReview, IncidentReport
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


def conditions_in_force(wanted: Q) -> list[Any]:
    """Return these conditions as far as they are in force, each with the report that waits to be verified."""
    request = "decision__request"
    related = ("owner", "review__board", f"{request}__version__model", f"{request}__requester")
    return list(
        Condition.objects.filter(wanted, decision__status="in_force")
        .select_related(*related)
        .alias(report=FilteredRelation("reports", condition=Q(reports__accepted__isnull=True)))
        .annotate(
            report_id=F("report__id"), reported_at=F("report__reported_at"), verify_by=F("report__verify_by")
        )
        .order_by("due_at", "id")
    )


def with_incidents(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Add to requests whether an incident about them waits (`has_incidents`)."""
    annotated: QuerySet[Any] = rows.annotate(
        has_incidents=Exists(_open_incidents().filter(request=OuterRef("pk")))
    )
    return annotated


def _open_incidents() -> "QuerySet[IncidentReport]":
    return IncidentReport.objects.exclude(state__in=[IncidentState.COMPLETE, IncidentState.CLOSED])


def open_incidents(within: Within) -> list[IncidentReport]:
    """Return the incidents that wait for their class, their first or their complete report."""
    rows = _open_incidents()
    related = ("incident__version__model", "project", "request")
    return list(rows.filter(within("request")).select_related(*related).order_by("due_at", "id"))
