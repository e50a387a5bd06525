"""How the date of what waits came about: where a page shows it, and the same as a paragraph for a mail."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TypedDict

from django.http import Http404

from reviews.models import ReviewRequest
from reviews.rules.explaining import DateKind
from reviews.selectors.addresses import why_address
from reviews.selectors.dated import Dated, find
from reviews.selectors.explained import explain
from reviews.selectors.explanation_words import as_text


class Why(TypedDict):
    """The fields of a thing that waits which say how its date came about."""

    why: str
    explain: Callable[[], str]


def why_of(kind: DateKind, request: ReviewRequest, key: int, now: datetime) -> Why:
    """Return them for a date of the request; `key` is the id of the thing that is due."""
    return {
        "why": why_address(request.reference, kind.value, key),
        "explain": partial(paragraph, kind, request, key, now),
    }


def told(dated: Dated, now: datetime) -> Callable[[], str]:
    """Return what tells how a date came about that belongs to no request, as a paragraph for a mail."""
    return partial(_told, dated, now)


def _told(dated: Dated, now: datetime) -> str:
    return as_text(explain(dated, now), dated.board.name if dated.board else "")


def paragraph(kind: DateKind, request: ReviewRequest, key: int, now: datetime) -> str:
    """Return how the date came about, in the language and time zone that are active; "" when the thing is gone."""
    try:
        dated = find(kind.value, request, key)
    except Http404:
        return ""
    return as_text(explain(dated, now), dated.board.name if dated.board else "")
