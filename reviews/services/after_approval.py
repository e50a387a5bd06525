"""What follows when a ballot about an approval has ended: a suspension ratified or lifted, an approval that goes on."""

from datetime import datetime

from reviews.models import Ballot
from reviews.rules.appeals import AppealOutcome
from reviews.rules.ballot import BallotResult, MotionKind
from reviews.services.appeal_outcome import decide_appeal_of_suspension
from reviews.services.conditions_waived import waived
from reviews.services.continuing import continued
from reviews.services.suspension_voted import lifted, ratified
from reviews.services.taking_up import go_on

OF_SUSPENSION = {MotionKind.RATIFY: AppealOutcome.UPHELD, MotionKind.LIFT: AppealOutcome.LIFTED}
"""What a motion means when the panel of an appeal passes it."""


def follow(ballot: Ballot, now: datetime) -> None:
    """Do what the closed ballot decided; a motion that failed decides nothing. The caller has locked the request."""
    if ballot.result != BallotResult.PASSED:
        return
    if ballot.kind in OF_SUSPENSION:
        decide_appeal_of_suspension(ballot.review, OF_SUSPENSION[MotionKind(ballot.kind)], ballot.text, now)
    match ballot.kind:
        case MotionKind.RATIFY:
            ratified(ballot, now)
        case MotionKind.LIFT:
            lifted(ballot, now)
        case MotionKind.CONTINUE:
            continued(ballot, now)
        case MotionKind.WAIVE:
            waived(ballot, now)
    go_on(ballot.review.request, now)
