"""How the controls of a framework stand for a project: counted by their last accepted answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from compliance.rules.completeness import AnswerState


class Standing(StrEnum):
    """What a cell shows, by the answer that asks most for attention."""

    NOT_MET = "not_met"
    PARTLY = "partly"
    MET = "met"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Counted:
    """How many controls have which answer."""

    met: int = 0
    partly: int = 0
    not_met: int = 0
    not_applicable: int = 0

    @property
    def applicable(self) -> int:
        """Return how many controls apply."""
        return self.met + self.partly + self.not_met

    @property
    def standing(self) -> Standing | None:
        """Return what the answers come to; None when nothing was accepted."""
        if self.not_met:
            return Standing.NOT_MET
        if self.partly:
            return Standing.PARTLY
        if self.met:
            return Standing.MET
        return Standing.NOT_APPLICABLE if self.not_applicable else None


def count(states: Iterable[str]) -> Counted:
    """Count answers by their states."""
    found = list(states)
    return Counted(*(found.count(state) for state in AnswerState))
