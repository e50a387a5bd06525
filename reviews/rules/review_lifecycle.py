"""The review of one board, from its assignment to its closing: one table (process.md, section 2)."""

from enum import StrEnum

from reviews.rules.machine import NoSuchTransition, events_from, follow

__all__ = [
    "OPEN",
    "TRANSITIONS",
    "Matter",
    "NoSuchTransition",
    "ReviewEvent",
    "ReviewState",
    "clock_of",
    "events_of",
    "next_state",
]


class ReviewState(StrEnum):
    """Where the review of a board stands."""

    ASSIGNED = "assigned"
    READING = "reading"
    QUESTIONS = "questions"
    DELIBERATING = "deliberating"
    BALLOTING = "balloting"
    TABLED = "tabled"
    DEFERRED = "deferred"
    CLOSED = "closed"


class Matter(StrEnum):
    """What the board's review is about now; a review that was closed is taken up again after the approval."""

    RELEASE = "release"
    SUSPENSION = "suspension"
    CONTINUING = "continuing"
    CONDITION = "condition"


class ReviewEvent(StrEnum):
    """What moves the review of a board on."""

    READ = "read"
    ASK = "ask"
    ALL_ANSWERED = "all_answered"
    DELIBERATE = "deliberate"
    OPEN_BALLOT = "open_ballot"
    MOTION_PASSED = "motion_passed"
    MOTION_FAILED = "motion_failed"
    OVERRIDDEN = "overridden"
    LOSE_QUORUM = "lose_quorum"
    REGAIN_QUORUM = "regain_quorum"
    DEFER = "defer"
    RESUME = "resume"
    REVISE = "revise"
    STOP = "stop"
    REOPEN = "reopen"
    REASSIGN = "reassign"
    RECONSIDER = "reconsider"
    EXEMPT = "exempt"
    ESCALATE = "escalate"


_S, _E = ReviewState, ReviewEvent

TRANSITIONS: dict[tuple[ReviewState, ReviewEvent], ReviewState] = {
    (_S.ASSIGNED, _E.READ): _S.READING,
    (_S.READING, _E.ASK): _S.QUESTIONS,
    (_S.DELIBERATING, _E.ASK): _S.QUESTIONS,
    (_S.QUESTIONS, _E.ASK): _S.QUESTIONS,
    (_S.QUESTIONS, _E.ALL_ANSWERED): _S.READING,
    (_S.READING, _E.DELIBERATE): _S.DELIBERATING,
    (_S.QUESTIONS, _E.DELIBERATE): _S.DELIBERATING,
    (_S.DELIBERATING, _E.OPEN_BALLOT): _S.BALLOTING,
    (_S.BALLOTING, _E.MOTION_PASSED): _S.CLOSED,
    (_S.BALLOTING, _E.MOTION_FAILED): _S.DELIBERATING,
    (_S.BALLOTING, _E.OVERRIDDEN): _S.DELIBERATING,
    (_S.BALLOTING, _E.LOSE_QUORUM): _S.TABLED,
    (_S.DELIBERATING, _E.LOSE_QUORUM): _S.TABLED,
    (_S.TABLED, _E.REGAIN_QUORUM): _S.DELIBERATING,
    (_S.READING, _E.DEFER): _S.DEFERRED,
    (_S.DELIBERATING, _E.DEFER): _S.DEFERRED,
    (_S.DEFERRED, _E.RESUME): _S.DELIBERATING,
    (_S.ASSIGNED, _E.REVISE): _S.ASSIGNED,
    (_S.READING, _E.REVISE): _S.READING,
    (_S.QUESTIONS, _E.REVISE): _S.READING,
    (_S.DELIBERATING, _E.REVISE): _S.READING,
    (_S.TABLED, _E.REVISE): _S.READING,
    (_S.DEFERRED, _E.REVISE): _S.READING,
    (_S.ASSIGNED, _E.STOP): _S.CLOSED,
    (_S.READING, _E.STOP): _S.CLOSED,
    (_S.QUESTIONS, _E.STOP): _S.CLOSED,
    (_S.DELIBERATING, _E.STOP): _S.CLOSED,
    (_S.BALLOTING, _E.STOP): _S.CLOSED,
    (_S.TABLED, _E.STOP): _S.CLOSED,
    (_S.DEFERRED, _E.STOP): _S.CLOSED,
    (_S.CLOSED, _E.REOPEN): _S.DELIBERATING,
    (_S.CLOSED, _E.REASSIGN): _S.ASSIGNED,
    (_S.CLOSED, _E.RECONSIDER): _S.DELIBERATING,
    (_S.ASSIGNED, _E.EXEMPT): _S.CLOSED,
    (_S.READING, _E.EXEMPT): _S.CLOSED,
    (_S.DELIBERATING, _E.EXEMPT): _S.CLOSED,
    (_S.BALLOTING, _E.ESCALATE): _S.DELIBERATING,
    (_S.TABLED, _E.ESCALATE): _S.DELIBERATING,
    (_S.CLOSED, _E.ESCALATE): _S.DELIBERATING,
}
"""OVERRIDDEN: a ballot overrode a block while none was held; it decides nothing about the request.
REOPEN: legal or the chair would not sign, and the board deliberates again on a new motion.
RECONSIDER: after the approval the board takes its review up again, about a suspension, a continuing review or the
waiver of a condition; what it passed about the release stays as it is.
EXEMPT: the request was determined to be exempt, without a ballot.
ESCALATE: a doubt sends the request to a stricter procedure; what was passed or balloted under the other one is put
again under its rules, and work that is open goes on.
REASSIGN: the request came back from draft with a new revision. A revision cannot come while a ballot is
open, because a motion is frozen with the revision that it is about.
"""

OPEN = frozenset(set(ReviewState) - {_S.CLOSED})


def next_state(state: ReviewState, event: ReviewEvent) -> ReviewState:
    """Return the state that follows; raises NoSuchTransition when the table does not name one."""
    return follow(TRANSITIONS, ReviewState(state), ReviewEvent(event))


def events_of(state: ReviewState) -> tuple[ReviewEvent, ...]:
    """Return the events that the state allows."""
    return events_from(TRANSITIONS, ReviewState(state))


def clock_of(state: ReviewState) -> str:
    """Return what the clock of the review does in the state: running, paused (open questions) or idle.

    The codes are those of `records.context.ClockState`.
    """
    if state == _S.CLOSED:
        return "idle"
    return "paused" if state in (_S.QUESTIONS, _S.DEFERRED) else "running"
