"""Submitting a dossier: it is frozen as a numbered revision with its digest, or every gap is named at once."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from records.canonical import canonical, digest
from registry.models import ModelVersion
from reviews.models import ReviewRequest, Revision
from reviews.permissions import drafting
from reviews.permissions.reasons import require
from reviews.permissions.sight import request_to_change
from reviews.rules.lifecycle import RequestEvent, RequestState
from reviews.rules.questionnaire import AnswerProblem
from reviews.selectors.dossier import Dossier, dossier_of
from reviews.selectors.revisions import content_of
from reviews.services import staleness
from reviews.services.progress import move_request

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


class Incomplete(Refused):
    """The dossier has gaps; nothing was submitted. `gaps` names all of them."""

    def __init__(self, gaps: Gaps) -> None:
        numbers = ", ".join(problem.question.number for problem in gaps.answers)
        super().__init__(
            _("The dossier isn't complete, so nothing was submitted. Answers are missing: {numbers}.").format(
                numbers=numbers
            )
            if gaps.answers
            else _("The dossier isn't complete, so nothing was submitted.")
        )
        self.gaps = gaps


@transaction.atomic
def submit_revision(*, actor: User, request_id: int, why: str = "", now: datetime) -> Revision:
    """Freeze the dossier as the next revision: a draft goes to the secretary, a request in review stays there.

    `why` says what changed and is asked for from the second revision on. Raises Incomplete with all gaps.
    """
    request = request_to_change(actor, request_id, now)
    require(drafting.why_not_submit(actor, request, now))
    version = _version_of(request)
    request.version = version
    dossier, last = dossier_of(request), request.revisions.order_by("number").last()
    frozen = _frozen(request, version, dossier)
    if gaps := gaps_of(request, dossier, last, why=why, frozen=frozen):
        raise Incomplete(gaps)
    revision = _freeze(request, frozen, (last.number if last else 0) + 1, actor, why.strip(), now)
    if request.state == RequestState.DRAFT:
        _hand_in(request, revision, actor, now)
    else:
        trail.record("revision.submitted", obj=request, actor=actor, now=now, data=_data(revision), reason=why)
        staleness.on_new_revision(request, revision, now)
    return revision


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
        now = frozen or _frozen(request, request.version, dossier)
        if all(now[part] == content_of(last)[part] for part in ("answers", "manifest", "version", "purpose")):
            others.append(Gap.NOTHING_CHANGED)
    return Gaps(dossier.problems, tuple(others))


def _version_of(request: ReviewRequest) -> ModelVersion:
    """Return the version with its row locked: no other manifest takes its place while the revision is frozen."""
    return (
        ModelVersion.objects.select_for_update(of=("self",))
        .select_related("model__project", "manifest")
        .get(pk=request.version_id)
    )


def _hand_in(request: ReviewRequest, revision: Revision, actor: User, now: datetime) -> None:
    if request.submitted_at is None:
        request.submitted_at = now
        request.save(update_fields=["submitted_at"])
    move_request(request, RequestEvent.SUBMIT, now)
    trail.record(
        "request.submitted", obj=request, actor=actor, now=now, data=_data(revision), reason=revision.why
    )


def _data(revision: Revision) -> dict[str, Any]:
    return {"revision": revision.number, "sha256": revision.sha256, "manifest": revision.manifest_sha256}


def _freeze(
    request: ReviewRequest, frozen: dict[str, Any], number: int, actor: User, why: str, now: datetime
) -> Revision:
    content = canonical(frozen | {"revision": number, "why": why})
    return Revision.objects.create(
        request=request, number=number, frozen_at=now, frozen_by=actor, content=content, sha256=digest(content),
        manifest_sha256=frozen["manifest"]["sha256"], questionnaire=request.questionnaire, why=why,
    )  # fmt: skip


def _frozen(request: ReviewRequest, version: ModelVersion, dossier: Dossier) -> dict[str, Any]:
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
