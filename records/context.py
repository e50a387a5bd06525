"""The shape of what a review record says: plain data, frozen when a request is decided, rendered once,
embedded in the PDF.

Rules of the format (the same as those of the audit trail):
- JSON values only: no floats, whole numbers below 2**53, decimals as strings.
- An instant is UTC with six digits: "2026-11-17T06:32:00.000000Z" (`instant()`); a day is "2026-11-20".
- Text that people wrote stays exactly as they wrote it; answers and reasons may be Markdown (no HTML, no pictures).
- Words of the product (positions, outcomes, states) are codes from the literals below, put into words by the template.
- Words that live in the database (names of boards, labels of a channel, sentences of the timeline) are given in the
  language of the record; so build the context inside `translation.override(language)`.
- An empty string or list says "nothing"; None says "not yet" or "does not apply". No key is left out.
"""

from datetime import UTC, datetime
from typing import Literal, NotRequired, TypedDict

from records.decision_context import Decision
from records.dossier_context import Finding, Question, Topic
from records.head_context import LogHead
from records.interest_context import Interest

SCHEMA: Literal["imprimatur/review-record/v1"] = "imprimatur/review-record/v1"

Language = Literal["en", "zh-hans"]
MotionKind = Literal[
    "approve", "approve_with_conditions", "return", "reject", "override", "ratify", "lift", "continue", "waive"
]  # fmt: skip
BallotResult = Literal["passed", "failed", "held", "tabled", "stopped"]
ClosedBecause = Literal["all_voted", "deadline", "result_certain", "quorum_lost", "tabled", "stopped"]
Attendance = Literal["present", "recused", "absent"]
Position = Literal["for", "against", "abstain"]
ThresholdOf = Literal["present_and_eligible", "seated_minus_recused", "all_seated"]
BlockState = Literal["standing", "cleared", "overridden"]
ConditionState = Literal["open", "partly", "met"]
ClockState = Literal["running", "paused", "idle"]


class Model(TypedDict):
    """The model version and the bytes that the decision is about; labels in the language of the record."""

    project: str
    name: str
    version: str
    modality: str
    base_model: str
    relation: str
    parameters: str
    training_compute_flop: str  # decimal as text
    licence: str
    channel: str
    markets: list[str]
    manifest_sha256: str
    file_count: int
    total_size: int  # bytes; 0: the manifest says none


class Request(TypedDict):
    """The request and its triage."""

    submitted_at: str  # instant of the first submission
    requester: str
    contributors: list[str]
    risk_tier: str
    procedure: str
    triage_by: str
    triage_reasons: list[str]
    override_reason: str  # why the secretary departed from the proposal


class Revision(TypedDict):
    """One frozen submission of the dossier."""

    number: int
    frozen_at: str  # instant
    sha256: str
    why: str


class Seat(TypedDict):
    """One line of the roster that was copied into the ballot, with attendance and the last vote before
    closing.
    """

    name: str
    role: Literal["chair", "member", "alternate"]
    attributes: list[str]  # labels: external, lay, non-technical, field of expertise
    attendance: Attendance
    attendance_note: str  # arrivals and departures, for whom an alternate sits
    recusal_reason: str
    position: Position | None  # None: did not vote
    reason: str  # Markdown
    voted_at: str | None  # instant
    entered_by: str  # who entered the vote by proxy


class Quorum(TypedDict):
    """Quorum after recusals, in people, when the ballot opened and again at its closing."""

    rule: str  # the sentence of the policy
    seats: int
    recused: int
    needed: int
    present_at_opening: int
    present_at_closing: int


class CompositionRule(TypedDict):
    """What the policy asks of who is present, and how many were."""

    rule: str
    needed: int
    found: int


class Threshold(TypedDict):
    """The fraction `numerator/denominator` of `base` people; passed is `denominator*for >= numerator*base`,
    or > if strict.
    """

    numerator: int
    denominator: int
    strict: bool
    of: ThresholdOf
    base: int
    votes_for: int
    votes_against: int
    votes_abstaining: int
    needed: int  # least number of votes for that passes
    passed: bool


class Block(TypedDict):
    """A blocking position."""

    holder: str
    text: str  # Markdown
    raised_at: str  # instant
    revision: int
    state: BlockState
    ended_at: str | None  # instant
    ending_reason: str  # the holder's words, or the number of the override ballot


class Ballot(TypedDict):
    """One ballot on one frozen motion, oldest first in its board; the roster and the policy are the
    ballot's copies.
    """

    number: str  # for example "3"; unique in the record
    kind: MotionKind
    motion: str  # Markdown: text of the motion with its reasons
    moved_by: str
    seconded_by: str
    revision: int
    revision_sha256: str
    opened_at: str  # instant
    opened_by: str
    closed_at: str  # instant
    closed_by: str  # empty: closed by itself
    closed_because: ClosedBecause
    result: BallotResult
    seats: list[Seat]
    quorum: Quorum
    composition: list[CompositionRule]
    threshold: Threshold


class Opinion(TypedDict):
    """A minority opinion in full."""

    author: str
    position: Position
    text: str  # Markdown
    at: str  # instant


class Attendant(TypedDict):
    """Somebody who was there without a vote."""

    name: str
    role: str


class Board(TypedDict):
    """One board's review, from assignment to its decision; the leading board first."""

    name: str
    leading: bool
    policy_version: str
    policy_sha256: str
    motion_passed: MotionKind | None  # None: stopped, because another board had decided
    ballots: list[Ballot]
    blocks: list[Block]
    minority_opinions: list[Opinion]
    in_attendance: list[Attendant]
    interests: NotRequired[list[Interest]]  # of its members and alternates
    note: str  # for example why its open work stopped


class Condition(TypedDict):
    """A condition of the approval."""

    number: str  # "C1"
    text: str  # Markdown
    board: str
    owner: str
    due: str  # day
    verifier: str
    blocks_release: bool
    state: ConditionState


class Check(TypedDict):
    """A compliance checklist that the policy asks for."""

    title: str
    met: bool
    accepted_at: str | None  # instant
    accepted_by: str
    note: str


class Step(TypedDict):
    """One line of the timeline."""

    at: str  # instant
    event: str  # sentence in the language of the record
    by: str  # empty: the system


class Span(TypedDict):
    """A stretch of the review clock."""

    since: str  # instant
    until: str  # instant
    state: ClockState


class ReviewContext(TypedDict):
    """All that a review record says, except for its signatures."""

    schema: Literal["imprimatur/review-record/v1"]
    language: Language
    time_zone: str  # IANA name; times in print are local to it
    organisation: str
    reference: str
    title: str  # model and version, as a reader names them
    subtitle: str  # what was asked, for example "Open weights for registered research users"
    decision: Decision
    model: Model
    request: Request
    revisions: list[Revision]
    boards: list[Board]
    conditions: list[Condition]
    findings: list[Finding]
    questions: list[Question]
    checks: list[Check]
    dossier: list[Topic]
    timeline: list[Step]
    clock: list[Span]
    log: NotRequired[LogHead | None]  # added at freezing; None: before the first checkpoint


class AssertionLine(TypedDict):
    """What a passkey answered to the statement (WebAuthn Level 2), each part base64url without padding."""

    credential_id: str
    public_key: str  # COSE_Key; the same stands in the event of its registration
    authenticator_data: str
    client_data_json: str
    signature: str


class SignatureLine(TypedDict):
    """One signature made on the hash of the frozen context, in the order of signing."""

    role: str  # in the language of the record
    name: str  # printed name (21 CFR 11.50)
    on_behalf_of: NotRequired[str]  # who is away and named them; empty: in their own right
    meaning: str  # what the signature means, a whole sentence (21 CFR 11.50)
    signed_at: str  # instant
    time_zone: str  # IANA name of the signer's zone
    method: str  # what was asked again, for example "password and one-time code"
    statement_sha256: str  # digest of the canonical statement that was confirmed
    statement: NotRequired[
        str
    ]  # that statement: with the digest of the record, and of a passkey what it answered to
    assertion: NotRequired[AssertionLine | None]  # None: password, code or both


def instant(moment: datetime) -> str:
    """Return the moment as the format writes it; raises ValueError when it has no time zone."""
    if moment.tzinfo is None:
        raise ValueError("An instant needs a time zone.")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
