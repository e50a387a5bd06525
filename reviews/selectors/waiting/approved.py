"""What goes on about approvals, as rows: open continuing reviews, and incidents to report."""

from collections.abc import Callable, Collection
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from reviews.models import BoardReview, ContinuingReview, Contributor, IncidentReport
from reviews.rules.incidents import IncidentState

Within = Callable[[str], Q]
"""The condition that the request at the end of a path is one of those that are asked about."""


def open_continuing(people: Collection[int] | None, led: Collection[int], within: Within) -> list[Any]:
    """Return the open continuing reviews, each with its leading board as `board_id`.

    With `people`, those on which they report and those of the boards that they lead.
    """
    leading = BoardReview.objects.filter(request=OuterRef("decision__request"), leading=True)
    rows = ContinuingReview.objects.exclude(state="closed").filter(within("decision__request"))
    rows = rows.annotate(board_id=Subquery(leading.values("board")[:1]))
    if people is not None:
        parts = Contributor.objects.filter(person__in=people).values("request_id")
        asking = Q(decision__request__requester__in=people) | Q(decision__request__in=parts)
        rows = rows.filter(asking | Q(board_id__in=led))
    related = ("decision__request__version__model", "decision__request__requester")
    return list(rows.select_related(*related).order_by("due_at", "id"))


def open_incidents(within: Within) -> list[IncidentReport]:
    """Return the incidents that wait for their class, their first or their complete report."""
    rows = IncidentReport.objects.exclude(state__in=[IncidentState.COMPLETE, IncidentState.CLOSED])
    related = ("incident__version__model", "project", "request")
    return list(rows.filter(within("request")).select_related(*related).order_by("due_at", "id"))
