"""Notes that somebody looked at a revision, for their own "since you looked"; no act, so no event."""

from datetime import datetime, timedelta

from accounts.models import User
from reviews.models import Look, ReviewRequest, Revision
from reviews.selectors.looks import REVISABLE

AGAIN = timedelta(minutes=5)
"""A look so soon after the last one is the same look, and nothing is written."""


def note_look(*, actor: User, request: ReviewRequest, revision: Revision | None, now: datetime) -> None:
    """Note the look while a further revision may come; None: there is nothing to look at yet.

    `revision` was read by `selectors.looks.with_looks`, so that most looks write nothing. What is written is one
    statement: two windows of one person that open at once leave one row.
    """
    if revision is None or request.state not in REVISABLE:
        return
    last = getattr(revision, "look_last", None)
    if last is not None and now - last < AGAIN:
        return
    Look.objects.bulk_create(
        [Look(person=actor, revision=revision, first_at=now, last_at=now)],
        update_conflicts=True,
        unique_fields=["person", "revision"],
        update_fields=["last_at"],
    )
