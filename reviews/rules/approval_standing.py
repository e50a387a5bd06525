"""How an approval stands for those who release by it, from what became of the decision and of its request."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reviews.rules.lifecycle import RequestState


class Stand(StrEnum):
    """Whether the approval allows a release; the words are those of the status list."""

    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"


class Because(StrEnum):
    """Codes of reasons in the status list (docs/attestations.md)."""

    SUSPENDED_BY_PERSON = "suspended_by_person"
    CONDITION_OVERDUE = "condition_overdue"
    RATIFIED = "ratified_by_board"
    WITHDRAWN = "withdrawn"
    NEWER_DECISION = "newer_decision"
    DATE_PASSED = "date_passed"


@dataclass(frozen=True, slots=True)
class Approval:
    """What the rows say: `ended_at` of the decision, `replaced` when a newer decision ended it, the open suspension."""

    approved_at: datetime
    request_state: str
    ended_at: datetime | None
    replaced: bool
    suspended_at: datetime | None = None
    by_policy: bool = False
    ratified_at: datetime | None = None


def stands(approval: Approval) -> tuple[Stand, datetime, str]:
    """Return how it stands, since when, and the code of the reason ("" while it is valid).

    An approval that a newer one superseded without ending it stays valid for its own digest (process.md, section 2).
    """
    if approval.request_state == RequestState.WITHDRAWN:
        return Stand.REVOKED, approval.ended_at or approval.approved_at, Because.WITHDRAWN.value
    if approval.ended_at is not None:
        if approval.replaced:
            return Stand.SUPERSEDED, approval.ended_at, Because.NEWER_DECISION.value
        return Stand.EXPIRED, approval.ended_at, Because.DATE_PASSED.value
    if approval.suspended_at is not None:
        return Stand.SUSPENDED, approval.suspended_at, _because(approval).value
    return Stand.VALID, approval.approved_at, ""


def _because(approval: Approval) -> Because:
    if approval.ratified_at is not None:
        return Because.RATIFIED
    return Because.CONDITION_OVERDUE if approval.by_policy else Because.SUSPENDED_BY_PERSON
