"""Filters of the printed record: days, moments, digests, marks, words, Markdown and differences."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from records import codes
from records.counts import count_in_words, count_of_context
from records.press.difference import difference
from records.press.prose import prose, words
from records.words import MARKS, WORDS

register = template.Library()


def _chinese() -> bool:
    return (get_language() or "en").startswith("zh")


@register.filter
def day(value: str) -> str:
    """Write a day (2026-11-20) out: 20 November 2026, 2026年11月20日."""
    return date_format(date.fromisoformat(value), "Y年n月j日" if _chinese() else "j\xa0F\xa0Y")


@register.filter
def day_of(value: str, zone: str) -> str:
    """Write out the day of an instant in a zone."""
    return day(datetime.fromisoformat(value).astimezone(ZoneInfo(zone)).date().isoformat())


@register.filter
def moment(value: str, zone: str) -> str:
    """Write an instant as local time with its distance from UTC: 17 November 2026, 14:32 (+08:00)."""
    local = datetime.fromisoformat(value).astimezone(ZoneInfo(zone))
    if _chinese():
        return f"{day(local.date().isoformat())}{local:%H:%M}（{_offset(local)}）"
    return f"{day(local.date().isoformat())}, {local:%H:%M}\xa0({_offset(local)})"


@register.filter
def clock(value: str, zone: str) -> str:
    """Write the time of day of an instant in a zone: 14:32."""
    return f"{datetime.fromisoformat(value).astimezone(ZoneInfo(zone)):%H:%M}"


@register.filter
def stamp(value: str, zone: str) -> SafeString:
    """Write an instant for a table: 2026-11-17 14:32 +08:00."""
    local = datetime.fromisoformat(value).astimezone(ZoneInfo(zone))
    return format_html(
        '<span class="nb">{}</span> <span class="nb">{}</span>', f"{local:%Y-%m-%d %H:%M}", _offset(local)
    )


@register.filter
def seconds(value: str, zone: str) -> str:
    """Write an instant to the second with zone, as beside a signature: 2026-11-20 09:58:33 +08:00
    (Asia/Shanghai).
    """
    local = datetime.fromisoformat(value).astimezone(ZoneInfo(zone))
    return f"{local:%Y-%m-%d %H:%M:%S} {_offset(local)} ({zone})"


def _offset(local: datetime) -> str:
    text = f"{local:%z}"
    return f"{text[:3]}:{text[3:]}"


@register.filter
def short(value: str) -> str:
    """Abbreviate a digest to its first and last eight digits."""
    return f"{value[:8]}…{value[-8:]}" if len(value) > 20 else value


@register.filter
def digest(value: str) -> SafeString:
    """Abbreviate a digest, never broken across lines."""
    return format_html('<span class="nb">{}</span>', short(value))


@register.filter
def mark(code: str) -> str:
    """Return the sign that stands beside the word of a code."""
    return MARKS[code]


@register.filter
def word(code: str, of: str) -> str:
    """Return the word for a code of the context, in the language of the record."""
    return str(WORDS[of][code])


@register.filter(is_safe=True)
def written(text: str) -> SafeString:
    """Set Markdown that people wrote; nh3 has cleaned it."""
    return mark_safe(prose(text))  # noqa: S308


@register.simple_tag
def changes(before: str, after: str) -> SafeString:
    """Set what changed between the words of two answers, escaped; empty when they are too long to compare."""
    return mark_safe(difference(words(before), words(after)))  # noqa: S308


@register.filter
def size(count: int) -> str:
    """Write a number of bytes with a decimal unit, for a reader; exact figures stand in the embedded data."""
    value = float(count)
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if value < 1000 or unit == "TB":
            return f"{value:.0f} {unit}" if unit == "B" or value >= 100 else f"{value:.1f} {unit}"
        value /= 1000
    raise AssertionError("unreachable")


@register.filter
def code(value: str) -> str:
    """Group a verification code."""
    return codes.grouped(value)


@register.filter
def times(a: int, b: int) -> int:
    """Multiply, for the printed arithmetic."""
    return a * b


@register.filter
def arithmetic(ballot: Mapping[str, Any]) -> str:
    """Say what was counted on a ballot in one sentence, with the words that the pages use."""
    return count_in_words(count_of_context(ballot))


@register.filter
def marks_of(threshold: dict[str, int]) -> str:
    """Return one sign for each vote: for, abstaining, against."""
    return (
        MARKS["for"] * threshold["votes_for"]
        + MARKS["abstain"] * threshold["votes_abstaining"]
        + MARKS["against"] * threshold["votes_against"]
    )
