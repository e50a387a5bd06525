"""What an assessment still lacks before it can be given to the reviewer."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class AnswerState(StrEnum):
    """What the owner says about a control."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"


class Gap(StrEnum):
    """What a control lacks."""

    ANSWER = "answer"
    REASON = "reason"
    EVIDENCE = "evidence"


NEEDS_REASON = frozenset({AnswerState.PARTLY, AnswerState.NOT_MET, AnswerState.NOT_APPLICABLE})
NEEDS_EVIDENCE = frozenset({AnswerState.MET, AnswerState.PARTLY})


@dataclass(frozen=True, slots=True)
class ControlFacts:
    """A control as the owner answered it; `state` "" means not yet."""

    number: str
    state: str
    comment: str
    evidence_wanted: bool
    evidence_count: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an assessment is: `complete` controls lack nothing, `begun` ones have an answer but lack something."""

    total: int
    complete: int
    begun: int

    @property
    def untouched(self) -> int:
        """Return the number of controls without an answer."""
        return self.total - self.complete - self.begun


def gap_of(facts: ControlFacts) -> Gap | None:
    """Return the first thing that the control lacks, or None.

    "Partly", "not met" and "not applicable" need a reason; "met" and "partly" need evidence where the control wants it.
    """
    if not facts.state:
        return Gap.ANSWER
    if facts.state in NEEDS_REASON and not facts.comment.strip():
        return Gap.REASON
    if facts.state in NEEDS_EVIDENCE and facts.evidence_wanted and facts.evidence_count < 1:
        return Gap.EVIDENCE
    return None


def gaps(controls: Iterable[ControlFacts]) -> dict[Gap, tuple[str, ...]]:
    """Return the numbers of the controls that lack something, by what they lack; empty when it can be submitted."""
    found: dict[Gap, list[str]] = {}
    for facts in controls:
        if gap := gap_of(facts):
            found.setdefault(gap, []).append(facts.number)
    return {gap: tuple(found[gap]) for gap in Gap if gap in found}


def progress(controls: Iterable[ControlFacts]) -> Progress:
    """Count how many controls are complete and how many are begun."""
    total = complete = begun = 0
    for facts in controls:
        total += 1
        gap = gap_of(facts)
        complete += gap is None
        begun += gap not in {None, Gap.ANSWER}
    return Progress(total, complete, begun)
