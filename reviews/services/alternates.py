"""Naming the alternate of a seat: they sit first when its holder is absent or recused."""

from datetime import datetime

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reviews.models import Board, Seat
from reviews.permissions.boards import why_not_manage_boards
from reviews.permissions.reasons import require
from reviews.rules.roster import SeatRole


def alternates_of(board: Board) -> list[Seat]:
    """Return the alternates of the board in the order in which they sit."""
    seats = Seat.objects.filter(board=board, until__isnull=True, role=SeatRole.ALTERNATE)
    return list(seats.select_related("person").order_by("pk"))


@transaction.atomic
def name_alternate(*, actor: User, seat_id: int, person_id: int | None, now: datetime) -> Seat:
    """Name an alternate of the board for a full seat (None: alternates sit in order); one may be named for several.

    Raises Refused for a seat of an alternate, an ended one, or somebody who is no alternate of the board.
    """
    require(why_not_manage_boards(actor))
    seat = get_object_or_404(Seat.objects.select_related("board").select_for_update(of=("self",)), pk=seat_id)
    if seat.until is not None or seat.role == SeatRole.ALTERNATE:
        raise Refused(_("An alternate is named for a member's seat that is in force."))
    alternates = {other.person_id: other.person for other in alternates_of(seat.board)}
    if person_id is not None and person_id not in alternates:
        raise Refused(_("Choose somebody who has a seat as alternate on this board."))
    if seat.alternate_id == person_id:
        return seat
    named = alternates.get(person_id) if person_id is not None else None
    seat.alternate = named
    seat.save(update_fields=["alternate"])
    trail.record(
        "seat.alternate_named", obj=seat, actor=actor, now=now,
        data={"board": seat.board_id, "person": str(named.pseudonym) if named else None},
        personal={"person": named.display_name} if named else None,
    )  # fmt: skip
    return seat
