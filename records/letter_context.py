"""The shape of what a letter to the requester says; the rules of the format are those of `context.py`.

The text is kept as it was filled in from its template; what a reader must be able to take apart by machine (facts,
conditions, opinions, signatures) stands beside it once more as data.
"""

from typing import Literal, NotRequired, TypedDict

from records.context import Language, Opinion, SignatureLine
from records.head_context import LogHead
from records.minutes_context import TemplateUsed

LETTER: Literal["imprimatur/letter/v1"] = "imprimatur/letter/v1"

LetterKind = Literal[
    "approved", "approved_with_conditions", "returned", "rejected", "refused", "provisional", "gaps", "suspended",
    "lifted", "lapsed", "withdrawn", "appeal_received", "appeal_decided", "incident", "review_due",
]  # fmt: skip
PieceKind = Literal[
    "text", "passage", "facts", "conditions", "minority_opinions", "duties", "questions"
]  # fmt: skip


class Piece(TypedDict):
    """A stretch of a section: Markdown ("text", "passage"), or the list or table of that name stands here."""

    kind: PieceKind
    text: str  # Markdown; empty for lists and tables


class Section(TypedDict):
    """A section of the letter."""

    title: str  # plain; empty: none
    pieces: list[Piece]


class Fact(TypedDict):
    """A line of the table of facts."""

    label: str
    text: str
    digest: str  # a SHA-256; empty: none


class LetterCondition(TypedDict):
    """A condition, as the letter tells it."""

    number: str  # "C1"
    text: str  # Markdown
    owner: str
    due: str  # day
    blocks_release: bool


class CitedRecord(TypedDict):
    """Another record, by the digest of its data."""

    reference: str
    code: str
    context_sha256: str


class LetterContext(TypedDict):
    """All that a letter says."""

    schema: Literal["imprimatur/letter/v1"]
    language: Language
    time_zone: str  # IANA name; times in print are local to it
    organisation: str
    reference: str  # of the letter: "IMP-2026-0001-L2"
    request: str  # "IMP-2026-0001"
    title: str  # model and version
    subtitle: str  # what was asked
    kind: LetterKind
    board: str  # empty: no board had it yet
    addressed_to: list[str]  # lines of the address
    written_at: str  # instant of what it tells
    standing: str  # the line below the outcome: how long it holds; may be empty
    revision: int | None
    revision_sha256: str
    manifest_sha256: str
    sections: list[Section]
    facts: list[Fact]
    conditions: list[LetterCondition]
    minority_opinions: list[Opinion]
    duties: list[str]
    questions: list[str]
    signatures: list[SignatureLine]  # those made on the decision's record
    decision: CitedRecord | None  # the record of the decision that it tells of
    template: TemplateUsed
    translation_of: CitedRecord | None  # the letter that this one translates
    log: NotRequired[LogHead | None]  # added at freezing
