"""What a new revision means for boards that are reviewing: they go on with it, and older positions become stale.

A stance or a block is stale when it is about an older revision than the review's; its holder affirms it anew. A board
that had passed a motion to approve judges the new revision too.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reviews.models import Ballot, Block, BoardReview, Motion, Question, ReviewRequest, Revision, Stance
from reviews.permissions import balloting, reviewing
from reviews.permissions.reasons import require
from reviews.rules.review_lifecycle import ReviewEvent, ReviewState
from reviews.selectors.positions import last_stance
from reviews.selectors.reviews import current_reviews
from reviews.services.blocks import block_to_change
from reviews.services.clock import set_clock
from reviews.services.locking import review_to_change
from reviews.services.positions import write_stance
from reviews.services.progress import move_review, withdraw


def on_new_revision(
    request: ReviewRequest, revision: Revision, now: datetime
) -> "list[Motion | BoardReview]":
    """Give the new revision to the boards of the present round; for the service that froze it, in its transaction.

    Raises Refused while a ballot is open or held: people vote on what they have read. Motions on which no ballot has
    opened are withdrawn, because they are about the older revision; they are returned for the event of the act, and
    so are the boards' reviews.
    """
    if Ballot.objects.filter(review__request=request).exclude(state="closed").exists():
        raise Refused(
            _("A ballot on the present revision is open. Submit the new revision when it has closed.")
        )
    reviews = list(current_reviews(request))
    for review in reviews:
        _revise(review, revision, now)
    pending = Motion.objects.filter(review__request=request, ballot__isnull=True, withdrawn_at__isnull=True)
    withdrawn = withdraw(pending.exclude(revision=revision), now)
    set_clock(request, now)
    return [*withdrawn, *reviews]


def _revise(review: BoardReview, revision: Revision, now: datetime) -> None:
    review.revision = revision
    asking = Question.objects.filter(
        review=review, answered_at__isnull=True, withdrawn_at__isnull=True
    ).exists()
    if review.state == ReviewState.CLOSED:
        review.passed, review.closed_at, review.note = "", None, ""
        move_review(review, ReviewEvent.REASSIGN, now)
        trail.record(
            "review.assigned", obj=review, actor=None, now=now,
            data={"board": review.board_id, "round": review.round, "revision": revision.number},
        )  # fmt: skip
    elif review.state == ReviewState.ASSIGNED or asking:
        review.save(update_fields=["revision"])
    else:
        review.return_on = None
        move_review(review, ReviewEvent.REVISE, now)


@transaction.atomic
def affirm_position(*, actor: User, review_id: int, now: datetime) -> Stance:
    """Affirm one's stale position for the present revision."""
    review = review_to_change(actor, review_id, now)
    require(reviewing.why_not_take_position(actor, review, now))
    last = last_stance(review, actor)
    if last is None:
        raise Refused(_("You have taken no position that could be affirmed."))
    if last.revision_id == review.revision_id:
        return last
    return write_stance(review, actor, last.position, last.reason, now, verb="position.affirmed")


@transaction.atomic
def affirm_block(*, actor: User, block_id: int, now: datetime) -> Block:
    """Affirm one's blocking position for the present revision."""
    block = block_to_change(actor, block_id, now)
    require(balloting.why_not_clear(actor, block, now))
    block.affirmed_on = block.review.revision
    block.save(update_fields=["affirmed_on"])
    trail.record(
        "block.affirmed", obj=block, actor=actor, now=now, data={"revision": block.review.revision.number}
    )
    return block
