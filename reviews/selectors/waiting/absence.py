"""Who gets the reminders of members and legal staff who are away: whom they delegated to, as far as that reaches."""

from collections.abc import Mapping

from reminders.absence import StandsIn
from reminders.waiting import Round, Waiting
from reviews.models import BoardReview, Delegation
from reviews.permissions.delegating import running
from reviews.rules.delegation import DelegationKind

SIGNATURE = "review.signature"


def deputies_of_reviews(asked: Round) -> StandsIn:
    """Read who is away; for a board's work the one who has the seat, for signatures the one who signs.

    One query, and one more if somebody who is away is waited for in a board.
    """
    rows = list(Delegation.objects.filter(running(asked.now)).order_by("since", "id"))
    seats = {(row.giver_id, row.board_id): row.deputy_id for row in rows if row.kind == DelegationKind.SEAT}
    legal = {row.giver_id: row.deputy_id for row in rows if row.kind == DelegationKind.LEGAL}
    givers = {giver for giver, _board in seats}
    boards: dict[str, int] = {}

    def of(kind: str, item: Waiting) -> int | None:
        if kind == SIGNATURE and item.person_id in legal:
            return legal[item.person_id]
        if item.person_id not in givers or not item.part:
            return None
        if not boards:
            boards.update(_boards({board for _giver, board in seats if board is not None}))
        return seats.get((item.person_id, boards.get(item.part)))

    return of


def _boards(boards: set[int]) -> Mapping[str, int]:
    """Return the boards of the reviews of these boards that go on, by the id of the review."""
    rows = BoardReview.objects.filter(board__in=boards).exclude(state="closed")
    return {str(review): board for review, board in rows.values_list("pk", "board_id")}
