"""Sending a request to a stricter procedure because of a doubt: the same reviews go on under the other rules."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reviews.models import BoardReview, ProcedureChange, Reckoning, ReviewRequest
from reviews.permissions import procedures as permissions
from reviews.permissions.policies import boards_not_offering
from reviews.permissions.reasons import require
from reviews.permissions.standing import standing_of
from reviews.rules.exemption import may_lead_to
from reviews.rules.explaining import DateKind, Why
from reviews.rules.review_lifecycle import ReviewEvent, ReviewState
from reviews.selectors.reviews import current_reviews
from reviews.selectors.words import PROCEDURES
from reviews.services.clock import set_clock
from reviews.services.indexing import index_request
from reviews.services.locking import review_to_change
from reviews.services.notices import tell_procedure
from reviews.services.progress import move_review
from reviews.services.reckoning import keep, reckon
from reviews.services.stopping import stop_ballots

MOVED = (ReviewState.BALLOTING, ReviewState.TABLED, ReviewState.CLOSED)
"""A review in one of these has a result or a ballot of the other procedure; the rest goes on where it is."""


@transaction.atomic
def send_on(*, actor: User, review_id: int, procedure: str, reason: str, now: datetime) -> ProcedureChange:
    """Let the request go on under a stricter procedure; `review_id`: of the board for which the person has the doubt.

    Ballots that are open stop with a note, what a board passed is put again, and each board has the whole term of the
    other procedure from now on. Raises Refused without a reason, or for a procedure that isn't stricter.
    """
    review = review_to_change(actor, review_id, now)
    require(permissions.why_not_doubt(actor, review, now))
    request, before = review.request, review.request.procedure
    if not may_lead_to(before, procedure):
        raise Refused(_("A doubt leads to a stricter procedure. Choose one of those that are offered."))
    if not reason.strip():
        raise Refused(_("Say what the doubt is: the boards go on from it, and it is kept with the request."))
    reviews = list(current_reviews(request))
    if without := boards_not_offering([one.board for one in reviews], procedure):
        raise Refused(_("{board} doesn't offer this procedure.").format(board=without[0].name))
    request.procedure = procedure
    request.save(update_fields=["procedure"])
    change = ProcedureChange.objects.create(
        request=request, review=review, round=review.round, before=before, after=procedure, person=actor,
        name=actor.display_name, capacity=permissions.capacity_in(standing_of(actor, request, now), review.board_id),
        reason=reason.strip(), made_at=now,
    )  # fmt: skip
    kept = [_go_on(request, one, change, actor, now) for one in reviews]
    set_clock(request, now)
    trail.record(
        "request.escalated", obj=request, actor=actor, now=now, reason=change.reason, also=[change, *reviews, *kept],
        data={
            "procedure_before": before, "procedure_after": procedure, "board": review.board_id,
            "capacity": change.capacity,
        },
    )  # fmt: skip
    tell_procedure(request, procedure, now)
    index_request(request.pk)
    return change


def _go_on(
    request: ReviewRequest, review: BoardReview, change: ProcedureChange, actor: User, now: datetime
) -> Reckoning:
    """Let one board go on under the other procedure, with its whole term; a pause that lasts is counted from now on."""
    review.request = request
    with override(request.language):
        note = _("Stopped, because the request goes on under another procedure: {procedure}.").format(
            procedure=PROCEDURES[change.after]
        )
    stop_ballots(request, review, note, now)
    reckoned = reckon(DateKind.REVIEW, review.board, now, procedure=change.after)
    was = review.due_at
    review.due_at = reckoned.due
    review.passed, review.note, review.closed_at = "", "", None
    if review.state in MOVED:
        move_review(review, ReviewEvent.ESCALATE, now)
    else:
        review.save()
    return keep(
        review,
        reckoned,
        now=now,
        request=request,
        actor=actor,
        why=Why.RECOMPUTED,
        was=was,
        reason=change.reason,
    )
