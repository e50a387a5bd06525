"""Every date of a request that is due to somebody, alike: what it is of, from when it runs, whose calendar counts."""

from collections.abc import Iterable, Iterator

from django.db.models import F, QuerySet
from django.http import Http404

from reviews.models import Board, ReviewRequest
from reviews.rules.explaining import DateKind
from reviews.selectors.dated_after import AFTER, LEADING
from reviews.selectors.dated_before import BEFORE
from reviews.selectors.dated_rows import Dated, Source

__all__ = ["SOURCES", "Dated", "Source", "find", "running_of"]

SOURCES: dict[DateKind, Source] = {**BEFORE, **AFTER}
"""Where the dates of each kind come from; those of meetings, disclosures and incidents belong to no request."""


def find(kind: str, request: ReviewRequest, key: int) -> Dated:
    """Return one date of the request; raises Http404."""
    source = SOURCES.get(DateKind(kind)) if kind in list(DateKind) else None
    # Apart, because a date of the request itself is found by its key, too.
    row = source.rows().filter(**{source.to_request: request.pk}).filter(pk=key).first() if source else None
    if source is None or row is None:
        raise Http404
    return source.told(row)


def running_of(
    boards: Iterable[Board], kinds: Iterable[DateKind] = (), requests: "QuerySet[ReviewRequest] | None" = None
) -> Iterator[Dated]:
    """Yield the dates that still run by the calendars of these boards, over all requests; a query for each kind."""
    known = {board.pk: board for board in boards}
    for kind in kinds or SOURCES:
        source = SOURCES[kind]
        if not source.to_board:
            continue
        rows = source.rows().filter(source.running, **{f"{source.to_board}__in": list(known)})
        if requests is not None:
            rows = rows.filter(**{f"{source.to_request}__in": requests})
        if source.leading:
            rows = rows.prefetch_related(None).annotate(leading_id=F(source.to_board))
        for row in rows:
            if source.leading:
                getattr(row, "decision", row).__dict__[LEADING] = known[row.leading_id]
            yield source.told(row)
