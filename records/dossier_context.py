"""The shape of what a review record says of the dossier and of what was found and asked: part of `context.py`."""

from typing import Literal, NotRequired, TypedDict

FindingKind = Literal["must_fix", "should_fix", "note"]


class Turn(TypedDict):
    """How a finding ended, or why it was taken up again."""

    act: Literal["settled", "reopened"]
    by: str
    at: str  # instant
    text: str  # Markdown: why


class Finding(TypedDict):
    """A disputed issue and its resolution: what a member of a board found, and how it ended."""

    board: str
    topic: str
    kind: FindingKind
    quote: str  # the passage as it read then; empty: the answer as a whole
    revision: int
    text: str  # Markdown
    by: str
    at: str  # instant
    state: Literal["open", "resolved"]  # when the request was decided
    turns: list[Turn]


class Question(TypedDict):
    """A question of a reader and its answer."""

    number: int
    topic: str
    text: str
    asked_by: str
    asked_at: str  # instant
    answer: str
    answered_by: str
    answered_at: str | None  # instant


class File(TypedDict):
    """A file of the dossier; the file itself is not part of the record."""

    name: str
    sha256: str
    size: int  # bytes


class Table(TypedDict):
    """An answer in rows, in words."""

    headings: list[str]
    narrow: list[bool]  # by column: it holds few words
    rows: list[list[str]]  # a cell for each heading, "" where it is empty


class Answer(TypedDict):
    """One answer of the revision that was decided on."""

    question: str
    text: str  # Markdown; for choices, numbers and dates the words a reader sees
    changed: bool  # since the revision before
    previous: str | None  # text in the revision before, when it changed and was there
    files: list[File]
    table: NotRequired[Table]  # for an answer in rows; `text` says the same line by line


class Topic(TypedDict):
    """A topic of the questionnaire with its answers."""

    key: str
    title: str
    answers: list[Answer]
