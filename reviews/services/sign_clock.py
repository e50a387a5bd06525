"""Until when the next signature is due: from the decision for legal staff, from theirs for the chair."""

from datetime import datetime

from reviews.models import Board, Decision
from reviews.rules.explaining import DateKind
from reviews.services.reckoning import keep, reckon


def let_sign(decision: Decision, board: Board, now: datetime) -> None:
    """Begin the time within which the next one signs, by the calendar of the leading board."""
    reckoned = reckon(DateKind.SIGNATURE, board, now, procedure=decision.request.procedure)
    decision.sign_by = reckoned.due
    decision.save(update_fields=["sign_by"])
    keep(decision, reckoned, now=now, request=decision.request)
