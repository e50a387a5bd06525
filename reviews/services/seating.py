"""The roster of a ballot: the seats in force are copied, with who is recused, absent, away or replaced."""

from collections.abc import Collection, Mapping
from datetime import datetime

from reviews.models import BallotSeat, BoardReview, Recusal
from reviews.permissions.standing import parties_of
from reviews.rules.recusal import conflicts_of
from reviews.rules.roster import Attendance
from reviews.selectors.seating import Line, seating_of, seats_in_order
from reviews.services.screening import screen_conflicts


def roster_of_board(
    review: BoardReview, absent: Collection[int], sitting: Mapping[int, int] | None, now: datetime
) -> list[BallotSeat]:
    """Return the lines of the roster, not yet saved, after the board was screened once more.

    `absent`: who isn't there; `sitting`: for each alternate who votes, whom they replace, None: as the rules propose.
    """
    request = review.request
    screen_conflicts(request=request, boards=[review.board], now=now)
    parties = parties_of(request)
    recusals = {recusal.person_id: recusal for recusal in Recusal.objects.filter(request=request)}
    seats = seats_in_order(review.board, now)
    kept_out = {seat.person_id for seat in seats if conflicts_of(seat.person_id, parties)}
    lines = seating_of(seats, kept_out=kept_out, absent=absent, sitting=sitting)
    return [_copy(line, place, recusals) for place, line in enumerate(lines, start=1)]


def _copy(line: Line, place: int, recusals: Mapping[int, Recusal]) -> BallotSeat:
    seat, recused = line.seat, line.attendance == Attendance.RECUSED
    recusal = recusals.get(seat.person_id) if recused else None
    return BallotSeat(
        place=place,
        person=seat.person,
        name=seat.person.display_name,
        role=seat.role,
        attributes=seat.attributes,
        sits_for_id=line.sits_for,
        sits_by=line.by.value if line.by else "",
        delegation_id=line.delegation.pk if line.delegation else None,
        present=line.attendance != Attendance.ABSENT,
        recused=recused,
        recusal_kind=recusal.kind if recusal else "",
        recusal_reason=recusal.reason if recusal else "",
    )
