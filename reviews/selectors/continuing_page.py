"""The page of a continuing review: until when, what was reported, what the board made of it, and what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404

from accounts.models import User
from reviews.models import (
    Ballot,
    BoardReview,
    Condition,
    ContinuingReport,
    ContinuingReview,
    IncidentReport,
    ReviewRequest,
)
from reviews.permissions.continuing import why_not_report, why_not_return
from reviews.permissions.sight import why_not_read_decisions, why_not_see_deliberation


@dataclass(frozen=True, slots=True)
class ContinuingPage:
    """One continuing review with those of the same approval beside it. `latest`: the report that stands, or None.

    `conditions` and `incidents` are what the requester has to write about and the board to look at.
    """

    review: ContinuingReview
    others: tuple[ContinuingReview, ...]
    reports: tuple[ContinuingReport, ...]
    latest: ContinuingReport | None
    ballots: tuple[Ballot, ...]
    board_review: BoardReview
    conditions: tuple[Condition, ...]
    incidents: tuple[IncidentReport, ...]
    sees_boards: bool
    is_late: bool
    why_not_report: str | None
    why_not_return: str | None


def continuing_page(actor: User, request: ReviewRequest, number: int, now: datetime) -> ContinuingPage:
    """Return the page of the last approval's continuing review of this number, or raise Http404."""
    rows = ContinuingReview.objects.filter(decision__request=request).select_related("decision", "ballot")
    reviews = list(rows.order_by("-decision", "number"))
    review = next((row for row in reviews if row.number == number), None)
    if review is None:
        raise Http404
    review.decision.request = request
    reports = list(review.reports.select_related("reported_by", "returned_by"))
    latest = next((report for report in reports if report.returned_at is None), None)
    if latest is not None:
        latest.review = review
    sees = why_not_see_deliberation(actor, request, now) is None
    reads = why_not_read_decisions(actor, request, now) is None
    ballots = Ballot.objects.filter(motion__report__review=review).order_by("id")
    leading = next(row for row in request.board_reviews.all() if row.leading)
    return ContinuingPage(
        review=review,
        others=_others(reviews, review),
        reports=tuple(reports),
        latest=latest,
        ballots=tuple(row for row in ballots if sees or (reads and row.result == "passed")),
        board_review=leading,
        conditions=tuple(
            Condition.objects.filter(decision=review.decision_id).select_related("owner").order_by("number")
        ),
        incidents=tuple(IncidentReport.objects.filter(request=request).select_related("incident")),
        sees_boards=sees,
        is_late=review.state != "closed" and now >= review.due_at,
        why_not_report=why_not_report(actor, review, now),
        why_not_return=why_not_return(actor, latest, now) if latest else None,
    )


def _others(reviews: Sequence[ContinuingReview], review: ContinuingReview) -> tuple[ContinuingReview, ...]:
    return tuple(row for row in reviews if row.decision_id == review.decision_id and row.pk != review.pk)
