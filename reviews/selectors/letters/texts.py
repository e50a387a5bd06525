"""The texts of letters: the shipped one of each kind and language, and the versions that administrators wrote."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from records.canonical import digest
from records.context import Language
from reviews.models import LetterTemplate
from reviews.rules.letter_kinds import LetterKind

FOLDER = Path(__file__).resolve().parents[2] / "letter_texts"
LANGUAGES: tuple[Language, ...] = ("en", "zh-hans")


@dataclass(frozen=True, slots=True)
class LetterText:
    """A text with its version; version 0 is the shipped one, and has no row."""

    kind: LetterKind
    language: Language
    version: int
    content: str
    sha256: str
    row: LetterTemplate | None = None


@cache
def shipped(kind: LetterKind, language: Language) -> LetterText:
    """Return the text that is shipped."""
    content = (FOLDER / language / f"{kind.value}.md").read_text(encoding="utf-8")
    return LetterText(kind, language, 0, content, digest(content.encode()))


def in_force(kind: LetterKind, language: Language) -> LetterText:
    """Return the newest version, or the shipped text where nobody wrote one."""
    row = LetterTemplate.objects.filter(kind=kind, language=language).order_by("-version").first()
    return shipped(kind, language) if row is None else _of_row(row)


def all_in_force() -> dict[tuple[LetterKind, Language], LetterText]:
    """Return what is in force of every kind in every language; one query."""
    found: dict[tuple[LetterKind, Language], LetterText] = {
        (kind, language): shipped(kind, language) for kind in LetterKind for language in LANGUAGES
    }
    for row in LetterTemplate.objects.select_related("made_by").order_by("version"):
        text = _of_row(row)
        found[text.kind, text.language] = text
    return found


def versions(kind: LetterKind, language: Language) -> list[LetterText]:
    """Return every version, the newest first and the shipped one last."""
    rows = LetterTemplate.objects.filter(kind=kind, language=language).select_related("made_by")
    return [*(_of_row(row) for row in rows.order_by("-version")), shipped(kind, language)]


def version_of(kind: LetterKind, language: Language, number: int) -> LetterText | None:
    """Return one version; None: there is none of this number."""
    return next((text for text in versions(kind, language) if text.version == number), None)


def language_code(name: str) -> Language:
    """Return the name of a language as a Language; raises ValueError for others."""
    for language in LANGUAGES:
        if language == name:
            return language
    raise ValueError(name)


def _of_row(row: LetterTemplate) -> LetterText:
    return LetterText(
        LetterKind(row.kind), language_code(row.language), row.version, row.content, row.sha256, row
    )
