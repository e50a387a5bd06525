"""What ends with an approval: its continuing review, an open appeal, and whatever boards had taken up about it."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from reviews.models import BoardReview, ContinuingReview, Decision
from reviews.rules.review_lifecycle import Matter, ReviewState
from reviews.services.appeal_outcome import end_appeals
from reviews.services.continuing import end_continuing
from reviews.services.taking_up import rest


def end_what_follows(decision: Decision, now: datetime) -> list[ContinuingReview]:
    """End it all; returns the continuing reviews for the event of the act. The caller has locked the request."""
    request = decision.request
    with override(request.language):
        note = _("Stopped, because the approval has ended.")
    end_appeals(request, note, now)
    open_ones = BoardReview.objects.filter(request=request).exclude(matter=Matter.RELEASE)
    for review in open_ones.exclude(state=ReviewState.CLOSED).select_related("board"):
        review.request = request
        rest(review, note, now)
    return end_continuing(decision, now)
