"""Positions that members take while the board deliberates, before any ballot."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reviews.models import BoardReview, Stance
from reviews.permissions import reviewing
from reviews.permissions.reasons import require
from reviews.rules.ballot import Position
from reviews.rules.review_lifecycle import ReviewEvent, ReviewState
from reviews.selectors.positions import last_stance
from reviews.services.locking import review_to_change
from reviews.services.progress import move_review


@transaction.atomic
def take_position(*, actor: User, review_id: int, position: str, reason: str, now: datetime) -> Stance:
    """Say for, against or abstain on the present revision, with a reason; a change of mind is a new row."""
    review = review_to_change(actor, review_id, now)
    require(reviewing.why_not_take_position(actor, review, now))
    if position not in list(Position) or not reason.strip():
        raise Refused(_("Choose for, against or abstain, and give a reason."))
    unread = review.state == ReviewState.ASSIGNED
    last = last_stance(review, actor)
    if (
        not unread
        and last
        and (last.position, last.reason, last.revision_id)
        == (
            position,
            reason.strip(),
            review.revision_id,
        )
    ):
        return last
    if unread:
        move_review(review, ReviewEvent.READ, now)
    moved = [review] if unread else []
    return write_stance(review, actor, position, reason.strip(), now, verb="position.taken", moved=moved)


def write_stance(
    review: BoardReview,
    person: User,
    position: str,
    reason: str,
    now: datetime,
    *,
    verb: str,
    moved: Sequence[BoardReview] = (),
) -> Stance:
    """Add the row and its event, which tells of the reviews that `moved` by the same act."""
    stance = Stance.objects.create(
        review=review,
        revision=review.revision,
        person=person,
        position=Position(position).value,
        reason=reason,
        taken_at=now,
    )
    trail.record(
        verb, obj=stance, actor=person, now=now, reason=reason, also=moved,
        data={"board": review.board_id, "revision": review.revision.number},
        personal={"position": stance.position},  # each bundle has all leaves, also while positions are hidden
    )  # fmt: skip
    return stance
