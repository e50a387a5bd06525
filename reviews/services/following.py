"""Requests that follow an approved one: an amendment asks for what changed, a renewal for more time.

Either is a request of its own, whose dossier begins as it was approved; the approval stays as it is until the boards
have decided on the new one.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from registry.permissions import version_to_view
from reviews.models import Answer, AnswerFile, Contributor, ReviewRequest, Revision
from reviews.permissions import following as permissions
from reviews.permissions.reasons import require
from reviews.permissions.sight import request_to_change
from reviews.rules.questionnaire_changes import still_fits
from reviews.selectors.questionnaires import in_use, questionnaire
from reviews.selectors.revisions import approved_revision, content_of
from reviews.services.drafting import new_draft
from reviews.services.indexing import index_request

CHANGE = "change"
"""The question what changed since the last release: never answered as it was for something else."""


@dataclass(frozen=True, slots=True)
class _Begun:
    """The draft with what was put into it."""

    request: ReviewRequest
    rows: list[Answer | AnswerFile | Contributor]


@transaction.atomic
def draft_amendment(*, actor: User, request_id: int, purpose: str, now: datetime) -> ReviewRequest:
    """Draft an amendment of the approved request; `purpose` says what shall change. Its dossier is the approved one.

    It has the questions that were approved, so that only what changes differs; the draft can go on with newer ones.
    Raises Refused while another request for the version is open.
    """
    parent = request_to_change(actor, request_id, now)
    require(permissions.why_not_amend(actor, parent, now))
    if not purpose.strip():
        raise Refused(_("Say what shall change about what was approved."))
    request = ReviewRequest(amends=parent, purpose=purpose.strip(), questionnaire=parent.questionnaire)
    begun = _begin(request, parent, actor, now)
    _record(begun, parent, "amends", actor, now)
    return begun.request


@transaction.atomic
def draft_renewal(*, actor: User, request_id: int, now: datetime) -> ReviewRequest:
    """Draft the renewal of an approval, with everything of its dossier that still holds; the old one keeps its date.

    Questions that are asked afresh each time are open again. Raises Refused while another request for the version is
    open.
    """
    parent = request_to_change(actor, request_id, now)
    require(permissions.why_not_renew(actor, parent, now))
    with override(parent.language):
        purpose = _("Renewal of {reference}: {purpose}").format(
            reference=parent.reference, purpose=parent.purpose
        )
    request = ReviewRequest(renews=parent, purpose=purpose[:300], questionnaire=in_use().version)
    begun = _begin(request, parent, actor, now)
    _record(begun, parent, "renews", actor, now)
    return begun.request


def _begin(request: ReviewRequest, parent: ReviewRequest, actor: User, now: datetime) -> _Begun:
    revision = approved_revision(parent)
    if revision is None:
        raise Refused(_("Nothing of this request was approved."))
    version = version_to_view(actor, parent.version_id, now)
    request.version, request.project = version, version.model.project
    request.requester, request.language = actor, parent.language
    new_draft(request, now)
    return _Begun(
        request, [*_copy_answers(request, revision, actor, now), *_copy_people(request, parent, actor, now)]
    )


def _copy_answers(
    request: ReviewRequest, revision: Revision, actor: User, now: datetime
) -> list[Answer | AnswerFile]:
    """Copy the approved answers that the present questions still take, with their files."""
    rows: list[Answer | AnswerFile] = []
    asked = questionnaire(request.questionnaire)
    for given in content_of(revision)["answers"]:
        question = asked.question(given["question"])
        if question is None or question.key == CHANGE or question.afresh:
            continue
        if not still_fits(question, given["value"]):
            continue
        if given["value"] is not None:
            rows.append(
                Answer(
                    request=request,
                    question=question.key,
                    value=given["value"],
                    updated_at=now,
                    updated_by=actor,
                )
            )
        rows += [
            AnswerFile(
                request=request, question=question.key, name=file["name"], sha256=file["sha256"], size=file["size"],
                added_at=now, added_by=actor,
            )
            for file in given["files"]
        ]  # fmt: skip
    for row in rows:
        row.save()
    return rows


def _copy_people(
    request: ReviewRequest, parent: ReviewRequest, actor: User, now: datetime
) -> list[Contributor]:
    """Let who worked on the approved dossier work on this one: they have a part in what it says."""
    parts = Contributor.objects.filter(request=parent).values_list("person_id", flat=True)
    people = {parent.requester_id, *parts} - {actor.pk}
    rows = [
        Contributor(request=request, person_id=person, added_at=now, added_by=actor)
        for person in sorted(people)
    ]
    for row in rows:
        row.save()
    return rows


def _record(begun: _Begun, parent: ReviewRequest, how: str, actor: User, now: datetime) -> None:
    request = begun.request
    trail.record(
        "request.drafted", obj=request, actor=actor, now=now, also=begun.rows,
        data={
            "reference": request.reference, "version": request.version_id, "questionnaire": request.questionnaire,
            how: parent.reference,
        },
    )  # fmt: skip
    index_request(request.pk)
