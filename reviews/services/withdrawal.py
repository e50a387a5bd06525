"""Taking a request back before it is approved; the boards' open work stops, and everything stays on record."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from audit import trail
from reviews.models import ReviewRequest
from reviews.permissions import drafting
from reviews.permissions.reasons import require
from reviews.permissions.sight import request_to_change
from reviews.rules.lifecycle import RequestEvent
from reviews.selectors.reviews import current_reviews
from reviews.services.after_letters import tell_withdrawn
from reviews.services.appeal_outcome import end_appeals
from reviews.services.clock import set_clock
from reviews.services.decisions import end_unsigned
from reviews.services.progress import move_request
from reviews.services.stopping import stop_work


@transaction.atomic
def withdraw_request(*, actor: User, request_id: int, reason: str = "", now: datetime) -> ReviewRequest:
    """Withdraw the request for good; a new one can be drafted for the version."""
    request = request_to_change(actor, request_id, now)
    require(drafting.why_not_withdraw(actor, request, now))
    with override(request.language):
        note = _("Stopped, because the requester withdrew the request.")
    stop_work(request, list(current_reviews(request)), note, now)
    end_unsigned(request, now)
    end_appeals(request, note, now)
    move_request(request, RequestEvent.WITHDRAW, now)
    set_clock(request, now)
    trail.record("request.withdrawn", obj=request, actor=actor, now=now, reason=reason.strip())
    tell_withdrawn(request, actor, reason, now)
    return request
