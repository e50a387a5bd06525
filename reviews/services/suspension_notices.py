"""Tells the leading board that an approval was suspended and until when it votes; a prompt report (45 CFR 46.113)."""

from datetime import datetime

from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from reminders.notices import notify
from reminders.wording import moment
from reviews.models import BoardReview, Seat, Suspension
from reviews.permissions.standing import parties_of
from reviews.rules.recusal import conflicts_of
from reviews.selectors.addresses import suspension_address
from reviews.selectors.waiting.wording import title_of

OFFICES = (Role.LEGAL, Role.RELEASE_MANAGER, Role.SAFETY_LEAD)
_moment = lazy(moment, str)


def tell_of_suspension(suspension: Suspension, review: BoardReview, now: datetime) -> None:
    """Tell members of the leading board, legal staff, release managers and safety leads, but not who did it."""
    request = suspension.decision.request
    parties = parties_of(request)
    seats = Seat.objects.filter(board=review.board_id, until__isnull=True).values_list("person_id", flat=True)
    told = {person for person in seats if not conflicts_of(person, parties)}
    told |= set(User.objects.filter(groups__name__in=OFFICES).values_list("pk", flat=True))
    for person in User.objects.filter(pk__in=told - {suspension.suspended_by_id}).order_by("pk"):
        notify(
            person=person, kind="request.suspended_told", obj=suspension,
            subject=format_lazy(_("Suspended: {request}"), request=title_of(request)),
            body=format_lazy(
                _("{reason} The board ratifies or lifts it by {moment}, or it lapses."),
                reason=suspension.reason, moment=_moment(suspension.ratify_by),
            ),
            url=suspension_address(request.reference), now=now,
        )  # fmt: skip
