"""Requests with their standing decision, and a suspension that waits for the board: read together, in one query."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery

from reviews.models import (
    Appeal,
    Board,
    BoardReview,
    Condition,
    ContinuingReview,
    ReviewRequest,
    Signature,
    Suspension,
)
from reviews.models.condition import SETTLED
from reviews.rules.appeals import OPEN
from reviews.rules.lifecycle import BEFORE_APPROVAL


@dataclass(frozen=True, slots=True)
class Approval:
    """A request with its standing decision. `signed_by` legal staff; `blocked`: a condition keeps it from release.

    `notices` are the days before its end on which its policy lets notices go out; `renewed`: a renewal is under way.
    """

    request: ReviewRequest
    decision_id: int
    status: str
    decided_at: datetime
    approved_at: datetime | None
    expires_at: datetime | None
    board: Board
    blocked: bool
    signed_by: int | None
    signed_at: datetime | None
    sign_by: datetime | None
    notices: tuple[int, ...] = ()
    renewed: bool = False


@dataclass(frozen=True, slots=True)
class ToRatify:
    """A suspension that the leading board has not ratified yet."""

    request: ReviewRequest
    id: int
    board: Board
    suspended_by: int | None
    since: datetime
    by: datetime


@dataclass(frozen=True, slots=True)
class OpenContinuing:
    """A continuing review that is open, with the board that leads; `pk` and the rest are of the continuing review."""

    request: ReviewRequest
    pk: int
    number: int
    state: str
    opened_at: datetime
    due_at: datetime
    board_id: int


def continuing_of(rows: Iterable[Any]) -> list[OpenContinuing]:
    """Return the open continuing reviews of the rows that `with_decision` made."""
    return [
        OpenContinuing(
            row, row.continuing_id, row.continuing_number, row.continuing_state, row.continuing_since,
            row.continuing_due, row.leading,
        )
        for row in rows
        if row.continuing_id and row.leading
    ]  # fmt: skip


def with_decision(rows: "QuerySet[ReviewRequest]") -> "QuerySet[Any]":
    """Add the standing decision, its signature by legal staff, what waits about it, and an open appeal."""
    legal = Signature.objects.filter(decision=OuterRef("standing__id"), role="legal")
    hold = Suspension.objects.filter(
        decision__request=OuterRef("pk"), ended_at__isnull=True, ratified_at__isnull=True
    )
    blocking = Condition.objects.filter(decision=OuterRef("standing__id"), blocks_release=True)
    leading = BoardReview.objects.filter(request=OuterRef("pk"), leading=True)
    appeal = Appeal.objects.filter(request=OuterRef("pk"), state__in=OPEN)
    full_review = ReviewRequest.objects.filter(
        amends=OuterRef("pk"), is_full_review=True, state__in=BEFORE_APPROVAL
    )
    renewal = ReviewRequest.objects.filter(renews=OuterRef("pk"), state__in=BEFORE_APPROVAL)
    continuing = ContinuingReview.objects.filter(decision__request=OuterRef("pk")).exclude(state="closed")
    standing = Q(decisions__status__in=["to_sign", "in_force"])
    return rows.annotate(
        standing=FilteredRelation("decisions", condition=standing),
        leading=Subquery(leading.values("board")[:1]),
        leading_en=Subquery(leading.values("board__name_en")[:1]),
        leading_zh=Subquery(leading.values("board__name_zh")[:1]),
        leading_zone=Subquery(leading.values("board__time_zone")[:1]),
        leading_country=Subquery(leading.values("board__country")[:1]),
        leading_part=Subquery(leading.values("board__subdivision")[:1]),
        decision_id=F("standing__id"),
        decision_status=F("standing__status"),
        decision_at=F("standing__decided_at"),
        decision_in_force=F("standing__approved_at"),
        decision_until=F("standing__expires_at"),
        decision_notices=F("standing__expiry_notices"),
        renewed=Exists(renewal),
        blocked=Exists(blocking.exclude(state__in=SETTLED)),
        legal_signer=Subquery(legal.values("signer")[:1]),
        legal_at=Subquery(legal.values("signed_at")[:1]),
        decision_sign_by=F("standing__sign_by"),
        decision_provisional=F("standing__provisional"),
        full_review=Subquery(full_review.values("reference")[:1]),
        has_experts=Exists(BoardReview.objects.filter(request=OuterRef("pk"), board__purpose="experts")),
        appeal_id=Subquery(appeal.values("id")[:1]),
        appeal_number=Subquery(appeal.values("number")[:1]),
        appeal_state=Subquery(appeal.values("state")[:1]),
        appeal_panel=Subquery(appeal.filter(suspension__isnull=False).values("panel")[:1]),
        appeal_since=Subquery(appeal.values("state_since")[:1]),
        appeal_due=Subquery(appeal.values("due_at")[:1]),
        continuing_id=Subquery(continuing.values("id")[:1]),
        continuing_number=Subquery(continuing.values("number")[:1]),
        continuing_state=Subquery(continuing.values("state")[:1]),
        continuing_since=Subquery(continuing.values("opened_at")[:1]),
        continuing_due=Subquery(continuing.values("due_at")[:1]),
        hold=Subquery(hold.values("id")[:1]),
        hold_by=Subquery(hold.values("suspended_by")[:1]),
        hold_since=Subquery(hold.values("suspended_at")[:1]),
        hold_until=Subquery(hold.values("ratify_by")[:1]),
    )


def leading_of(row: ReviewRequest) -> Board:
    """Return the leading board, as far as its name and its calendar go."""
    read = row.__dict__
    return Board(
        pk=read["leading"], name_en=read["leading_en"], name_zh=read["leading_zh"], time_zone=read["leading_zone"],
        country=read["leading_country"], subdivision=read["leading_part"],
    )  # fmt: skip
