"""Giving a request to its boards: a review for each, the conflict screen, and the clock starts."""

from collections.abc import Sequence
from datetime import datetime

from accounts.models import User
from audit import trail
from reviews.models import Board, BoardReview, ReviewRequest, Revision
from reviews.permissions.standing import forget_standings
from reviews.rules.clocks import Procedure, term_of
from reviews.rules.review_lifecycle import ReviewEvent, ReviewState
from reviews.selectors.calendar import calendar_of
from reviews.services.clock import set_clock
from reviews.services.progress import move_review
from reviews.services.screening import screen_conflicts


def open_reviews(
    *,
    request: ReviewRequest,
    boards: Sequence[Board],
    leading: Board,
    revision: Revision,
    procedure: str,
    actor: User,
    now: datetime,
) -> list[BoardReview]:
    """Open a review for each board; for the service that confirms the triage, in its transaction.

    The request is locked and in review already. A board that had a part in an earlier round is assigned again.
    """
    rounds = BoardReview.objects.filter(request=request).order_by("-round").values_list("round", flat=True)
    number = (rounds.first() or 0) + 1
    former = list(BoardReview.objects.filter(request=request, leading=True))
    for review in former:
        review.leading = False
        review.save(update_fields=["leading"])
    screen_conflicts(request=request, boards=boards, now=now)
    reviews = []
    for board in boards:
        leads = board == leading
        reviews.append(_open(request, board, revision, procedure, number, leads, former, actor, now))
        former = []  # told of with the first
    set_clock(request, now)
    forget_standings(request)
    return reviews


def _open(
    request: ReviewRequest, board: Board, revision: Revision, procedure: str, number: int, leads: bool,
    former: Sequence[BoardReview], actor: User, now: datetime,
) -> BoardReview:  # fmt: skip
    due = term_of(Procedure(procedure)).due(now, calendar_of(board))
    fresh = {
        "round": number, "leading": leads, "revision": revision, "opened_at": now, "due_at": due,
        "passed": "", "note": "", "closed_at": None, "return_on": None,
    }  # fmt: skip
    review = BoardReview.objects.filter(request=request, board=board).first()
    if review is None:
        review = BoardReview.objects.create(
            request=request,
            board=board,
            state=ReviewState.ASSIGNED,
            state_since=now,
            requested_at=request.created_at,
            **fresh,
        )
    else:
        for name, value in fresh.items():
            setattr(review, name, value)
        move_review(review, ReviewEvent.REASSIGN, now)
    trail.record(
        "review.assigned", obj=review, actor=actor, now=now, also=former,
        data={"board": board.pk, "round": number, "revision": revision.number, "leading": leads},
    )  # fmt: skip
    return review
