"""The list of all texts of letters: which version is in use, in each language."""

from dataclasses import dataclass

from django_stubs_ext import StrOrPromise

from reviews.rules.letter_kinds import LetterKind
from reviews.selectors.letters.texts import LANGUAGES, LetterText, all_in_force
from reviews.selectors.letters.words import KINDS


@dataclass(frozen=True, slots=True)
class TextRow:
    """A kind of letter with what is in use, in the order of the languages."""

    kind: LetterKind
    name: StrOrPromise
    texts: tuple[LetterText, ...]


def rows_of_texts() -> list[TextRow]:
    """Return a row for each kind; one query."""
    found = all_in_force()
    return [
        TextRow(kind, KINDS[kind], tuple(found[kind, language] for language in LANGUAGES))
        for kind in LetterKind
    ]
