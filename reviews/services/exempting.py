"""Determining that a request is exempt: a decision without a ballot, by somebody other than who asks, with a reason."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reviews.models import BoardReview, Decision, Determination, Policy
from reviews.permissions import procedures as permissions
from reviews.permissions.policies import policy_in_force
from reviews.permissions.reasons import require
from reviews.permissions.standing import standing_of
from reviews.rules.ballot import MotionKind
from reviews.rules.exemption import missing_grounds
from reviews.rules.lifecycle import RequestEvent
from reviews.rules.policy import parse
from reviews.rules.review_lifecycle import ReviewEvent, ReviewState
from reviews.selectors.procedure_words import CAPACITIES, GROUNDS
from reviews.selectors.readiness import why_not_fixed, why_not_ready
from reviews.selectors.reviews import current_reviews
from reviews.selectors.words import joined
from reviews.services.clock import set_clock
from reviews.services.decisions import set_dates
from reviews.services.indexing import index_request
from reviews.services.locking import review_to_change
from reviews.services.progress import move_request, move_review
from reviews.services.recording import freeze_record
from reviews.services.sign_clock import let_sign


@transaction.atomic
def determine_exempt(
    *, actor: User, review_id: int, grounds: Sequence[str], reason: str, now: datetime
) -> Decision:
    """Determine that the request is exempt; `review_id`: of the leading board, whose policy says for how long it holds.

    `grounds` are codes of ExemptionGround, and all have to be confirmed. The decision has its frozen record and waits
    for its signatures as every other approval does. Raises Refused with what is missing.
    """
    review = review_to_change(actor, review_id, now)
    require(permissions.why_not_determine(actor, review, now))
    if missing := missing_grounds(grounds):
        names = joined(str(GROUNDS[ground]) for ground in missing)
        raise Refused(
            _("Exempt is only what meets all of it. Not confirmed: {grounds}.").format(grounds=names)
        )
    if not reason.strip():
        raise Refused(_("Say why the request is exempt: it becomes the reason of the decision."))
    policy = policy_in_force(review.board)
    if policy is None:
        raise Refused(_("This board has no policy. An administrator writes it."))
    rules = parse(policy.content)
    require(why_not_ready(review.request.version_id, MotionKind.APPROVE, rules.gates, now))
    require(why_not_fixed(review, MotionKind.APPROVE, rules))
    determination = _determination(review, policy, actor, list(grounds), reason.strip(), now)
    closed = _close(review, determination, now)
    decision = _decide(review, determination, now)
    trail.record(
        "request.exempted", obj=review.request, actor=actor, now=now, reason=determination.reason,
        also=[determination, decision, *closed],
        data={
            "decision": decision.number, "revision": decision.revision.number, "grounds": determination.grounds,
            "revision_sha256": decision.revision_sha256, "manifest_sha256": decision.manifest_sha256,
            "policy_sha256": determination.policy_sha256, "capacity": determination.capacity,
            "record_sha256": decision.record.context_sha256 if decision.record else "",
        },
    )  # fmt: skip
    index_request(review.request_id)
    return decision


def _determination(
    review: BoardReview, policy: Policy, actor: User, grounds: list[str], reason: str, now: datetime
) -> Determination:
    standing = standing_of(actor, review.request, now)
    return Determination(
        review=review, revision=review.revision, revision_sha256=review.revision.sha256,
        policy_version=policy.version, policy=policy.content, policy_sha256=policy.sha256, person=actor,
        name=actor.display_name, capacity=permissions.capacity_in(standing, review.board_id), grounds=grounds,
        reason=reason, made_at=now,
    )  # fmt: skip


def _close(leading: BoardReview, determination: Determination, now: datetime) -> list[BoardReview]:
    """Close the reviews of all boards with a note that says who determined it."""
    request = leading.request
    with override(leading.board.language or request.language):
        note = _("Determined to be exempt by {person}, {capacity} of {board}: {grounds}.").format(
            person=determination.name, capacity=CAPACITIES[determination.capacity], board=leading.board.name,
            grounds=joined(str(GROUNDS[ground]) for ground in determination.grounds),
        )  # fmt: skip
    closed = []
    for review in current_reviews(request):
        review.request = request
        if review.state == ReviewState.CLOSED:
            continue
        review.note, review.closed_at, review.return_on = note, now, None
        move_review(review, ReviewEvent.EXEMPT, now)
        closed.append(review)
    return closed


def _decide(review: BoardReview, determination: Determination, now: datetime) -> Decision:
    """Write the decision with its dates and freeze its record; the board's policy says how long it holds."""
    request = review.request
    move_request(request, RequestEvent.EXEMPT, now)
    decision = Decision(
        request=request,
        number=Decision.objects.filter(request=request).count() + 1,
        round=review.round,
        outcome="approved",
        status="to_sign",
        basis="determination",
        revision=review.revision,
        revision_sha256=review.revision.sha256,
        manifest_sha256=review.revision.manifest_sha256,
        reasons=determination.reason,
        decided_at=now,
    )
    set_dates(decision, review, [determination], now)
    decision.save()
    let_sign(decision, review.board, now)
    determination.decision = decision
    determination.save()
    set_clock(request, now)
    decision.record = freeze_record(decision, now=now)
    decision.save(update_fields=["record"])
    return decision
