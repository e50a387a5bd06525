"""Who looks after working days: administrators write them; whoever leads a board has its dates counted again."""

from datetime import datetime

from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role, has_role
from reviews.models import Board, ReviewRequest
from reviews.permissions.boards import board_by_slug
from reviews.permissions.containers import Containers, containers_of
from reviews.permissions.reasons import WrongPerson, require
from reviews.permissions.standing import standing_of, why_conflicted


def why_not_manage_days(actor: User) -> str | None:
    """Return why the person may not write closing days or where a board sits; None if they may."""
    if has_role(actor, Role.ADMINISTRATOR):
        return None
    return WrongPerson(_("Working days are looked after by administrators."))


def led_boards(actor: User, now: datetime, reached: Containers | None = None) -> frozenset[int]:
    """Return the boards that the person chairs or keeps as secretary; `reached`: what was read of them already."""
    if not actor.is_active:
        return frozenset()
    found = reached or containers_of(actor, now)
    chaired = {board for board, role in found.seats.items() if role == "chair"}
    return frozenset(chaired | (set(found.keeps) if has_role(actor, Role.SECRETARY) else set()))


def why_not_recount(actor: User, request: ReviewRequest, board: Board | None, now: datetime) -> str | None:
    """Return why the person may not have a date counted again: chair or secretary of the board whose calendar counts.

    A date that no board has yet (the check of completeness) is the secretaries'.
    """
    standing = standing_of(actor, request, now)
    if board is None:
        may = standing.has_role(Role.SECRETARY)
    else:
        may = standing.is_chair_of(board.pk) or standing.is_secretary_of(board.pk)
    if not may:
        return WrongPerson(_("Only the chair or the secretary of this board may do this."))
    return why_conflicted(standing)


def board_led(actor: User, slug: str, now: datetime, reached: Containers) -> Board:
    """Return the board whose dates the person looks through; raises PermissionDenied, and Http404."""
    found = Board.objects.filter(slug=slug, pk__in=led_boards(actor, now, reached)).first()
    if found is None:
        require(why_not_see_dates(board_by_slug(actor, slug, now)))
        raise Http404
    return found


def why_not_see_dates(board: Board) -> str:
    """Return why somebody who doesn't lead the board may not look through its dates."""
    return WrongPerson(
        _("The dates of {board} are looked through by its chair and its secretaries.").format(
            board=board.name
        )
    )
