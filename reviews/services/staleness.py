"""What a new revision means for boards that are reviewing: they go on with it, and older positions become stale."""

from datetime import datetime

from django.utils.translation import gettext as _

from audit.refusal import Refused
from reviews.models import Ballot, BoardReview, ReviewRequest, Revision
from reviews.rules.review_lifecycle import ReviewState


def on_new_revision(request: ReviewRequest, revision: Revision, now: datetime) -> None:  # noqa: ARG001
    """Give the new revision to the open reviews of the request; for the service that froze it, in its transaction.

    A stance is stale when its revision isn't the review's any more. Raises Refused while a ballot is open or held:
    people vote on what they have read.
    """
    if Ballot.objects.filter(review__request=request).exclude(state="closed").exists():
        raise Refused(
            _("A ballot on the present revision is open. Submit the new revision when it has closed.")
        )
    reviews = BoardReview.objects.filter(request=request).exclude(state=ReviewState.CLOSED)
    reviews.update(revision=revision)
