"""What changed since the reader last looked: their own looks only, nobody reads those of others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, QuerySet, Subquery

from accounts.models import User
from reviews.models import Look, ReviewRequest, Revision
from reviews.rules.lifecycle import RequestState
from reviews.selectors.revisions import changed_between

REVISABLE = (RequestState.DRAFT, RequestState.SUBMITTED, RequestState.TRIAGE, RequestState.IN_REVIEW)
"""States in which a further revision may come; in others nobody needs to know what changed since they looked."""
FRESH = timedelta(hours=12)
"""So long after the first look at a revision its page still says what changed since the look before."""


@dataclass(frozen=True, slots=True)
class Looked:
    """The last look at an earlier revision, and how many answers changed since."""

    number: int
    at: datetime
    changed: int


def with_looks(revisions: "QuerySet[Revision]", reader: User) -> "QuerySet[Revision]":
    """Annotate each revision with the reader's looks, in the same query.

    `look_first` and `look_last` at itself, `looked_number` and `looked_at` the last one at a revision before it.
    """
    own = Look.objects.filter(person=reader, revision=OuterRef("pk"))
    earlier = Look.objects.filter(
        person=reader, revision__request=OuterRef("request"), revision__number__lt=OuterRef("number")
    ).order_by("-revision__number")
    return revisions.annotate(
        look_first=Subquery(own.values("first_at")[:1]),
        look_last=Subquery(own.values("last_at")[:1]),
        looked_number=Subquery(earlier.values("revision__number")[:1]),
        looked_at=Subquery(earlier.values("last_at")[:1]),
    )


def looked_before(request: ReviewRequest, revisions: Sequence[Revision], now: datetime) -> Looked | None:
    """Return the look before the one at the last revision, while that one is fresh.

    `revisions` are annotated, the newest first; the one that was looked at is read if it is not among them.
    """
    if not revisions or request.state not in REVISABLE:
        return None
    last = revisions[0]
    number, at = getattr(last, "looked_number", None), getattr(last, "looked_at", None)
    reading_since = getattr(last, "look_first", None)
    if number is None or at is None or (reading_since is not None and now - reading_since > FRESH):
        return None
    known = {revision.number: revision for revision in revisions}
    before = known.get(number) or Revision.objects.get(request=last.request_id, number=number)
    return Looked(number, at, len(changed_between(before, last)))


def last_looked_number(request_id: int, reader: User) -> int | None:
    """Return the number of the newest revision but the last one that the reader looked at."""
    revisions = Revision.objects.filter(request=request_id).defer("content")
    last = with_looks(revisions, reader).order_by("-number").first()
    found: int | None = getattr(last, "looked_number", None)
    return found
