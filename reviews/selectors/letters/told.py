"""What a letter has to tell, before it is put into the words of its text."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from records.context import Opinion, SignatureLine
from records.letter_context import CitedRecord, Fact, LetterCondition
from records.templatetags.record_print import day, moment
from reviews.rules.letter_kinds import PLACEHOLDERS, Form, LetterKind


@dataclass(slots=True)
class Told:
    """Everything that letters of a kind can name, in the language that is active.

    `values` by placeholder: words and passages as they are read, days and moments as ISO; "" says there is none.
    """

    reference: str  # of the letter
    request: str
    title: str
    subtitle: str
    board: str
    time_zone: str
    addressed_to: list[str]
    written_at: str  # instant
    values: dict[str, str]
    revision: int | None = None
    revision_sha256: str = ""
    manifest_sha256: str = ""
    facts: list[Fact] = field(default_factory=list)
    conditions: list[LetterCondition] = field(default_factory=list)
    minority_opinions: list[Opinion] = field(default_factory=list)
    duties: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    signatures: list[SignatureLine] = field(default_factory=list)
    decision: CitedRecord | None = None

    def lists(self) -> set[str]:
        """Return the names of the lists and tables that have something in them."""
        named = {
            "facts": self.facts,
            "conditions": self.conditions,
            "minority_opinions": self.minority_opinions,
            "duties": self.duties,
            "questions": self.questions,
        }
        return {name for name, rows in named.items() if rows}


def as_read(kind: LetterKind, values: Mapping[str, str], zone: str) -> dict[str, str]:
    """Return the values as a reader sees them: days and moments written out in the active language."""
    forms = {name: about.form for name, about in PLACEHOLDERS[kind].items()}
    written = {Form.DAY: lambda value: day(value[:10]), Form.MOMENT: lambda value: moment(value, zone)}
    return {
        name: written[forms[name]](value) if value and name in forms and forms[name] in written else value
        for name, value in values.items()
    }
