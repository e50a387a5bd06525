"""Dates of a request from its decision on: signatures, conditions, suspensions, its end, appeals, what continues."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from reviews.models import Appeal, Board, Condition, ConditionReport, ContinuingReview, Decision, Suspension
from reviews.models.condition import SETTLED
from reviews.rules.explaining import DateKind
from reviews.selectors.calendar import end_of_day
from reviews.selectors.dated_rows import REQUEST, Dated, Source

LEADING = "_leading_board"
"""Where a decision keeps the board that leads its request, when that was read beforehand."""
_DECISION = tuple(f"decision__{path}" for path in REQUEST)


def _condition(row: Condition) -> Dated:
    decision = row.decision
    return Dated(
        DateKind.CONDITION, row, row.review.board, decision.request, decision.decided_at, row.due_at,
        _("Condition C{number}").format(number=row.number),
        runs=row.state not in SETTLED and decision.status == "in_force",
    )  # fmt: skip


def _verification(row: ConditionReport) -> Dated:
    condition = row.condition
    return Dated(
        DateKind.VERIFICATION, row, condition.review.board, condition.decision.request, row.reported_at, row.verify_by,
        _("Verification of condition C{number}").format(number=condition.number),
        runs=row.accepted is None and not condition.is_settled,
    )  # fmt: skip


def leading_board(decision: Decision) -> Board | None:
    """Return the leading board of the request, from what was read with the decision."""
    kept: Board | None = decision.__dict__.get(LEADING)
    if kept is not None:
        return kept
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


def _appeal_until(decision: Decision) -> datetime | None:
    """Return the end of the last day on which the decision can be appealed, where the leading board sits."""
    board = leading_board(decision)
    return end_of_day(decision.appeal_until, board) if decision.appeal_until and board else None


def _appeal(row: Appeal) -> Dated:
    return Dated(
        DateKind.APPEAL, row, leading_board(row.decision), row.request, row.filed_at, row.due_at,
        _("Decision on appeal {number}").format(number=row.number), runs=row.state in ("filed", "heard"),
    )  # fmt: skip


def _continuing(row: ContinuingReview) -> Dated:
    return Dated(
        DateKind.CONTINUING, row, leading_board(row.decision), row.decision.request,
        row.decision.approved_at or row.decision.decided_at, row.due_at,
        _("Continuing review {number}").format(number=row.number), runs=row.state != "closed",
    )  # fmt: skip


def _decisions() -> "QuerySet[Decision]":
    return Decision.objects.select_related(*REQUEST).prefetch_related("request__board_reviews__board")


def _suspensions() -> "QuerySet[Suspension]":
    related = Suspension.objects.select_related(*(f"decision__{path}" for path in REQUEST))
    return related.prefetch_related("decision__request__board_reviews__board")


AFTER: dict[DateKind, Source] = {
    DateKind.SIGNATURE: Source(
        _decisions, "request", "request__board_reviews__board",
        Q(status="to_sign", request__board_reviews__leading=True),
        _of_decision(DateKind.SIGNATURE, lambda: _("Signature"), lambda row: row.sign_by, "to_sign"),
        leading=True,
    ),
    DateKind.CONDITION: Source(
        lambda: Condition.objects.select_related("review__board", *_DECISION), "decision__request", "review__board",
        ~Q(state__in=SETTLED) & Q(decision__status="in_force"), _condition,
    ),
    DateKind.VERIFICATION: Source(
        lambda: ConditionReport.objects.select_related(
            "condition__review__board", *(f"condition__{path}" for path in _DECISION)
        ),
        "condition__decision__request", "condition__review__board",
        Q(accepted__isnull=True) & ~Q(condition__state__in=SETTLED), _verification,
    ),
    DateKind.RATIFICATION: Source(
        _suspensions, "decision__request", "decision__request__board_reviews__board",
        Q(ended_at__isnull=True, ratified_at__isnull=True, decision__request__board_reviews__leading=True),
        _ratification,
        leading=True,
    ),
    DateKind.EXPIRY: Source(
        _decisions, "request", "", Q(status="in_force"),
        _of_decision(DateKind.EXPIRY, lambda: _("End of the approval"), lambda row: row.expires_at, "in_force"),
    ),
    DateKind.APPEAL_UNTIL: Source(
        _decisions, "request", "", Q(pk__in=[]),  # a right and no work, so nothing runs
        _of_decision(DateKind.APPEAL_UNTIL, lambda: _("End of the time to appeal"), _appeal_until, ""),
    ),
    DateKind.APPEAL: Source(
        lambda: Appeal.objects.select_related(*REQUEST, "decision").prefetch_related(
            "decision__request__board_reviews__board"
        ),
        "request", "decision__request__board_reviews__board",
        Q(state__in=["filed", "heard"], decision__request__board_reviews__leading=True), _appeal,
    ),
    DateKind.CONTINUING: Source(
        lambda: ContinuingReview.objects.select_related(*_DECISION).prefetch_related(
            "decision__request__board_reviews__board"
        ),
        "decision__request", "", ~Q(state="closed"), _continuing,
    ),
}  # fmt: skip
