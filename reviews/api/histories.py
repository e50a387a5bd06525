"""What happened to a request, what is still missing for it, what it is like, and what changed between its revisions."""

from datetime import datetime
from typing import Annotated

from django.http import Http404, HttpRequest
from ninja import Field, Query, Schema

from accounts.api.fields import Address, Out, Sha256, page_address
from accounts.api.rooms import Room
from accounts.rules.scopes import Scope
from reviews.api.requests import Reference, found_request
from reviews.permissions.sight import why_not_read_decisions, why_not_see_deliberation
from reviews.selectors.comparison import INLINE, Comparison, Paths, changed_answers, comparison
from reviews.selectors.following import against_approved
from reviews.selectors.history import history_for
from reviews.selectors.readiness import readiness_of
from reviews.selectors.shown_answer import ShownAnswer
from reviews.selectors.similar import Similar, similar_requests

room = Room("Requests")


class HistoryEntryOut(Out):
    """Something that happened to the request."""

    at: datetime
    verb: str = Field(examples=["request.submitted"])
    label: str = Field(examples=["Request submitted"])
    sentence: str = Field(examples=["The dossier was submitted as revision 1."])
    who: str = Field(examples=["Aylin Demir"])
    reason: str = Field(examples=[""])


class HistoryOut(Out):
    """The story of the request, newest first, as this person may know it."""

    items: list[HistoryEntryOut]
    hidden_from: str | None = Field(
        description="Why what boards say among themselves is left out; null: it isn't.", examples=[None]
    )


class GateOut(Out):
    """A checklist that a board's policy asks for."""

    code: str = Field(examples=["release-readiness"])
    title: str = Field(examples=["Release readiness"])
    met: bool
    accepted_at: datetime | None
    accepted_by: str = Field(examples=["Noor Haddad"])
    note: str = Field(description="What there is, or what lacks.", examples=["Nobody has accepted it yet."])


class GatesOut(Out):
    """The checklists that the boards' policies ask for before a ballot to approve."""

    items: list[GateOut]


class SimilarOut(Out):
    """A request like this one."""

    reference: str = Field(examples=["IMP-2026-0003"])
    model: str = Field(examples=["Ferryman-MT 2.0"])
    is_duplicate: bool = Field(description="It asks for the same; else it is a precedent.")
    reasons: list[str] = Field(examples=[["The same model."]])
    state: str = Field(examples=["Approved"])
    decision: str | None = Field(
        description="Null: not decided, or not for this person.", examples=["Approved"]
    )
    decided_at: datetime | None
    address: Address


class SimilarListOut(Out):
    """Requests like this one that the person may see, the likest first."""

    items: list[SimilarOut]


class RevisionsQuery(Schema):
    """Which two revisions; in whichever order."""

    older: Annotated[
        int | None, Field(ge=1, le=10**6, description="Left out: the one before the newer one.", examples=[1])
    ] = None
    newer: Annotated[
        int | None, Field(ge=1, le=10**6, description="Left out: the last one.", examples=[2])
    ] = None


class ChangedAnswerOut(Out):
    """An answer that changed, with how many words came and went, and the names of files that did."""

    question: str = Field(examples=["evaluation"])
    title: str = Field(examples=["Evaluation"])
    is_new: bool = Field(description="It wasn't asked before.")
    is_gone: bool = Field(description="It isn't asked any more.")
    text: str = Field(description="As it reads now.", examples=["Cantonese and Teochew."])
    added: int = Field(examples=[12])
    removed: int = Field(examples=[3])
    files: list[str] = Field(examples=[["report.pdf: new"]])


class ChangedFactOut(Out):
    """A fact of the version, or the purpose, that changed."""

    label: str = Field(examples=["Licence"])
    added: int = Field(examples=[1])
    removed: int = Field(examples=[1])


class ChangedFilesOut(Out):
    """Files of the model with one fate: how many, and the first of them."""

    count: int = Field(examples=[2])
    first: list[str] = Field(examples=[["config.json"]])


class ChangedManifestOut(Out):
    """The manifests differ."""

    before_sha256: Sha256
    after_sha256: Sha256
    is_told: bool = Field(description="False: they are too large to be compared here.")
    added: ChangedFilesOut
    removed: ChangedFilesOut
    changed: ChangedFilesOut


class RevisionChangesOut(Out):
    """What changed from one revision to another one."""

    before: int = Field(description="Number of the revision.", examples=[1])
    before_of: str = Field(description="Of this request.", examples=["IMP-2026-0008"])
    after: int = Field(examples=[2])
    answers: list[ChangedAnswerOut]
    facts: list[ChangedFactOut]
    manifest: ChangedManifestOut | None = Field(description="Null: no file of the model changed.")


@room.get("/requests/{reference}/history", HistoryOut, Scope.REQUESTS_READ)
def read_history(request: HttpRequest, reference: Reference) -> HistoryOut:
    """Read what happened to the request, newest first, without what this person may not know."""
    user, found, now = found_request(request, reference)
    hidden = why_not_see_deliberation(user, found, now)
    reads = why_not_read_decisions(user, found, now) is None
    return HistoryOut(
        items=[
            HistoryEntryOut(
                at=one.at, verb=one.verb, label=str(one.label), sentence=str(one.sentence), who=str(one.who),
                reason=one.reason,
            )
            for one in history_for(found, sees_boards=hidden is None, reads_decisions=reads)
        ],
        hidden_from=str(hidden) if hidden else None,
    )  # fmt: skip


@room.get("/requests/{reference}/readiness", GatesOut, Scope.REQUESTS_READ)
def read_readiness(request: HttpRequest, reference: Reference) -> GatesOut:
    """Read which checklists the boards' policies ask for, and which are accepted for the version."""
    user, found, now = found_request(request, reference)
    return GatesOut(
        items=[
            GateOut(
                code=one.code, title=one.title, met=one.met, accepted_at=one.accepted_at, accepted_by=one.accepted_by,
                note=one.note,
            )
            for one in readiness_of(found, user, now)
        ]
    )  # fmt: skip


@room.get("/requests/{reference}/similar", SimilarListOut, Scope.REQUESTS_READ)
def list_similar(request: HttpRequest, reference: Reference) -> SimilarListOut:
    """List what asks for the same, and precedents, among the requests that the person may see."""
    user, found, now = found_request(request, reference)
    return SimilarListOut(items=[_similar(one) for one in similar_requests(found, reader=user, now=now)])


def _similar(one: Similar) -> SimilarOut:
    version = one.request.version
    return SimilarOut(
        reference=one.request.reference, model=f"{version.model.name} {version.number}",
        is_duplicate=one.is_duplicate, reasons=list(one.reasons), state=str(one.badge.label),
        decision=str(one.decision.label) if one.decision else None, decided_at=one.decided_at,
        address=page_address("reviews:request", one.request.reference),
    )  # fmt: skip


@room.get("/requests/{reference}/changes", RevisionChangesOut, Scope.REQUESTS_READ)
def read_changes(
    request: HttpRequest, reference: Reference, asked: Query[RevisionsQuery]
) -> RevisionChangesOut:
    """Read what changed between two revisions: answers, files, facts of the version, files of the model."""
    _user, found, _now = found_request(request, reference)
    return _changes(comparison(found, older=asked.older, newer=asked.newer, since=None, view=INLINE))


@room.get("/requests/{reference}/changes/approved", RevisionChangesOut, Scope.REQUESTS_READ)
def read_changes_of_approved(request: HttpRequest, reference: Reference) -> RevisionChangesOut:
    """Read what an amendment or a renewal changes of what was approved."""
    _user, found, _now = found_request(request, reference)
    return _changes(against_approved(found, INLINE))


def _changes(page: Comparison | None) -> RevisionChangesOut:
    """Return the comparison; raises Http404 where there are no two revisions."""
    if page is None:
        raise Http404
    manifest = page.manifest
    return RevisionChangesOut(
        before=page.before.number, before_of=page.before.request.reference, after=page.after.number,
        answers=[_answer(one) for one in changed_answers(page.dossier)],
        facts=[
            ChangedFactOut(label=one.label, added=one.difference.added, removed=one.difference.removed)
            for one in page.facts
        ],
        manifest=ChangedManifestOut(
            before_sha256=manifest.before, after_sha256=manifest.after, is_told=manifest.is_told,
            added=_paths(manifest.added), removed=_paths(manifest.removed), changed=_paths(manifest.changed),
        ) if manifest else None,
    )  # fmt: skip


def _answer(one: ShownAnswer) -> ChangedAnswerOut:
    difference = one.difference
    return ChangedAnswerOut(
        question=one.key, title=one.title, is_new=one.is_new, is_gone=one.is_gone, text=one.text,
        added=difference.added if difference else 0, removed=difference.removed if difference else 0,
        files=[f"{file.file.name}: {file.change}" for file in one.files if file.change],
    )  # fmt: skip


def _paths(paths: Paths) -> ChangedFilesOut:
    return ChangedFilesOut(count=paths.count, first=list(paths.first))
