"""Dates of a request until its decision: the check, boards' reviews, questions, ballots."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from reviews.models import Ballot, BoardReview, Question, ReviewRequest
from reviews.permissions.sight import TO_ROUTE
from reviews.rules.explaining import DateKind
from reviews.rules.lifecycle import RequestState
from reviews.selectors.dated_rows import REQUEST, Dated, Source


def _requests() -> "QuerySet[ReviewRequest]":
    return ReviewRequest.objects.select_related("version__model", "requester")


def _to_route(request: ReviewRequest) -> Dated:
    new = request.state == RequestState.SUBMITTED
    return Dated(
        DateKind.COMPLETENESS if new else DateKind.ROUTING, request, None, request, request.state_since,
        request.check_by, _("Check of completeness") if new else _("Routing"),
    )  # fmt: skip


def _review(row: BoardReview) -> Dated:
    return Dated(
        DateKind.REVIEW, row, row.board, row.request, row.opened_at, row.due_at,
        _("Review by {board}").format(board=row.board.name), runs=row.state != "closed", pauses=True,
    )  # fmt: skip


def _question(row: Question) -> Dated:
    label = _("Answer to question {number} of {board}").format(number=row.number, board=row.review.board.name)
    return Dated(
        DateKind.QUESTION,
        row,
        row.review.board,
        row.request,
        row.asked_at,
        row.due_at,
        label,
        runs=row.is_open,
    )


def _ballot(row: Ballot) -> Dated:
    label = _("Ballot {number} of {board}").format(number=row.number, board=row.review.board.name)
    return Dated(
        DateKind.BALLOT, row, row.review.board, row.request, row.opened_at, row.deadline, label,
        runs=row.state == "open", inside=True,
    )  # fmt: skip


TO_CHECK = Source(_requests, "pk", "", Q(state__in=TO_ROUTE), _to_route)
BEFORE: dict[DateKind, Source] = {
    DateKind.COMPLETENESS: TO_CHECK,
    DateKind.ROUTING: TO_CHECK,
    DateKind.REVIEW: Source(
        lambda: BoardReview.objects.select_related("board", *REQUEST), "request", "board", ~Q(state="closed"), _review
    ),
    DateKind.QUESTION: Source(
        lambda: Question.objects.select_related("review__board", *REQUEST), "request", "review__board",
        Q(answered_at__isnull=True, withdrawn_at__isnull=True), _question,
    ),
    DateKind.BALLOT: Source(
        lambda: Ballot.objects.select_related("review__board", *REQUEST).defer("policy", "opening", "closing"),
        "request", "review__board", Q(state="open"), _ballot,
    ),
}  # fmt: skip
