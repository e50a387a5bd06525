"""Who appeals, and until when; in words, with the date."""

from dataclasses import dataclass
from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _

from accounts.models import User
from reviews.models import ReviewRequest
from reviews.permissions.reasons import NotNow, WrongPerson, WrongState
from reviews.rules.appeals import NotAppealable, why_not_appeal
from reviews.rules.lifecycle import RequestState


@dataclass(frozen=True, slots=True)
class Chance:
    """What can be appealed now: until which day where the board sits, and whether somebody has done so."""

    until: date | None
    today: date
    filed_already: bool


def why_not_file(actor: User, request: ReviewRequest, chance: Chance) -> str | None:
    """Return why the person may not appeal the decision or the suspension; None if they may."""
    if request.requester_id != actor.pk or not actor.is_active:
        return WrongPerson(_("Only the requester appeals."))
    found = why_not_appeal(
        RequestState(request.state),
        until=chance.until,
        today=chance.today,
        filed_already=chance.filed_already,
    )
    if found is None:
        return None
    if found == NotAppealable.TOO_LATE and chance.until is not None:
        return NotNow(
            _("The time to appeal ended on {date}. A new request is possible.").format(
                date=formats.date_format(chance.until)
            )
        )
    return {
        NotAppealable.NOTHING_TO_APPEAL: WrongState(
            _("Only a rejection or a suspension is appealed, and there is none.")
        ),
        NotAppealable.FILED_ALREADY: WrongState(_("It was appealed already; that is possible once.")),
        NotAppealable.FINAL: WrongState(_("An appeal panel has decided this, so it is final.")),
    }[found]
