"""Who looks after boards: administrators make them, seat people and write policies."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role, has_role
from reviews.models import Board, Seat
from reviews.permissions.reasons import WrongPerson
from reviews.permissions.sight import boards_of, visible_to
from reviews.rules.roster import SeatRole

SEES_BOARDS = (Role.ADMINISTRATOR, Role.SECRETARY, Role.LEGAL, Role.SAFETY_LEAD, Role.RELEASE_MANAGER)


def visible_boards(user: User, now: datetime) -> "QuerySet[Board]":
    """Return the boards whose page the person may open; a panel's tells of its request, so who sees that may."""
    if not user.is_active:
        return Board.objects.none()
    if has_role(user, Role.ADMINISTRATOR):
        return Board.objects.all()
    own = Q(pk__in=boards_of(user, now))
    if has_role(user, *SEES_BOARDS):
        own |= Q(formed_for__isnull=True) | Q(formed_for__in=visible_to(user, now).values("pk"))
    return Board.objects.filter(own)


def board_to_read(user: User, board_id: int, now: datetime) -> Board:
    """Return the board, or raise Http404."""
    board = visible_boards(user, now).filter(pk=board_id).first()
    if board is None:
        raise Http404
    return board


def board_by_slug(user: User, slug: str, now: datetime) -> Board:
    """Return the board with this short name, or raise Http404."""
    board = visible_boards(user, now).filter(slug=slug).first()
    if board is None:
        raise Http404
    return board


def why_not_manage_boards(actor: User) -> str | None:
    """Return why the person may not make boards, seat people or write policies; None if they may."""
    if has_role(actor, Role.ADMINISTRATOR):
        return None
    return WrongPerson(_("Boards, seats and policies are looked after by administrators."))


def why_not_seat(person: User) -> str | None:
    """Return why the person may not have a seat, or None."""
    if not person.is_active:
        return WrongPerson(_("This account is deactivated, so it can't have a seat."))
    if has_role(person, Role.ADMINISTRATOR):
        return WrongPerson(_("An administrator can't vote, so they can't have a seat."))
    return None


def chairs_a_board(person: User, now: datetime) -> bool:  # noqa: ARG001 (the shape of a reason for a second factor)
    """Say whether the person chairs a board, and so signs without having a role: it takes a second factor."""
    return Seat.objects.filter(person=person, role=SeatRole.CHAIR, until__isnull=True).exists()
