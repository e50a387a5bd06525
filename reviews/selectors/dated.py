"""Every date of a request that is due to somebody, alike: what it is of, from when it runs, whose calendar counts."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from reviews.models import (
    Ballot,
    Board,
    BoardReview,
    Condition,
    ConditionReport,
    Decision,
    Question,
    ReviewRequest,
    Suspension,
)
from reviews.permissions.sight import TO_ROUTE
from reviews.rules.explaining import DateKind
from reviews.rules.lifecycle import RequestState


@dataclass(frozen=True, slots=True)
class Dated:
    """A thing with its date. `due` None: it isn't kept with the thing, it follows from the term.

    `pauses`: open questions move it; `inside`: only who may see what boards say among themselves knows of it;
    `runs`: somebody still has to keep it.
    """

    kind: DateKind
    thing: Model
    board: Board | None
    request: ReviewRequest
    start: datetime
    due: datetime | None
    label: str
    runs: bool = True
    pauses: bool = False
    inside: bool = False

    @property
    def key(self) -> tuple[str, int]:
        """Return what tells the thing from others: its type and id."""
        return self.thing._meta.label_lower, int(self.thing.pk)


@dataclass(frozen=True, slots=True)
class Source:
    """Where the dates of one kind come from: the rows, how they hang on a request and on a board, which of them run."""

    rows: Callable[[], "QuerySet[Any]"]
    to_request: str
    to_board: str
    running: Q
    told: Callable[[Any], Dated]


SOURCES: dict[DateKind, Source] = {}


def register(kind: DateKind, source: Source) -> None:
    """Make the dates of a kind known."""
    SOURCES[kind] = source


def find(kind: str, request: ReviewRequest, key: int) -> Dated:
    """Return one date of the request; raises Http404."""
    source = SOURCES.get(DateKind(kind)) if kind in list(DateKind) else None
    row = source.rows().filter(**{source.to_request: request}, pk=key).first() if source else None
    if source is None or row is None:
        raise Http404
    return source.told(row)


def running_in(request: ReviewRequest, kinds: Iterable[DateKind] = ()) -> Iterator[Dated]:
    """Yield the dates of the request that still run; a query for each kind."""
    for kind in kinds or SOURCES:
        source = SOURCES[kind]
        for row in source.rows().filter(source.running, **{source.to_request: request}):
            yield source.told(row)


def running_of(boards: Iterable[int], kinds: Iterable[DateKind] = ()) -> Iterator[Dated]:
    """Yield the dates that still run by the calendars of these boards, over all requests; a query for each kind."""
    for kind in kinds or SOURCES:
        source = SOURCES[kind]
        if source.to_board:
            for row in source.rows().filter(source.running, **{f"{source.to_board}__in": list(boards)}):
                yield source.told(row)


_REQUEST = ("request__version__model", "request__requester")


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


def _condition(row: Condition) -> Dated:
    decision = row.decision
    return Dated(
        DateKind.CONDITION, row, row.review.board, decision.request, decision.decided_at, row.due_at,
        _("Condition C{number}").format(number=row.number),
        runs=row.state != "met" and decision.status == "in_force",
    )  # fmt: skip


def _verification(row: ConditionReport) -> Dated:
    condition = row.condition
    return Dated(
        DateKind.VERIFICATION, row, condition.review.board, condition.decision.request, row.reported_at, row.verify_by,
        _("Verification of condition C{number}").format(number=condition.number), runs=row.accepted is None,
    )  # fmt: skip


def leading_board(decision: Decision) -> Board | None:
    """Return the leading board of the request, from what was read with the decision."""
    return next((review.board for review in decision.request.board_reviews.all() if review.leading), None)


def _of_decision(
    kind: DateKind, label: Callable[[], str], due: Callable[[Decision], datetime | None], status: str
) -> Callable[[Decision], Dated]:
    def told(row: Decision) -> Dated:
        start = row.decided_at if kind != DateKind.EXPIRY else row.approved_at or row.decided_at
        return Dated(
            kind, row, leading_board(row), row.request, start, due(row), label(), runs=row.status == status
        )

    return told


def _ratification(row: Suspension) -> Dated:
    return Dated(
        DateKind.RATIFICATION, row, leading_board(row.decision), row.decision.request, row.suspended_at, row.ratify_by,
        _("Ratification of the suspension"), runs=row.ended_at is None and row.ratified_at is None,
    )  # fmt: skip


def _decisions() -> "QuerySet[Decision]":
    return Decision.objects.select_related(*_REQUEST).prefetch_related("request__board_reviews__board")


def _suspensions() -> "QuerySet[Suspension]":
    related = Suspension.objects.select_related(*(f"decision__{path}" for path in _REQUEST))
    return related.prefetch_related("decision__request__board_reviews__board")


_LEADS = "request__board_reviews__board"
_TABLE: Mapping[DateKind, Source] = {
    DateKind.COMPLETENESS: Source(_requests, "pk", "", Q(state__in=TO_ROUTE), _to_route),
    DateKind.REVIEW: Source(
        lambda: BoardReview.objects.select_related("board", *_REQUEST), "request", "board", ~Q(state="closed"), _review
    ),
    DateKind.QUESTION: Source(
        lambda: Question.objects.select_related("review__board", *_REQUEST), "request", "review__board",
        Q(answered_at__isnull=True, withdrawn_at__isnull=True), _question,
    ),
    DateKind.BALLOT: Source(
        lambda: Ballot.objects.select_related("review__board", *_REQUEST).defer("policy", "opening", "closing"),
        "request", "review__board", Q(state="open"), _ballot,
    ),
    DateKind.CONDITION: Source(
        lambda: Condition.objects.select_related("review__board", *(f"decision__{path}" for path in _REQUEST)),
        "decision__request", "review__board", ~Q(state="met") & Q(decision__status="in_force"), _condition,
    ),
    DateKind.VERIFICATION: Source(
        lambda: ConditionReport.objects.select_related(
            "condition__review__board", *(f"condition__decision__{path}" for path in _REQUEST)
        ),
        "condition__decision__request", "condition__review__board", Q(accepted__isnull=True), _verification,
    ),
    DateKind.SIGNATURE: Source(
        _decisions, "request", "", Q(status="to_sign"),
        _of_decision(DateKind.SIGNATURE, lambda: _("Signature"), lambda row: row.sign_by, "to_sign"),
    ),
    DateKind.RATIFICATION: Source(
        _suspensions, "decision__request", "", Q(ended_at__isnull=True, ratified_at__isnull=True), _ratification
    ),
    DateKind.EXPIRY: Source(
        _decisions, "request", "", Q(status="in_force"),
        _of_decision(DateKind.EXPIRY, lambda: _("End of the approval"), lambda row: row.expires_at, "in_force"),
    ),
}  # fmt: skip
SOURCES.update(_TABLE)
SOURCES[DateKind.ROUTING] = SOURCES[DateKind.COMPLETENESS]
