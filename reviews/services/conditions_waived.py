"""Waiving a condition of an approval: only by a ballot of the board that set it."""

from datetime import datetime

from audit import trail
from reviews.models import Ballot
from reviews.models.condition import SETTLED
from reviews.services.attesting import attest_later


def waived(ballot: Ballot, now: datetime) -> None:
    """Waive the condition by the ballot: it holds nothing any more, and stays on record. By the system."""
    condition = ballot.motion.condition
    assert condition is not None  # a constraint of motions
    if condition.state in SETTLED:
        return
    condition.state, condition.waived_at, condition.waived_ballot = "waived", ballot.closed_at, ballot
    condition.save(update_fields=["state", "waived_at", "waived_ballot"])
    trail.record(
        "condition.waived", obj=condition, actor=None, now=now, reason=ballot.text,
        data={"number": condition.number, "ballot": ballot.number},
    )  # fmt: skip
    attest_later(condition.decision.request, "condition_waived", now)
