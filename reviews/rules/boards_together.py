"""Several boards on one request: all must approve, one can return or reject, and who may overrule whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from reviews.rules.ballot import APPROVALS, MotionKind
from reviews.rules.lifecycle import RequestEvent
from reviews.rules.roster import Person


class BoardKind(StrEnum):
    """What a board judges."""

    ETHICS = "ethics"
    LEGAL = "legal"
    SAFETY = "safety"


NOT_OVERRULED_BY_OTHERS = frozenset({BoardKind.SAFETY, BoardKind.LEGAL})

Key = Person
Condition = TypeVar("Condition")


@dataclass(frozen=True, slots=True)
class BoardOutcome:
    """A board and the motion that it passed last; None while its review is open."""

    board: Key
    passed: MotionKind | None = None


@dataclass(frozen=True, slots=True)
class Together:
    """What the boards mean together: the event of the request, by whose decision, whose work stops."""

    event: RequestEvent | None
    decided_by: tuple[Key, ...] = ()
    stops: tuple[Key, ...] = ()
    waits_for: tuple[Key, ...] = ()


def decide_together(outcomes: Sequence[BoardOutcome]) -> Together:
    """Return what follows for the request.

    A passed *reject* rejects it at once and a passed *return* sends it back at once; the open work of the
    others stops. Of both, which can only meet in one moment, reject is stronger. Without boards nothing is
    decided.
    """
    waiting = tuple(outcome.board for outcome in outcomes if outcome.passed is None)
    for kind, event in (
        (MotionKind.REJECT, RequestEvent.BOARDS_REJECT),
        (MotionKind.RETURN, RequestEvent.BOARDS_RETURN),
    ):
        deciding = tuple(outcome.board for outcome in outcomes if outcome.passed == kind)
        if deciding:
            return Together(event, deciding, stops=waiting)
    if outcomes and all(outcome.passed in APPROVALS for outcome in outcomes):
        return Together(RequestEvent.BOARDS_APPROVE, tuple(outcome.board for outcome in outcomes))
    return Together(None, waits_for=waiting)


def join_conditions(by_board: Sequence[Sequence[Condition]]) -> tuple[Condition, ...]:
    """Return the conditions of all boards in the order of the boards: none replaces another."""
    return tuple(condition for conditions in by_board for condition in conditions)


def may_override(*, blocking: Key, blocking_kind: BoardKind, overriding: Key) -> bool:
    """Whether a board may override a block: its own always, another's unless that is safety or legal."""
    return blocking == overriding or blocking_kind not in NOT_OVERRULED_BY_OTHERS
