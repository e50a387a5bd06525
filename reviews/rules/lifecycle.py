"""The life of a request, from draft to the end of its approval: one table (process.md, section 2)."""

from enum import StrEnum

from reviews.rules.machine import NoSuchTransition, events_from, follow

__all__ = [
    "BEFORE_APPROVAL",
    "FINAL",
    "IN_FORCE",
    "TRANSITIONS",
    "NoSuchTransition",
    "RequestEvent",
    "RequestState",
    "events_of",
    "lifting",
    "next_state",
]


class RequestState(StrEnum):
    """Where a request stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    TRIAGE = "triage"
    IN_REVIEW = "in_review"
    DECIDED = "decided"
    APPROVED = "approved"
    RELEASED = "released"
    SUSPENDED = "suspended"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


class RequestEvent(StrEnum):
    """What moves a request on."""

    SUBMIT = "submit"
    SEND_BACK = "send_back"
    ACCEPT = "accept"
    ROUTE = "route"
    BOARDS_APPROVE = "boards_approve"
    BOARDS_RETURN = "boards_return"
    BOARDS_REJECT = "boards_reject"
    EXEMPT = "exempt"
    SIGN = "sign"
    REFUSE = "refuse"
    RELEASE = "release"
    SUSPEND = "suspend"
    LIFT = "lift"
    LIFT_AFTER_RELEASE = "lift_after_release"
    EXPIRE = "expire"
    SUPERSEDE = "supersede"
    WITHDRAW = "withdraw"
    APPEAL = "appeal"
    HEAR_APPEAL = "hear_appeal"
    OVERTURN = "overturn"


_S, _E = RequestState, RequestEvent

TRANSITIONS: dict[tuple[RequestState, RequestEvent], RequestState] = {
    (_S.DRAFT, _E.SUBMIT): _S.SUBMITTED,
    (_S.SUBMITTED, _E.SEND_BACK): _S.DRAFT,
    (_S.SUBMITTED, _E.ACCEPT): _S.TRIAGE,
    (_S.TRIAGE, _E.ROUTE): _S.IN_REVIEW,
    (_S.IN_REVIEW, _E.BOARDS_APPROVE): _S.DECIDED,
    (_S.IN_REVIEW, _E.BOARDS_RETURN): _S.DRAFT,
    (_S.IN_REVIEW, _E.BOARDS_REJECT): _S.REJECTED,
    (_S.IN_REVIEW, _E.EXEMPT): _S.DECIDED,
    (_S.DECIDED, _E.SIGN): _S.APPROVED,
    (_S.DECIDED, _E.REFUSE): _S.IN_REVIEW,
    (_S.APPROVED, _E.RELEASE): _S.RELEASED,
    (_S.APPROVED, _E.SUSPEND): _S.SUSPENDED,
    (_S.RELEASED, _E.SUSPEND): _S.SUSPENDED,
    (_S.SUSPENDED, _E.LIFT): _S.APPROVED,
    (_S.SUSPENDED, _E.LIFT_AFTER_RELEASE): _S.RELEASED,
    (_S.APPROVED, _E.EXPIRE): _S.EXPIRED,
    (_S.RELEASED, _E.EXPIRE): _S.EXPIRED,
    (_S.APPROVED, _E.SUPERSEDE): _S.SUPERSEDED,
    (_S.RELEASED, _E.SUPERSEDE): _S.SUPERSEDED,
    (_S.DRAFT, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.SUBMITTED, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.TRIAGE, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.IN_REVIEW, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.DECIDED, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.SUSPENDED, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.REJECTED, _E.APPEAL): _S.REJECTED,
    (_S.SUSPENDED, _E.APPEAL): _S.SUSPENDED,
    (_S.REJECTED, _E.HEAR_APPEAL): _S.IN_REVIEW,
    (_S.SUSPENDED, _E.HEAR_APPEAL): _S.SUSPENDED,
    (_S.APPROVED, _E.OVERTURN): _S.WITHDRAWN,
    (_S.RELEASED, _E.OVERTURN): _S.WITHDRAWN,
    (_S.SUSPENDED, _E.OVERTURN): _S.WITHDRAWN,
}
"""APPEAL: the requester filed one. HEAR_APPEAL: its panel begins; a rejected request is reviewed again, a suspended one
stays suspended until the panel lifts that. OVERTURN: the full review of a provisional approval rejected it.
"""

BEFORE_APPROVAL = frozenset({_S.DRAFT, _S.SUBMITTED, _S.TRIAGE, _S.IN_REVIEW, _S.DECIDED})
IN_FORCE = frozenset({_S.APPROVED, _S.RELEASED})
FINAL = frozenset({_S.REJECTED, _S.WITHDRAWN, _S.EXPIRED, _S.SUPERSEDED})


def next_state(state: RequestState, event: RequestEvent) -> RequestState:
    """Return the state that follows; raises NoSuchTransition when the table does not name one."""
    return follow(TRANSITIONS, RequestState(state), RequestEvent(event))


def events_of(state: RequestState) -> tuple[RequestEvent, ...]:
    """Return the events that the state allows."""
    return events_from(TRANSITIONS, RequestState(state))


def lifting(suspended_from: RequestState) -> RequestEvent:
    """Return the event that ends a suspension and leads back to where it began, also when it lapses.

    Raises ValueError when that is no state from which one can be suspended.
    """
    if suspended_from not in IN_FORCE:
        raise ValueError(f"Nothing is suspended from {suspended_from}.")
    return _E.LIFT_AFTER_RELEASE if suspended_from == _S.RELEASED else _E.LIFT
