"""How requests and what belongs to them are told."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from ninja import Field

from accounts.api.fields import Address, Out, PersonOut, Sha256, page_address, person_out
from reviews.models import BoardReview, Condition, Decision, ReviewRequest, Revision
from reviews.rules.lifecycle import RequestState
from reviews.selectors.pipeline_page import Addresses
from reviews.selectors.request_list import Line
from reviews.selectors.request_page import RequestPage
from reviews.selectors.steps import Step
from reviews.selectors.words import REQUEST_STATES, REVIEW_STATES


class VersionNamedOut(Out):
    """The version of a model that a request is about."""

    id: int = Field(examples=[9])
    model: str = Field(examples=["Ferryman-MT"])
    number: str = Field(examples=["2.1"])


class RequestLineOut(Out):
    """A request of the list: where it stands, for whom it waits, until when."""

    reference: str = Field(examples=["IMP-2026-0008"])
    state: RequestState
    state_in_words: str = Field(examples=["In review"])
    state_since: datetime
    version: VersionNamedOut
    project: int = Field(description="Number of its project.", examples=[3])
    requester: PersonOut
    purpose: str = Field(examples=["Release to translators as a service"])
    tier: int | None = Field(description="Of risk, 1 to 4; null before triage.", examples=[2])
    waits_for: str = Field(description="For whom it waits, in words.", examples=["Ethics board"])
    due: datetime | None
    is_late: bool
    must_fix: int = Field(description="Open findings that say that something must be fixed.", examples=[0])
    created_at: datetime
    address: Address


class StepOut(Out):
    """Something that this person may do next, and where."""

    sentence: str = Field(examples=["Vote in the ballot of the ethics board."])
    act: str = Field(examples=["Vote on revision 2"])
    until: datetime | None
    by: date | None
    address: Address


class LockedOut(Out):
    """Something that isn't possible now, with every reason."""

    act: str = Field(examples=["Release"])
    reasons: list[str] = Field(examples=[["A condition that blocks the release isn't met."]])


class BoardReviewOut(Out):
    """How a board stands to the request."""

    id: int = Field(examples=[17])
    board: str = Field(description="Short name of the board.", examples=["ethics"])
    name: str = Field(examples=["Ethics board"])
    leading: bool
    state: str = Field(examples=["deliberating"])
    state_in_words: str = Field(examples=["Deliberating"])
    passed: str = Field(description="The motion that passed, empty before.", examples=["approve"])
    due: datetime


class ConditionOut(Out):
    """A condition of the approval."""

    number: int = Field(examples=[1])
    text: str = Field(examples=["Publish the evaluation for Cantonese."])
    owner: PersonOut
    verifier: PersonOut
    due: date
    blocks_release: bool
    state: str = Field(examples=["open"], description="open, partly (reported), met or waived.")


class SignatureOut(Out):
    """Who signed the decision, and as what."""

    name: str = Field(examples=["Ruth Adeyemi"])
    role: str = Field(examples=["chair"])
    signed_at: datetime


class SuspensionOut(Out):
    """The suspension that stands."""

    reason: str = Field(examples=["Wrong dosages in Thai."])
    suspended_at: datetime
    ratify_by: datetime
    ratified_at: datetime | None


class DecisionOut(Out):
    """The last decision on the request."""

    number: int = Field(examples=[1])
    outcome: str = Field(examples=["approved_with_conditions"])
    status: str = Field(description="to_sign, in_force, final, refused or ended.", examples=["in_force"])
    provisional: bool
    decided_at: datetime
    approved_at: datetime | None
    ended_at: datetime | None
    valid_from: date | None
    valid_until: date | None
    next_review: date | None
    appeal_until: date | None
    revision: int = Field(examples=[2])
    manifest_sha256: Sha256
    signatures: list[SignatureOut]
    released_at: datetime | None
    suspension: SuspensionOut | None
    record: int | None = Field(description="Number of its record.", examples=[4])


class PipelineOut(Out):
    """Where a pipeline fetches what `imprimatur gate` asks for; these addresses stay."""

    attestation: str = Field(
        description="The newest attestation of the approval.",
        examples=["https://imprimatur.example.org/attestations/0d5cbe2c-6a5e-4a2c-9f0a-2f6a4bcf6d11.jsonl"],
    )
    manifest: str = Field(
        description="The manifest that was approved.",
        examples=[
            "https://imprimatur.example.org/attestations/0d5cbe2c-6a5e-4a2c-9f0a-2f6a4bcf6d11.manifest"
        ],
    )
    status_list: str = Field(examples=["https://imprimatur.example.org/status-list.json"])
    keys: str = Field(
        description="The public keys that sign now.",
        examples=["https://imprimatur.example.org/attestation-keys.pem"],
    )


class RevisionOut(Out):
    """A frozen revision of the dossier."""

    number: int = Field(examples=[2])
    sha256: Sha256
    manifest_sha256: Sha256
    frozen_at: datetime
    why: str = Field(description="What changed.", examples=["Answers the questions of the ethics board"])


class RequestOut(RequestLineOut):
    """A request as its page shows it to this person."""

    language: str = Field(examples=["en"])
    questionnaire: str = Field(examples=["2026-2"])
    procedure: str = Field(examples=["full"])
    submitted_at: datetime | None
    paused_since: datetime | None = Field(description="Since when the clock stands.")
    amends: str | None = Field(examples=[None])
    renews: str | None = Field(examples=[None])
    next_steps: list[StepOut] = Field(description="What this person may do, the most urgent first.")
    locked_steps: list[LockedOut]
    otherwise: str = Field(description="Where nothing waits for this person: what does.", examples=[""])
    boards: list[BoardReviewOut]
    hidden_from: str = Field(
        description="Why this person doesn't see the deliberation; empty: they do.", examples=[""]
    )
    open_questions: int = Field(examples=[1])
    revisions: list[RevisionOut]
    decision: DecisionOut | None
    pipeline: PipelineOut | None = Field(
        description="Of the last approval; null until it is attested, and for who doesn't read decisions on it."
    )
    conditions: list[ConditionOut]


def line_out(line: Line) -> RequestLineOut:
    """Return the line of the list."""
    return RequestLineOut(**_line(line))


def request_out(
    line: Line, page: RequestPage, revisions: list[Revision], pipeline: Addresses | None
) -> RequestOut:
    """Return the request as its page shows it."""
    request = page.request
    return RequestOut(
        **_line(line) | {"must_fix": page.must_fix},
        language=request.language, questionnaire=request.questionnaire, procedure=request.procedure,
        submitted_at=request.submitted_at, paused_since=page.paused_since,
        amends=request.amends.reference if request.amends else None,
        renews=request.renews.reference if request.renews else None,
        next_steps=[_step(request, step) for step in (page.steps.first, *page.steps.more) if step],
        locked_steps=[LockedOut(act=locked.act, reasons=list(locked.reasons)) for locked in page.steps.locked],
        otherwise=page.steps.otherwise,
        boards=[review_out(strip.review) for strip in page.strips],
        hidden_from=page.hidden_from, open_questions=page.open_questions,
        revisions=[revision_out(revision) for revision in revisions],
        decision=decision_out(page.rows.decision) if page.rows.decision else None,
        pipeline=PipelineOut(
            attestation=pipeline.attestation, manifest=pipeline.manifest, status_list=pipeline.status_list,
            keys=pipeline.keys,
        ) if pipeline else None,
        conditions=[condition_out(condition) for condition in page.rows.conditions],
    )  # fmt: skip


def _line(line: Line) -> dict[str, Any]:
    request = line.request
    return {
        "reference": request.reference, "state": RequestState(request.state),
        "state_in_words": str(REQUEST_STATES[request.state].label), "state_since": request.state_since,
        "version": VersionNamedOut(
            id=request.version_id, model=request.version.model.name, number=request.version.number
        ),
        "project": request.project_id, "requester": person_out(request.requester), "purpose": request.purpose,
        "tier": request.tier, "waits_for": line.waits_for, "due": line.due, "is_late": line.is_late,
        "must_fix": line.must_fix, "created_at": request.created_at,
        "address": page_address("reviews:request", request.reference),
    }  # fmt: skip


def _step(request: ReviewRequest, step: Step) -> StepOut:
    """Return the step; one on the page itself has the page's address before it."""
    base = (
        settings.BASE_URL if step.url.startswith("/") else page_address("reviews:request", request.reference)
    )
    return StepOut(
        sentence=str(step.sentence),
        act=str(step.act),
        until=step.until,
        by=step.by,
        address=f"{base}{step.url}",
    )


def review_out(review: BoardReview) -> BoardReviewOut:
    """Return how a board stands to its request."""
    return BoardReviewOut(
        id=review.pk, board=review.board.slug, name=review.board.name, leading=review.leading, state=review.state,
        state_in_words=str(REVIEW_STATES[review.state].label), passed=review.passed, due=review.due_at,
    )  # fmt: skip


def revision_out(revision: Revision) -> RevisionOut:
    """Return the revision without its content."""
    return RevisionOut(
        number=revision.number, sha256=revision.sha256, manifest_sha256=revision.manifest_sha256,
        frozen_at=revision.frozen_at, why=revision.why,
    )  # fmt: skip


def condition_out(condition: Condition) -> ConditionOut:
    """Return the condition."""
    return ConditionOut(
        number=condition.number, text=condition.text, owner=person_out(condition.owner),
        verifier=person_out(condition.verifier), due=condition.due, blocks_release=condition.blocks_release,
        state=condition.state,
    )  # fmt: skip


def decision_out(decision: Decision) -> DecisionOut:
    """Return the decision; reads its revision, signatures, release and suspensions."""
    release = getattr(decision, "release", None)
    standing = next((one for one in decision.suspensions.all() if one.ended_at is None), None)
    return DecisionOut(
        number=decision.number, outcome=decision.outcome, status=decision.status, provisional=decision.provisional,
        decided_at=decision.decided_at, approved_at=decision.approved_at, ended_at=decision.ended_at,
        valid_from=decision.valid_from, valid_until=decision.valid_until, next_review=decision.next_review,
        appeal_until=decision.appeal_until, revision=decision.revision.number,
        manifest_sha256=decision.manifest_sha256,
        signatures=[
            SignatureOut(name=one.name, role=one.role, signed_at=one.signed_at) for one in decision.signatures.all()
        ],
        released_at=release.released_at if release else None,
        suspension=SuspensionOut(
            reason=standing.reason, suspended_at=standing.suspended_at, ratify_by=standing.ratify_by,
            ratified_at=standing.ratified_at,
        ) if standing else None,
        record=decision.record_id,
    )  # fmt: skip
