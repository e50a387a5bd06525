"""Tags of the pages of reviews: badges, answers with their differences and pins, deadlines, words for codes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviews.models import Ballot
from reviews.rules.difference import Block, Difference, Folded, fold
from reviews.rules.marks import html_with_marks, source_with_signs
from reviews.selectors import words
from reviews.selectors.arithmetic_in_words import ballot_in_words
from reviews.selectors.shown_answer import ShownAnswer
from reviews.selectors.threads import Thread
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
                "block": block,
                "source": source_with_signs(block) if answer.is_markdown and block.is_same else "",
                "pieces": [{"piece": piece, "thread": pins.get(piece.mark)} for piece in block.pieces],
                "pins": pins,
            }
            for block in blocks
        ]
    }


@register.filter
def pinned(html: SafeString, shown: Mapping[str, Any]) -> SafeString:
    """A rendered block with its passages marked and pinned; empty when a mark has no place in it."""
    threads: Mapping[int, Thread] = shown["pins"]
    opens = {
        number: format_html('<mark class="{}">', thread.badge.tone) for number, thread in threads.items()
    }
    pins = {
        piece.mark: render_to_string("reviews/components/pin.html", {"thread": threads[piece.mark]}).strip()
        for piece in shown["block"].pieces
        if piece.ends_mark and piece.mark in threads
    }
    return mark_safe(html_with_marks(html, shown["block"], opens, pins) or "")  # noqa: S308 -- of safe parts


@register.inclusion_tag("reviews/components/compared_text.html")
def compared_text(difference: Difference, side: bool, is_markdown: bool = False) -> dict[str, object]:
    """A difference without discussions: what stayed folded, changed blocks in one or in two columns."""
    return {"parts": [_compared(part, is_markdown) for part in fold(difference)], "side": side}


def _compared(part: Block | Folded, is_markdown: bool) -> dict[str, object]:
    if isinstance(part, Folded):
        return {"folded": [block.text for block in part.blocks], "is_markdown": is_markdown}
    return {"block": part, "is_markdown": is_markdown}


@register.filter
def beside(cells: Sequence[object], headings: Sequence[str]) -> list[tuple[str, object]]:
    """The cells of a row, each with the heading of its column."""
    return list(zip(headings, cells, strict=True))


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
def arithmetic(ballot: Ballot) -> str:
    """What was counted on a ballot, in one sentence: "7 seats, 1 recused, …: passed"."""
    return ballot_in_words(ballot)


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
