"""How the state machines of reviews are read: one table for each, followed, listed and drawn."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

State = TypeVar("State", bound=StrEnum)
Event = TypeVar("Event", bound=StrEnum)


class NoSuchTransition(ValueError):  # noqa: N818 -- named as the fact it reports
    """The table has no way from this state by this event; `state` and `event` are the codes."""

    def __init__(self, state: StrEnum, event: StrEnum) -> None:
        super().__init__(f"There is no way from {state.value} by {event.value}.")
        self.state = state
        self.event = event


def follow(table: Mapping[tuple[State, Event], State], state: State, event: Event) -> State:
    """Return the state that follows; raises NoSuchTransition when the table does not name one."""
    try:
        return table[state, event]
    except KeyError:
        raise NoSuchTransition(state, event) from None


def events_from(table: Mapping[tuple[State, Event], State], state: State) -> tuple[Event, ...]:
    """Return the events that the state allows, in the order of the table."""
    return tuple(event for before, event in table if before == state)


def diagram(table: Mapping[tuple[State, Event], State], start: State) -> str:
    """Return the table as a Mermaid state diagram, in the order of the table."""
    lines = ["stateDiagram-v2", f"    [*] --> {start.value}"]
    for (before, event), after in table.items():
        lines.append(f"    {before.value} --> {after.value}: {event.value}")
    leaving = {before for before, event in table if table[before, event] != before}
    ends = [state for state in dict.fromkeys(table.values()) if state not in leaving]
    lines += [f"    {state.value} --> [*]" for state in ends]
    return "\n".join(lines)
