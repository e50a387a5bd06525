"""What keeps a dossier from being submitted, and what a revision of it would say."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from imprimatur.dossier.questionnaire import AnswerProblem
from registry.models import ModelVersion
from reviews.models import ReviewRequest, Revision
from reviews.rules.lifecycle import RequestState
from reviews.selectors.dossier import Dossier
from reviews.selectors.revisions import content_of

SCHEMA = "imprimatur/revision/v1"


class Gap(StrEnum):
    """What a dossier needs besides its answers."""

    MANIFEST = "manifest"
    WHY = "why"
    NOTHING_CHANGED = "nothing_changed"


@dataclass(frozen=True, slots=True)
class Gaps:
    """Everything that keeps the dossier from being submitted."""

    answers: tuple[AnswerProblem, ...] = ()
    others: tuple[Gap, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.answers or self.others)


def gaps_of(
    request: ReviewRequest,
    dossier: Dossier,
    last: Revision | None,
    *,
    why: str | None = None,
    frozen: dict[str, Any] | None = None,
) -> Gaps:
    """Return what is missing; with `why` None the reason of a later revision is not asked for yet (on the page)."""
    others = []
    if request.version.manifest_id is None:
        others.append(Gap.MANIFEST)
    if last is not None and why is not None and not why.strip():
        others.append(Gap.WHY)
    if last is not None and request.state == RequestState.IN_REVIEW:
        now = frozen or frozen_content(request, request.version, dossier)
        if all(now[part] == content_of(last)[part] for part in ("answers", "manifest", "version", "purpose")):
            others.append(Gap.NOTHING_CHANGED)
    return Gaps(dossier.problems, tuple(others))


def frozen_content(request: ReviewRequest, version: ModelVersion, dossier: Dossier) -> dict[str, Any]:
    """Return what the revision says, as canonical JSON allows it; answers in the order of the questions."""
    manifest = version.manifest
    return {
        "schema": SCHEMA,
        "reference": request.reference,
        "language": request.language,
        "purpose": request.purpose,
        "questionnaire": request.questionnaire,
        "version": _facts(version),
        "manifest": {
            "sha256": manifest.sha256, "file_count": manifest.file_count, "total_size": manifest.total_size,
        } if manifest else {"sha256": "", "file_count": 0, "total_size": None},
        "answers": [
            {
                "question": question.key,
                "value": dossier.given.answers.get(question.key),
                "files": [
                    {"id": file.pk, "name": file.name, "sha256": file.sha256, "size": file.size}
                    for file in dossier.files.get(question.key, [])
                ],
            }
            for question in dossier.asked
        ],
    }  # fmt: skip


def _facts(version: ModelVersion) -> dict[str, Any]:
    """Return the facts of the version; large numbers as text."""
    flop, parameters = version.training_compute_flop, version.parameters
    return {
        "project": version.model.project.name,
        "model": version.model.name,
        "number": version.number,
        "summary": version.summary,
        "modalities": list(version.modalities),
        "base_model": version.base_model,
        "relation": str(version.relation),
        "parameters": "" if parameters is None else str(parameters),
        "training_compute_flop": "" if flop is None else f"{flop:f}",
        "licence": version.licence,
        "channel": str(version.channel),
        "markets": list(version.markets),
    }
