"""Minutes: their life, who may approve them, and which of their texts people write."""

from enum import StrEnum

from reviews.rules.machine import follow


class MinutesState(StrEnum):
    """Where minutes stand; approved ones never change."""

    WRITING = "writing"
    CIRCULATED = "circulated"
    APPROVED = "approved"


class MinutesEvent(StrEnum):
    """What moves minutes on. CORRECT takes circulated ones back into writing, for a further version."""

    CIRCULATE = "circulate"
    CORRECT = "correct"
    APPROVE = "approve"


class PartKind(StrEnum):
    """The free texts: before and after the items; of an item what was disputed and settled, and the basis."""

    OPENING = "opening"
    DISCUSSION = "discussion"
    BASIS = "basis"
    CLOSING = "closing"


OF_MEETING = (PartKind.OPENING, PartKind.CLOSING)
OF_ITEM = (PartKind.DISCUSSION, PartKind.BASIS)

_S, _E = MinutesState, MinutesEvent

TRANSITIONS: dict[tuple[MinutesState, MinutesEvent], MinutesState] = {
    (_S.WRITING, _E.CIRCULATE): _S.CIRCULATED,
    (_S.CIRCULATED, _E.CORRECT): _S.WRITING,
    (_S.CIRCULATED, _E.APPROVE): _S.APPROVED,
}


def next_state(state: MinutesState, event: MinutesEvent) -> MinutesState:
    """Return the state that follows; raises NoSuchTransition when the table does not name one."""
    return follow(TRANSITIONS, MinutesState(state), MinutesEvent(event))


class NotApprovable(StrEnum):
    """Why somebody may not approve the minutes."""

    NOT_CIRCULATED = "not_circulated"
    OWN_WORK = "own_work"
    NOT_THE_CHAIR = "not_the_chair"
    RECUSED = "recused"


def why_not_approve(
    state: MinutesState, *, is_writer: bool, is_chair: bool, in_meeting: bool, recused: bool
) -> NotApprovable | None:
    """Return why a person may not approve the minutes, or None.

    The chair approves them, or whoever keeps a later meeting of the board (`in_meeting`) writes down that it did;
    never who wrote them, and nobody who had to leave at one of their items (`recused`) as the chair.
    """
    if state != MinutesState.CIRCULATED:
        return NotApprovable.NOT_CIRCULATED
    if is_writer:
        return NotApprovable.OWN_WORK
    if not (is_chair or in_meeting):
        return NotApprovable.NOT_THE_CHAIR
    if recused and not in_meeting:
        return NotApprovable.RECUSED
    return None
