"""Dates of boards, for the calendars of their members: until when a review has to end and a ballot is open."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from reminders.dates import Dated
from reviews.models import Ballot, BoardReview
from reviews.permissions.containers import containers_of
from reviews.permissions.sight import requests_conflicted, visible_to
from reviews.rules.review_lifecycle import ReviewState
from reviews.selectors.addresses import ballot_address, request_address

MOST = 200


def board_dates(person: User, now: datetime) -> Iterator[Dated]:
    """Yield the ends of open reviews and ballots of boards on which the person sits or which they keep.

    Requests on whose judging they have to keep out are left out.
    """
    reached = containers_of(person, now)
    boards = frozenset(reached.seats) | reached.keeps
    if not boards:
        return
    requests = visible_to(person, now, reached).exclude(pk__in=requests_conflicted(person))
    theirs = BoardReview.objects.filter(board__in=boards, request__in=requests).select_related(
        "board", "request__version__model"
    )
    for review in (
        theirs.exclude(state=ReviewState.CLOSED).filter(due_at__gt=now).order_by("due_at", "id")[:MOST]
    ):
        yield Dated(
            f"reviews.boardreview/{review.pk}", review.due_at,
            _("{board}: end of the review, {reference}").format(
                board=review.board, reference=review.request.reference
            ),
            str(review.request.version), request_address(review.request.reference),
        )  # fmt: skip
    open_ballots = Ballot.objects.filter(
        review__board__in=boards, request__in=requests, state="open", deadline__gt=now
    )
    rows = open_ballots.select_related("review__board", "request__version__model").order_by("deadline", "id")
    for ballot in rows[:MOST]:
        yield Dated(
            f"reviews.ballot/{ballot.pk}", ballot.deadline,
            _("{board}: end of the ballot, {reference}").format(
                board=ballot.review.board, reference=ballot.request.reference
            ),
            str(ballot.request.version), ballot_address(ballot.request.reference, ballot.number),
        )  # fmt: skip
