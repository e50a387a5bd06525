"""What lower apps are told: the seats of people, the boards by name, and the versions that nobody wants to release."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from reviews.models import Board, ReviewRequest, Seat
from reviews.rules.lifecycle import RequestState
from reviews.selectors.words import SEAT_ROLES


def seats_in_words(people: Sequence[int]) -> Mapping[int, Sequence[str]]:
    """Return for each person their seats in force ("chair, Ethics board"), in the active language; one query."""
    found: dict[int, list[str]] = defaultdict(list)
    seats = Seat.objects.filter(person__in=people, until__isnull=True).select_related("board")
    for seat in seats.order_by("board__name_en", "id"):
        role = str(SEAT_ROLES.get(seat.role, seat.role))
        found[seat.person_id].append(_("{role}, {board}").format(role=role, board=seat.board.name))
    return found


def board_names() -> dict[int, str]:
    """Return the name of each board, in the active language; one query."""
    return {board.pk: board.name for board in Board.objects.only("name_en", "name_zh")}


def given_up(version: str) -> Q:
    """Return the condition that all requests of a version were rejected or withdrawn, and that there was one.

    `version`: the path to the version from the row that is filtered; each row asks about its own version only.
    """
    over = [RequestState.REJECTED, RequestState.WITHDRAWN]
    asked = ReviewRequest.objects.filter(version=OuterRef(version))
    return Q(Exists(asked.filter(state__in=over))) & ~Q(Exists(asked.exclude(state__in=over)))
