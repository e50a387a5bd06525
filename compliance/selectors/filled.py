"""The controls of an assessment with what the owner has said and shown."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from compliance.models import Answer, Assessment, Control, Evidence
from compliance.rules.completeness import ControlFacts, Gap, gap_of
from compliance.selectors.libraries import controls_of


@dataclass(frozen=True, slots=True)
class FilledControl:
    """A control, its answer ("" for none) and its files."""

    control: Control
    state: str
    comment: str
    answer: Answer | None
    evidence: tuple[Evidence, ...]
    withdrawn: tuple[Evidence, ...]
    replaced: tuple[Evidence, ...] = ()

    @property
    def facts(self) -> ControlFacts:
        """Return what the rules need to know."""
        return ControlFacts(
            self.control.number, self.state, self.comment, self.control.evidence_required, len(self.evidence)
        )

    @property
    def gap(self) -> Gap | None:
        """Return what it lacks."""
        return gap_of(self.facts)


def filled_controls(assessment: Assessment) -> list[FilledControl]:
    """Return the controls of the assessment in their order; three queries."""
    answers = {row.control_id: row for row in assessment.answers.select_related("changed_by")}
    files: dict[int, list[Evidence]] = defaultdict(list)
    for row in assessment.evidence.select_related("added_by", "withdrawn_by", "replaced_by"):
        files[row.control_id].append(row)
    return [
        _filled(control, answers.get(control.pk), files[control.pk])
        for control in controls_of(assessment.library, assessment.control_numbers)
    ]


def _filled(control: Control, answer: Answer | None, files: list[Evidence]) -> FilledControl:
    return FilledControl(
        control,
        answer.state if answer else "",
        answer.comment if answer else "",
        answer,
        tuple(file for file in files if not file.withdrawn_at and not hasattr(file, "replaced_by")),
        tuple(file for file in files if file.withdrawn_at),
        tuple(file for file in files if not file.withdrawn_at and hasattr(file, "replaced_by")),
    )


def facts_of(controls: Iterable[FilledControl]) -> list[ControlFacts]:
    """Return the facts of all controls."""
    return [control.facts for control in controls]


def states_counted(controls: Iterable[FilledControl]) -> dict[str, int]:
    """Return how many controls have which answer."""
    return dict(Counter(control.state or "open" for control in controls))
