"""Submitting a dossier: it is frozen as a numbered revision with its digest, or every gap is named at once."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

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
from reviews.selectors.dossier import dossier_of
from reviews.selectors.gaps import Gaps, frozen_content, gaps_of
from reviews.services import passages, staleness
from reviews.services.data_sets import tell_of_data_sets
from reviews.services.indexing import index_request
from reviews.services.progress import move_request


class Incomplete(Refused):
    """The dossier of the request has gaps; nothing was submitted. `gaps` names all of them."""

    def __init__(self, request: ReviewRequest, gaps: Gaps) -> None:
        numbers = pgettext("between members of a list", ", ").join(
            problem.question.number for problem in gaps.answers
        )
        super().__init__(
            _("The dossier isn't complete, so nothing was submitted. Answers are missing: {numbers}.").format(
                numbers=numbers
            )
            if gaps.answers
            else _("The dossier isn't complete, so nothing was submitted.")
        )
        self.request, self.gaps = request, gaps


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
    frozen = frozen_content(request, version, dossier)
    if gaps := gaps_of(request, dossier, last, why=why, frozen=frozen):
        raise Incomplete(request, gaps)
    revision = _freeze(request, frozen, (last.number if last else 0) + 1, actor, why.strip(), now)
    if last is not None:
        passages.travel(request, last, revision)
    if request.state == RequestState.DRAFT:
        _hand_in(request, revision, actor, now)
    else:
        changed = staleness.on_new_revision(request, revision, now)
        trail.record(
            "revision.submitted", obj=request, actor=actor, now=now, data=_data(revision), reason=why,
            also=[revision, *changed],
        )  # fmt: skip
    tell_of_data_sets(request, last, revision, now)
    index_request(request.pk)
    return revision


def _version_of(request: ReviewRequest) -> ModelVersion:
    """Return the version with its row locked: no other manifest takes its place while the revision is frozen."""
    return (
        ModelVersion.objects.select_for_update(of=("self",))
        .select_related("model__project", "manifest")
        .defer("manifest__text")
        .get(pk=request.version_id)
    )


def _hand_in(request: ReviewRequest, revision: Revision, actor: User, now: datetime) -> None:
    if request.submitted_at is None:
        request.submitted_at = now
        request.save(update_fields=["submitted_at"])
    move_request(request, RequestEvent.SUBMIT, now)
    trail.record(
        "request.submitted", obj=request, actor=actor, now=now, data=_data(revision), reason=revision.why,
        also=[revision],
    )  # fmt: skip


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
