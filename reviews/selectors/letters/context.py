"""The context of a letter: what it has to tell, put into the words of its text."""

from django.conf import settings

from records.context import Language
from records.letter_context import LETTER, CitedRecord, LetterContext, Section
from reviews.rules.letter_text import filled
from reviews.selectors.letters.telling import standing_of
from reviews.selectors.letters.texts import LetterText
from reviews.selectors.letters.told import Told, as_read


def context_of(
    told: Told, text: LetterText, *, language: Language, translation_of: CitedRecord | None = None
) -> LetterContext:
    """Return the whole context; call it inside `translation.override(language)`.

    `text` may be of another language than the letter's where a preview asks for it; it is named as it is.
    """
    read = as_read(text.kind, told.values, told.time_zone)
    sections: list[Section] = [
        {"title": section.title, "pieces": [{"kind": piece.kind, "text": piece.text} for piece in section.pieces]}  # type: ignore[typeddict-item]  # the names of lists are those of the kinds
        for section in filled(text.content, text.kind, read, told.lists())
    ]  # fmt: skip
    return {
        "schema": LETTER,
        "language": language,
        "time_zone": told.time_zone,
        "organisation": settings.ORGANISATION,
        "reference": told.reference,
        "request": told.request,
        "title": told.title,
        "subtitle": told.subtitle,
        "kind": text.kind.value,  # type: ignore[typeddict-item]  # minutes have a context of their own
        "board": told.board,
        "addressed_to": told.addressed_to,
        "written_at": told.written_at,
        "standing": standing_of(text.kind, told.values, told.time_zone),
        "revision": told.revision,
        "revision_sha256": told.revision_sha256,
        "manifest_sha256": told.manifest_sha256,
        "sections": sections,
        "facts": told.facts,
        "conditions": told.conditions,
        "minority_opinions": told.minority_opinions,
        "duties": told.duties,
        "questions": told.questions,
        "signatures": told.signatures,
        "decision": told.decision,
        "template": {
            "kind": text.kind.value,
            "language": text.language,
            "version": text.version,
            "sha256": text.sha256,
        },
        "translation_of": translation_of,
    }
