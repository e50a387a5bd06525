"""What lower apps are told: seats of people, boards by name, who leads them, versions that nobody wants to release."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from reviews.models import Board, BoardReview, ReviewRequest, Seat
from reviews.rules.lifecycle import RequestState
from reviews.selectors.waiting.office import office_at
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


def speech(board: int) -> tuple[str, str]:
    """Return language ("" for none of its own) and time zone of the records of a board."""
    found = Board.objects.filter(pk=board).values_list("language", "time_zone").first()
    return found or ("", "")


def given_up(version: str) -> Q:
    """Return the condition that all requests of a version were rejected or withdrawn, and that there was one.

    `version`: the path to the version from the row that is filtered; each row asks about its own version only.
    """
    over = [RequestState.REJECTED, RequestState.WITHDRAWN]
    asked = ReviewRequest.objects.filter(version=OuterRef(version))
    return Q(Exists(asked.filter(state__in=over))) & ~Q(Exists(asked.exclude(state__in=over)))


def heads(board: int | None, project: int | None, now: datetime) -> frozenset[int]:
    """Return the chair and the secretaries of the board, or without one of the boards that review the project."""
    boards = [board] if board else _boards_of(project)
    if not boards:
        return frozenset()
    office = office_at(now)
    chairs = frozenset(chair for chair in map(office.chair_of, boards) if chair is not None)
    return chairs.union(*map(office.keepers_of, boards))


def _boards_of(project: int | None) -> list[int]:
    rows = BoardReview.objects.filter(request__project=project, board__closed_at__isnull=True)
    return list(rows.order_by().values_list("board", flat=True).distinct()) if project else []
