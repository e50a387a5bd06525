"""Running dates that the calendar of today would put elsewhere: shown, never moved by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import ngettext

from accounts.models import User
from reviews.models import Board
from reviews.permissions.calendars import why_not_recount
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
    """A running date with what it would become; `why_not`: why the reader may not have it counted again."""

    dated: Dated
    found: Explanation
    words: Words
    why_not: str | None


def changed_of(boards: Sequence[Board], now: datetime) -> list[tuple[Dated, Explanation]]:
    """Return the running dates of these boards that would be others, over all requests."""
    return changed(list(running_of([board.pk for board in boards], COUNTED)), now)


def changed_for(user: User, board: Board, now: datetime) -> list[ChangedDate]:
    """Return them as a page shows them to somebody: those of requests that they may see."""
    seen = set(visible_to(user, now).filter(board_reviews__board=board).values_list("pk", flat=True))
    return [
        ChangedDate(
            dated, found, in_words(found, board.name), why_not_recount(user, dated.request, dated.board, now)
        )
        for dated, found in changed_of([board], now)
        if dated.request is not None and dated.request.pk in seen
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
