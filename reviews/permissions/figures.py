"""Who sees figures over all requests: who serves every board or answers for all of them."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role, has_role
from reviews.models import Seat
from reviews.permissions.reasons import WrongPerson
from reviews.rules.roster import SeatRole

SEES_FIGURES = (Role.SECRETARY, Role.LEGAL, Role.SAFETY_LEAD, Role.RELEASE_MANAGER, Role.ADMINISTRATOR)


def why_not_see_figures(actor: User, now: datetime) -> str | None:  # noqa: ARG001 (the shape of a reason)
    """Say why the person may not see figures over all requests, or None: who serves all boards, and chairs."""
    if has_role(actor, *SEES_FIGURES):
        return None
    if actor.is_active and Seat.objects.filter(person=actor, role=SeatRole.CHAIR, until=None).exists():
        return None
    return WrongPerson(
        _("Figures over all requests are for secretaries, chairs, legal staff and administrators.")
    )
