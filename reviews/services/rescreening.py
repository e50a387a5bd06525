"""The conflict screen when something changes meanwhile: a manager, a team, a seat, a grant, who wrote the card.

Each function is called in the transaction of the change. Requests are locked in the order of their ids.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Q

from accounts.models import User
from registry.models import ModelVersion, Project
from reviews.models import Board, BoardReview, Contributor, ReviewRequest, Seat
from reviews.rules.lifecycle import RequestState
from reviews.services.closing import settle_open_ballots
from reviews.services.locking import lock_request
from reviews.services.screening import screen_conflicts

JUDGED = (RequestState.IN_REVIEW, RequestState.DECIDED)
DECIDES = frozenset({"line_manager", "team", "email", "display_name"})
"""Fields of a person by which the rules find conflicts."""


def person_changed(person: User, fields: Collection[str], now: datetime) -> None:
    """Screen the requests that the person judges, works on or leads the workers of, after their account changed."""
    if not DECIDES & set(fields):
        return
    parts = Contributor.objects.filter(person=person).values("request_id")
    rescreen(Q(requester=person) | Q(pk__in=parts) | _judged_by(person), now)


def person_seated(seat: Seat, now: datetime) -> None:
    """Screen the requests of the board on which somebody was given a seat."""
    rescreen(_at_boards([seat.board_id]), now)


def project_shared(project: Project, person: User, now: datetime) -> None:
    """Screen the requests of the project that the person judges, who may contribute to it from now on."""
    rescreen(Q(project=project) & _judged_by(person), now)


def authors_read(version: ModelVersion, now: datetime) -> None:
    """Screen the requests about the version, whose card names somebody from now on."""
    rescreen(Q(version=version), now)


def rescreen(which: Q, now: datetime) -> None:
    """Screen the requests that boards judge now and that meet the condition; settle ballots that lost somebody."""
    found = ReviewRequest.objects.filter(which, state__in=JUDGED).order_by("pk")
    for request_id in list(found.values_list("pk", flat=True).distinct()):
        request = lock_request(request_id)
        if screen_conflicts(request=request, boards=_boards_of(request), now=now):
            settle_open_ballots(request, now)


def _boards_of(request: ReviewRequest) -> Iterable[Board]:
    return [review.board for review in BoardReview.objects.filter(request=request).select_related("board")]


def _judged_by(person: User) -> Q:
    boards = Seat.objects.filter(person=person, until__isnull=True).values_list("board_id", flat=True)
    return _at_boards(list(boards))


def _at_boards(boards: Collection[int]) -> Q:
    return Q(pk__in=BoardReview.objects.filter(board__in=boards).values("request_id"))
