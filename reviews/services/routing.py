"""Giving a request to its boards: a review for each, the conflict screen, and the clock starts."""

from collections.abc import Sequence
from datetime import date, datetime

from accounts.models import User
from audit import trail
from reviews.models import Assignment, Board, BoardReview, ReviewRequest, Revision
from reviews.permissions.standing import forget_standings
from reviews.rules.explaining import DateKind, TermSource
from reviews.rules.provisional import full_review_due
from reviews.rules.review_lifecycle import Matter, ReviewEvent, ReviewState
from reviews.services.assigning import end_readings
from reviews.services.clock import set_clock
from reviews.services.hinting import tell_of_hints
from reviews.services.progress import move_review
from reviews.services.reckoning import keep, keep_chosen, reckon
from reviews.services.screening import screen_conflicts

BEFORE_THE_END = TermSource("provisional")
"""Where the date of a full review comes from that is over before the provisional approval ends."""


def open_reviews(
    *,
    request: ReviewRequest,
    boards: Sequence[Board],
    leading: Board,
    revision: Revision,
    procedure: str,
    actor: User | None,
    now: datetime,
    until: date | None = None,
) -> list[BoardReview]:
    """Open a review for each board; for the service that confirms the triage, in its transaction.

    The request is locked and in review already. A board that had a part in an earlier round is assigned again.
    `actor` None: by the system; `until`: the last day of the approval that is reviewed in full.
    """
    number = next_round(request)
    former = let_none_lead(request)
    screen_conflicts(request=request, boards=boards, now=now)
    reviews = []
    for board in boards:
        reviews.append(
            assign(
                request=request, board=board, revision=revision, procedure=procedure, number=number,
                leads=board == leading, former=former, actor=actor, now=now, until=until,
            )
        )  # fmt: skip
        former = []  # told of with the first
    set_clock(request, now)
    forget_standings(request)
    tell_of_hints(request, [board.pk for board in boards], now)
    return reviews


def next_round(request: ReviewRequest) -> int:
    """Return the number of the round that begins."""
    rounds = BoardReview.objects.filter(request=request).order_by("-round").values_list("round", flat=True)
    return (rounds.first() or 0) + 1


def let_none_lead(request: ReviewRequest) -> list[BoardReview]:
    """Take the lead from the board that had it, before another gets it; return its review for the event."""
    former = list(BoardReview.objects.filter(request=request, leading=True))
    for review in former:
        review.leading = False
        review.save(update_fields=["leading"])
    return former


def assign(
    *,
    request: ReviewRequest,
    board: Board,
    revision: Revision,
    procedure: str,
    number: int,
    leads: bool,
    former: Sequence[BoardReview],
    actor: User | None,
    now: datetime,
    until: date | None = None,
    matter: Matter = Matter.RELEASE,
) -> BoardReview:
    """Give the request to one board in the round of this number; `former`: whose row the act changed too.

    The caller has screened the board for conflicts, and sets the clock afterwards.
    """
    reckoned = reckon(DateKind.REVIEW, board, now, procedure=procedure)
    due = reckoned.due
    if until is not None:
        due = full_review_due(now, reckoned.counted.term, until, reckoned.calendar)
    fresh = {
        "round": number, "leading": leads, "revision": revision, "opened_at": now, "due_at": due, "matter": matter,
        "passed": "", "note": "", "closed_at": None, "return_on": None,
    }  # fmt: skip
    ended: list[Assignment] = []
    review = BoardReview.objects.filter(request=request, board=board).first()
    if review is None:
        review = BoardReview.objects.create(
            request=request, board=board, state=ReviewState.ASSIGNED, state_since=now,
            requested_at=request.created_at, **fresh,
        )  # fmt: skip
    else:
        for name, value in fresh.items():
            setattr(review, name, value)
        move_review(review, ReviewEvent.REASSIGN, now)
        ended = end_readings([review], now)
    if due == reckoned.due:
        keep(review, reckoned, now=now, request=request)
    else:
        keep_chosen(review, DateKind.REVIEW, board, due, now=now, request=request, source=BEFORE_THE_END)
    trail.record(
        "review.assigned", obj=review, actor=actor, now=now, also=[*former, *ended],
        data={"board": board.pk, "round": number, "revision": revision.number, "leading": leads},
    )  # fmt: skip
    return review
