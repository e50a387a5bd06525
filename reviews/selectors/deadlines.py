"""The dates of a request that somebody may move, and one of them by its kind and id."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from reviews.models import Ballot, BoardReview, Condition, Question, ReviewRequest
from reviews.models.condition import SETTLED
from reviews.permissions.deadlines import Dated, review_of, why_not_move_date
from reviews.permissions.sight import why_not_see_deliberation
from reviews.rules.deadlines import DeadlineKind
from reviews.selectors.reviews import current_reviews


@dataclass(frozen=True, slots=True)
class DateLine:
    """A date that may be moved by the person who asks, unless `why_not` says why not."""

    kind: DeadlineKind
    key: int
    label: str
    due: datetime
    why_not: str | None


def due_of(thing: Dated) -> datetime:
    """Return the moment until which it is due."""
    return thing.deadline if isinstance(thing, Ballot) else thing.due_at


def kind_of(thing: Dated) -> DeadlineKind:
    """Return whose date it is."""
    return {
        BoardReview: DeadlineKind.REVIEW, Question: DeadlineKind.QUESTION, Ballot: DeadlineKind.BALLOT,
        Condition: DeadlineKind.CONDITION,
    }[type(thing)]  # fmt: skip


def label_of(thing: Dated) -> str:
    """Return what the date is of, in words."""
    board = review_of(thing).board.name
    match thing:
        case BoardReview():
            return _("Review by {board}").format(board=board)
        case Question():
            return _("Answer to question {number} of {board}").format(number=thing.number, board=board)
        case Ballot():
            return _("Ballot {number} of {board}").format(number=thing.number, board=board)
    return _("Condition C{number}").format(number=thing.number)


def dated_things(request: ReviewRequest) -> list[Dated]:
    """Return everything of the request that has a date which is still open; four queries."""
    reviews = {review.pk: review for review in current_reviews(request).exclude(state="closed")}
    conditions = (
        rows_of(DeadlineKind.CONDITION, request)
        .exclude(state__in=SETTLED)
        .filter(decision__status="in_force")
    )
    found: list[Dated] = [
        *reviews.values(),
        *rows_of(DeadlineKind.QUESTION, request).filter(answered_at__isnull=True, withdrawn_at__isnull=True),
        *rows_of(DeadlineKind.BALLOT, request).filter(state="open"),
        *conditions,
    ]
    for thing in found:
        review_of(thing).request = request
    return found


def rows_of(kind: DeadlineKind, request: ReviewRequest) -> "QuerySet[Any]":
    """Return the rows of this kind in the request, with their boards."""
    match kind:
        case DeadlineKind.REVIEW:
            return BoardReview.objects.filter(request=request).select_related("board")
        case DeadlineKind.QUESTION:
            return Question.objects.filter(request=request).select_related("review__board")
        case DeadlineKind.BALLOT:
            ballots = Ballot.objects.filter(request=request).select_related("review__board")
            return ballots.defer("policy", "opening", "closing")
        case DeadlineKind.CONDITION:
            conditions = Condition.objects.filter(decision__request=request)
            return conditions.select_related("review__board", "decision", "owner", "verifier")


def dates_of(actor: User, request: ReviewRequest, now: datetime) -> Sequence[DateLine]:
    """Return the dates of the request as the person may know of them, what is due first first."""
    sees = why_not_see_deliberation(actor, request, now) is None
    lines = [
        DateLine(
            kind_of(thing), thing.pk, label_of(thing), due_of(thing), why_not_move_date(actor, thing, now)
        )
        for thing in dated_things(request)
        if sees or not isinstance(thing, Ballot)
    ]
    return sorted(lines, key=lambda line: (line.due, line.kind, line.key))
