"""Tells who has to know of a continuing review: the requester's side when it opens, the board when they reported."""

from datetime import datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from reminders.notices import notify
from reviews.models import ContinuingReview, Contributor, Seat
from reviews.permissions.standing import parties_of
from reviews.rules.recusal import conflicts_of
from reviews.selectors.addresses import continuing_address
from reviews.selectors.waiting.wording import title_of


def ask_for_report(review: ContinuingReview, now: datetime) -> None:
    """Ask the requester and the contributors for the report."""
    request = review.decision.request
    parts = Contributor.objects.filter(request=request).values_list("person_id", flat=True)
    for person in User.objects.filter(pk__in={request.requester_id, *parts}).order_by("pk"):
        notify(
            person=person, kind="continuing_review.asked", obj=review,
            subject=format_lazy(_("Continuing review: {request}"), request=title_of(request)),
            body=_("The board looks at the approval again. Report what changed, what went wrong and what you saw."),
            url=continuing_address(request.reference, review.number), now=now,
        )  # fmt: skip


def tell_board(review: ContinuingReview, now: datetime) -> None:
    """Tell the members of the leading board, except those who keep out, that the report has come."""
    request = review.decision.request
    leading = next(row for row in request.board_reviews.all() if row.leading)
    parties = parties_of(request)
    seats = Seat.objects.filter(board=leading.board_id, until__isnull=True).select_related("person")
    for seat in seats.order_by("pk"):
        if not conflicts_of(seat.person_id, parties):
            notify(
                person=seat.person, kind="continuing_review.reported", obj=review,
                subject=format_lazy(_("Continuing review: {request}"), request=title_of(request)),
                body=_("The requester has reported. The board votes whether the approval goes on."),
                url=continuing_address(request.reference, review.number), now=now,
            )  # fmt: skip
