"""The introduction and the closing text of minutes, from the template that administrators keep."""

from collections.abc import Mapping

from django.conf import settings

from records.context import Language
from records.minutes_context import TemplateUsed
from reviews.rules.letter_kinds import LetterKind
from reviews.rules.letter_text import frame_of
from reviews.selectors.letters.texts import in_force
from reviews.selectors.letters.told import as_read


def frame_of_minutes(
    language: Language, values: Mapping[str, str], zone: str
) -> tuple[str, str, TemplateUsed]:
    """Return opening and closing as Markdown, and which version of the text they are from.

    Call it inside `translation.override(language)`. `values` by placeholder of letter_kinds.PLACEHOLDERS[MINUTES]:
    board, number, date (instant or day), place, led_by, minutes_by, opened_at, closed_at, next_meeting (instants);
    "" for what there isn't. `zone`: IANA name. Whoever drafts minutes may edit what comes out.
    """
    text = in_force(LetterKind.MINUTES, language)
    named = {"organisation": settings.ORGANISATION, **values}
    opening, closing = frame_of(text.content, as_read(LetterKind.MINUTES, named, zone))
    used: TemplateUsed = {
        "kind": text.kind.value, "language": text.language, "version": text.version, "sha256": text.sha256,
    }  # fmt: skip
    return opening, closing, used
