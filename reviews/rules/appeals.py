"""Appeals: how one goes, until when it is filed, what it asks to be looked at again, and what it may lead to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from reviews.rules.ballot import APPROVALS, MotionKind
from reviews.rules.boards_together import Key
from reviews.rules.lifecycle import RequestState
from reviews.rules.machine import NoSuchTransition, events_from, follow

__all__ = [
    "APPEALABLE",
    "OPEN",
    "TRANSITIONS",
    "AppealEvent",
    "AppealOutcome",
    "AppealState",
    "BoardBefore",
    "NoSuchTransition",
    "NotAppealable",
    "Round",
    "events_of",
    "next_state",
    "round_of_appeal",
    "why_not_appeal",
]


class AppealState(StrEnum):
    """Where an appeal stands."""

    FILED = "filed"
    HEARD = "heard"
    DECIDED = "decided"
    ENDED = "ended"


class AppealEvent(StrEnum):
    """What moves an appeal on."""

    FORM_PANEL = "form_panel"
    DECIDE = "decide"
    NOT_SIGNED = "not_signed"
    END = "end"


_S, _E = AppealState, AppealEvent

TRANSITIONS: dict[tuple[AppealState, AppealEvent], AppealState] = {
    (_S.FILED, _E.FORM_PANEL): _S.HEARD,
    (_S.HEARD, _E.DECIDE): _S.DECIDED,
    (_S.DECIDED, _E.NOT_SIGNED): _S.HEARD,
    (_S.FILED, _E.END): _S.ENDED,
    (_S.HEARD, _E.END): _S.ENDED,
}
"""NOT_SIGNED: what the panel decided waited for signatures and got none, so the panel deliberates again.
END: nothing is left to decide, because the request was withdrawn or the suspension ended without the panel.
"""

OPEN = frozenset({_S.FILED, _S.HEARD})

APPEALABLE = frozenset({RequestState.REJECTED, RequestState.SUSPENDED})


class AppealOutcome(StrEnum):
    """What came of an appeal: the panel's own words for it."""

    APPROVED = "approved"
    APPROVED_WITH_CONDITIONS = "approved_with_conditions"
    RETURNED = "returned"
    REJECTED = "rejected"
    LIFTED = "lifted"
    UPHELD = "upheld"


def next_state(state: AppealState, event: AppealEvent) -> AppealState:
    """Return the state that follows; raises NoSuchTransition when the table does not name one."""
    return follow(TRANSITIONS, AppealState(state), AppealEvent(event))


def events_of(state: AppealState) -> tuple[AppealEvent, ...]:
    """Return the events that the state allows."""
    return events_from(TRANSITIONS, AppealState(state))


class NotAppealable(StrEnum):
    """Why no appeal can be filed."""

    NOTHING_TO_APPEAL = "nothing_to_appeal"
    FILED_ALREADY = "filed_already"
    FINAL = "final"
    TOO_LATE = "too_late"


def why_not_appeal(
    state: RequestState, *, until: date | None, today: date, filed_already: bool
) -> NotAppealable | None:
    """Return why the decision, or the suspension, can't be appealed today; None if it can.

    `until`: the last day, where the board sits; None: what an appeal panel decided is final. Each decision and each
    suspension is appealed once.
    """
    if state not in APPEALABLE:
        return NotAppealable.NOTHING_TO_APPEAL
    if filed_already:
        return NotAppealable.FILED_ALREADY
    if until is None:
        return NotAppealable.FINAL
    return NotAppealable.TOO_LATE if today > until else None


@dataclass(frozen=True, slots=True)
class BoardBefore:
    """A board of the round that is appealed, and the motion that it passed; None: its work was stopped."""

    board: Key
    passed: MotionKind | None
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Round:
    """Who judges in the round of an appeal: whom the panel replaces, who goes on, whose approval stands."""

    replaced: tuple[Key, ...]
    go_on: tuple[Key, ...]
    stand: tuple[Key, ...]
    panel_leads: bool


def round_of_appeal(before: Sequence[BoardBefore]) -> Round:
    """Return the round in which the panel looks at a rejected request again; raises ValueError if nothing rejected it.

    The panel sits in the place of the boards that rejected it, and of no other: a board whose work was stopped goes
    on, and an approval that a board gave on the same revision stands. So a panel formed for one kind of board never
    decides for another (P).
    """
    replaced = tuple(row.board for row in before if row.passed == MotionKind.REJECT)
    if not replaced:
        raise ValueError("No board rejected the request.")
    return Round(
        replaced=replaced,
        go_on=tuple(row.board for row in before if row.passed is None),
        stand=tuple(row.board for row in before if row.passed in APPROVALS),
        panel_leads=any(row.leads and row.board in replaced for row in before),
    )
