"""What was answered the last time: a proposal beside each control, never an answer by itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from compliance.models import Answer, Assessment, Control
from compliance.rules.lifecycle import AssessmentState
from compliance.selectors.words import ANSWERS, Badge


@dataclass(frozen=True, slots=True)
class Last:
    """An accepted answer of an earlier run; `asks_other`: the control asked something else then."""

    state: str
    comment: str
    badge: Badge
    accepted_at: datetime
    about: str
    asks_other: bool


def last_answers(assessment: Assessment, controls: Iterable[Control]) -> dict[str, Last]:
    """Return by number of the control the answer of the newest accepted run about the same thing; one query.

    Who fills in or reviews this run sees it, also when the earlier one was not theirs: it is what they go on from.

    For a model version without an earlier run of its own, runs of earlier versions of the same model count.
    """
    same = Q(scope=assessment.scope, board=assessment.board, project=assessment.project_id)
    about = same & Q(version=assessment.version_id)
    if assessment.version is not None:
        about |= same & Q(version__model=assessment.version.model_id)
    runs = Assessment.objects.filter(about, library__code=assessment.library.code)
    before = runs.filter(state=AssessmentState.ACCEPTED, created_at__lt=assessment.created_at).exclude(
        pk=assessment.pk
    )
    answers = Answer.objects.filter(assessment__in=before.order_by().values("pk")).exclude(state="")
    rows = answers.select_related("control", "assessment__version__model").defer("assessment__content")
    texts = {row.number: (row.text_en, row.text_zh) for row in controls}
    own = assessment.version_id
    newest_last = sorted(
        rows,
        key=lambda row: (row.assessment.version_id == own, row.assessment.accepted_at, row.assessment_id),
    )
    return {row.control.number: _last(row, texts, own) for row in newest_last if row.control.number in texts}


def _last(row: Answer, texts: dict[str, tuple[str, str]], own_version: int | None) -> Last:
    run, control = row.assessment, row.control
    if run.accepted_at is None:
        raise ValueError(f"Assessment {run.pk} was never accepted.")
    return Last(
        state=row.state, comment=row.comment, badge=ANSWERS[row.state], accepted_at=run.accepted_at,
        about="" if run.version_id == own_version else str(run.version),
        asks_other=texts[control.number] != (control.text_en, control.text_zh),
    )  # fmt: skip
