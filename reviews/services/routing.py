"""Giving a request to its boards: a review for each, the conflict screen, and the clock starts."""

from collections.abc import Sequence
from datetime import datetime

from accounts.models import User
from audit import trail
from reviews.models import Board, BoardReview, Recusal, ReviewRequest, Revision, Seat
from reviews.permissions.standing import forget_standings, parties_of
from reviews.rules.clocks import Procedure, term_of
from reviews.rules.recusal import conflicted
from reviews.rules.review_lifecycle import ReviewEvent, ReviewState
from reviews.selectors.calendar import calendar_of
from reviews.services.clock import set_clock
from reviews.services.progress import move_review


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


def screen_conflicts(*, request: ReviewRequest, boards: Sequence[Board], now: datetime) -> list[Recusal]:
    """Recuse every member of the boards who has a part in the request (process.md, 3.1); by the system."""
    people = {
        seat.person_id: seat.person
        for seat in Seat.objects.filter(board__in=boards, until__isnull=True).select_related("person")
    }
    known = set(Recusal.objects.filter(request=request).values_list("person_id", flat=True))
    made = []
    for person_id, reasons in conflicted(people, parties_of(request)).items():
        if person_id in known:
            continue
        person = people[int(str(person_id))]
        recusal = Recusal.objects.create(request=request, person=person, kind=reasons[0].value, made_at=now)
        trail.record(
            "member.recused", obj=recusal, actor=None, now=now, personal={"person": person.display_name},
            data={"person": str(person.pseudonym), "kind": recusal.kind},
        )  # fmt: skip
        made.append(recusal)
    return made
