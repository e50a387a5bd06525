"""Tags of the pages of reviews: badges, answers with their differences and pins, deadlines, words for codes."""

from collections.abc import Iterable
from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviews.rules.difference import Block, Difference, Folded, fold
from reviews.selectors import words
from reviews.selectors.shown_dossier import ShownAnswer
from reviews.selectors.words import Badge

register = template.Library()


@register.inclusion_tag("reviews/components/badge.html")
def badge(shown: Badge, chip: bool = True) -> dict[str, object]:
    """A state as icon and word; a chip unless it stands in a text."""
    return {"badge": shown, "chip": chip or shown.full}


@register.inclusion_tag("reviews/components/answer_text.html")
def answer_text(answer: ShownAnswer) -> dict[str, object]:
    """The text of an answer: blocks that stayed as Markdown, changed ones word by word, passages with their pins."""
    blocks = answer.difference.blocks if answer.difference else ()
    pins = {thread.number: thread for thread in answer.threads}
    return {
        "blocks": [
            {
                "markdown": block.text if answer.is_markdown and _is_plain(block) else "",
                "pieces": [{"piece": piece, "thread": pins.get(piece.mark)} for piece in block.pieces],
            }
            for block in blocks
        ]
    }


@register.inclusion_tag("reviews/components/compared_text.html")
def compared_text(difference: Difference, side: bool, is_markdown: bool = False) -> dict[str, object]:
    """A difference without discussions: what stayed folded, changed blocks in one or in two columns."""
    return {"parts": [_compared(part, is_markdown) for part in fold(difference)], "side": side}


def _compared(part: Block | Folded, is_markdown: bool) -> dict[str, object]:
    if isinstance(part, Folded):
        return {"folded": [block.text for block in part.blocks], "is_markdown": is_markdown}
    return {"block": part, "is_markdown": is_markdown}


def _is_plain(block: Block) -> bool:
    """Say whether the block stayed and has no pin, so that it may be rendered as Markdown."""
    return block.is_same and not any(piece.mark for piece in block.pieces)


@register.filter
def badge_for(code: str, table: str) -> Badge:
    """The badge of a code in a table of `words`: `{{ ballot.result|badge_for:"RESULTS" }}`."""
    found: Badge = getattr(words, table)[code]
    return found


@register.filter
def word_for(code: str, table: str) -> str:
    """The word of a code in a table of `words`: `{{ motion.kind|word_for:"MOTION_KINDS" }}`."""
    return str(getattr(words, table).get(code, code))


@register.filter
def attributes(codes: Iterable[str]) -> str:
    """Attributes of a seat as a list."""
    return words.attributes_in_words(codes)


@register.filter
def days_ahead(value: datetime | date | None) -> int | None:
    """How many days ahead a day is in the time zone of the page; negative when it has passed, None for no day."""
    if value is None:
        return None
    when = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return (when - timezone.localdate()).days


@register.filter
def in_days(value: datetime | date | None) -> str:
    """How far a day is: "in 14 days", "today", "3 days late"."""
    days = days_ahead(value)
    if days is None:
        return ""
    if days == 0:
        return _("today")
    if days < 0:
        return ngettext("{count} day late", "{count} days late", -days).format(count=-days)
    return ngettext("in {count} day", "in {count} days", days).format(count=days)
