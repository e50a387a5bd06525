"""Running dates that the calendar of today would put elsewhere: shown, never moved by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import ngettext

from accounts.models import User
from reviews.models import Board, ReviewRequest
from reviews.permissions.containers import Containers
from reviews.permissions.sight import visible_to
from reviews.rules.explaining import DateKind, Explanation
from reviews.selectors.dated import Dated, running_of
from reviews.selectors.explained import changed
from reviews.selectors.explanation_words import Words, in_words

COUNTED = (
    DateKind.REVIEW,
    DateKind.QUESTION,
    DateKind.BALLOT,
    DateKind.VERIFICATION,
    DateKind.SIGNATURE,
    DateKind.RATIFICATION,
)
"""Kinds whose dates follow from a term on a board's calendar."""


@dataclass(frozen=True, slots=True)
class ChangedDate:
    """A running date with what it would become."""

    dated: Dated
    found: Explanation
    words: Words


def changed_of(
    boards: Sequence[Board], now: datetime, requests: "QuerySet[ReviewRequest] | None" = None
) -> list[tuple[Dated, Explanation]]:
    """Return the running dates of these boards that would be others, over all requests or over these."""
    return changed(list(running_of(boards, COUNTED, requests)), now)


def changed_for(user: User, board: Board, reached: Containers, now: datetime) -> list[ChangedDate]:
    """Return them as a page shows them to who leads the board: those of requests that they may see.

    Whether they have to keep out of one of them is for the act to say; asking it here would cost as much as there is.
    """
    found = changed_of([board], now, visible_to(user, now, reached))
    return [
        ChangedDate(dated, explanation, in_words(explanation, board.name)) for dated, explanation in found
    ]


def waiting_sentence(board: Board | None, now: datetime) -> str:
    """Return how many running dates would be others now, and who has them counted again; "" for none."""
    boards = [board] if board else list(Board.objects.filter(closed_at__isnull=True))
    dates = len(changed_of(boards, now))
    if not dates:
        return ""
    return ngettext(
        "{count} running date would be another one now. It stays until chair or secretary have it counted again.",
        "{count} running dates would be others now. They stay until chair or secretary have them counted again.",
        dates,
    ).format(count=dates)
