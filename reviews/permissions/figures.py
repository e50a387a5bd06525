"""Who sees figures over all requests: who serves every board or answers for all of them."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role, has_role
from reviews.models import Board
from reviews.permissions.boards import chairs_a_board
from reviews.permissions.calendars import led_boards
from reviews.permissions.reasons import WrongPerson

SEES_FIGURES = (Role.SECRETARY, Role.LEGAL, Role.SAFETY_LEAD, Role.RELEASE_MANAGER, Role.ADMINISTRATOR)


def why_not_see_figures(actor: User, now: datetime) -> str | None:
    """Say why the person may not see figures over all requests, or None: who serves all boards, and chairs."""
    if has_role(actor, *SEES_FIGURES):
        return None
    if actor.is_active and chairs_a_board(actor, now):
        return None
    return WrongPerson(
        _("Figures over all requests are for secretaries, chairs, legal staff and administrators.")
    )


def why_not_see_load(actor: User, board: Board, now: datetime) -> str | None:
    """Say why the person may not see what the members of a board carry, or None: who leads it, or sees all figures."""
    if board.pk in led_boards(actor, now) or has_role(actor, Role.ADMINISTRATOR):
        return None
    return WrongPerson(_("What the members of a board carry is for its chair and its secretaries."))
