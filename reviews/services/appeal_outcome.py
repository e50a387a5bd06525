"""What becomes of an appeal: decided by its panel, taken up again when nobody signs, ended when nothing is left of it.

Called by the acts that decide; each has locked the request.
"""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from audit import trail
from audit.refusal import IllegalTransition
from reviews.models import Appeal, BoardReview, Decision, ReviewRequest
from reviews.rules import appeals as rules
from reviews.rules.appeals import AppealEvent, AppealOutcome, AppealState, NoSuchTransition
from reviews.rules.panels import BoardPurpose
from reviews.services.appeal_letters import tell_outcome


def move_appeal(appeal: Appeal, event: AppealEvent, now: datetime) -> None:
    """Move the appeal along its table; the caller saves it. Raises IllegalTransition."""
    try:
        appeal.state = rules.next_state(AppealState(appeal.state), event)
    except NoSuchTransition:
        raise IllegalTransition(
            _("This isn't possible any more: the appeal has moved on. Load the page again.")
        ) from None
    appeal.state_since = now


def is_final(deciding: Sequence[BoardReview], outcome: str) -> bool:
    """Say whether a decision can't be appealed: an appeal panel rejected what a board had rejected."""
    return outcome == "rejected" and any(review.board.purpose == BoardPurpose.APPEAL for review in deciding)


def decide_appeal(decision: Decision, now: datetime) -> Appeal | None:
    """Write down what came of the appeal that led to this decision about a rejected request; None: there was none."""
    appeal = Appeal.objects.filter(
        request=decision.request_id, state=AppealState.HEARD, suspension__isnull=True
    ).first()
    if appeal is None:
        return None
    appeal.led_to = decision
    appeal = _decided(appeal, AppealOutcome(decision.outcome), decision.request, now)
    if decision.status == "final":
        tell_outcome(appeal, decision.reasons, now)
    return appeal


def tell_when_signed(decision: Decision, now: datetime) -> None:
    """Tell what came of the appeal, once what its panel approved is in force."""
    appeal = Appeal.objects.filter(led_to=decision).select_related("panel", "decision").first()
    if appeal is not None:
        appeal.request, appeal.led_to = decision.request, decision
        tell_outcome(appeal, decision.reasons, now)


def decide_appeal_of_suspension(
    review: BoardReview, outcome: AppealOutcome, reasons: str, now: datetime
) -> Appeal | None:
    """Write down that the panel lifted or upheld the suspension; None when the review isn't that of an appeal."""
    appeal = Appeal.objects.filter(panel=review.board_id, state=AppealState.HEARD).first()
    if appeal is None:
        return None
    appeal = _decided(appeal, outcome, review.request, now)
    tell_outcome(appeal, reasons, now)
    return appeal


def _decided(appeal: Appeal, outcome: AppealOutcome, request: ReviewRequest, now: datetime) -> Appeal:
    move_appeal(appeal, AppealEvent.DECIDE, now)
    appeal.request, appeal.outcome, appeal.decided_at = request, outcome, now
    appeal.save()
    trail.record(
        "appeal.decided",
        obj=appeal,
        actor=None,
        now=now,
        data={"number": appeal.number, "outcome": appeal.outcome},
    )
    return appeal


def take_up_again(decision: Decision, now: datetime) -> None:
    """Let the panel deliberate again, because legal staff or its chair would not sign what it decided."""
    appeal = Appeal.objects.filter(led_to=decision, state=AppealState.DECIDED).first()
    if appeal is None:
        return
    move_appeal(appeal, AppealEvent.NOT_SIGNED, now)
    appeal.request = decision.request
    appeal.outcome, appeal.decided_at, appeal.led_to = "", None, None
    appeal.save()
    trail.record(
        "appeal.reopened", obj=appeal, actor=None, now=now,
        data={"number": appeal.number, "decision": decision.number},
    )  # fmt: skip


def end_appeals(request: ReviewRequest, reason: str, now: datetime) -> list[Appeal]:
    """End the appeal of which nothing is left to decide; return it, if there is one, for who stops its panel."""
    ended = list(Appeal.objects.filter(request=request, state__in=rules.OPEN))
    for appeal in ended:
        move_appeal(appeal, AppealEvent.END, now)
        appeal.request, appeal.ending_reason = request, reason
        appeal.save()
        trail.record(
            "appeal.ended", obj=appeal, actor=None, now=now, reason=reason, data={"number": appeal.number}
        )
    return ended
