"""Tags and filters that all templates share: icons, states, dates, digests, Markdown, reasons."""

import datetime
from collections.abc import Iterable

import nh3
from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy
from django_stubs_ext import StrOrPromise
from markdown_it import MarkdownIt

register = template.Library()

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])
_ALLOWED = {
    "a", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip

_YEAR, _MONTH = 365.2425, 365.2425 / 12  # days of the Gregorian calendar, on the average
_THREE_MONTHS, _TWO_YEARS = 92, 731

_SIGNS: dict[str, StrOrPromise] = {
    ",": pgettext_lazy("between parts of a line", ", "),
    ";": pgettext_lazy("between parts of a line", "; "),
    ":": pgettext_lazy("before what a line says", ": "),
    ".": pgettext_lazy("end of a sentence", "."),
    "list": pgettext_lazy("between members of a list", ", "),
}


@register.simple_tag
def sign(mark: str) -> str:
    """A comma, semicolon or colon with its space, a full stop, or what parts a "list", as the language writes it."""
    return str(_SIGNS[mark])


@register.filter
def listed(words: Iterable[object] | None) -> str:
    """Words as a list, parted as the language does it; empty for None."""
    return sign("list").join(str(word) for word in words or ())


@register.simple_tag
def icon(name: str, turn: bool = False) -> SafeString:
    """An icon of the sprite, hidden from screen readers: a word must stand beside it."""
    return format_html(
        '<svg class="i{}" aria-hidden="true"><use href="{}#i-{}"></use></svg>',
        " turn" if turn else "", static("vendor/icons.svg"), name,
    )  # fmt: skip


@register.simple_tag
def state(tone: str, icon_name: str, label: str, chip: bool = False, full: bool = False) -> SafeString:
    """A state as icon and word. Tone: good, live, warn, bad, note or "" (neutral); `full` only for blocking, missed."""
    kind = f"state {tone}{' chip' if chip or full else ''}{' full' if full else ''}"
    return format_html('<span class="{}">{}{}</span>', kind, icon(icon_name), label)


def _local(value: datetime.date) -> datetime.date:
    return (
        timezone.localtime(value)
        if isinstance(value, datetime.datetime) and timezone.is_aware(value)
        else value
    )


def _weekday(value: datetime.date) -> str:
    names = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    return names[value.weekday()]


def _day(value: datetime.date, signed: bool) -> str:
    """Weekday and date; the year stands there when it differs from this year, or when the day is signed."""
    if signed or value.year != timezone.localdate().year:
        pattern = pgettext("pattern of a date with year, in Django's letters", "j M Y")
    else:
        pattern = pgettext("pattern of a date, in Django's letters", "j M")
    return _("{weekday} {date}").format(weekday=_weekday(value), date=date_format(value, pattern))


@register.filter
def day(value: datetime.date | None, signed: str = "") -> str:
    """`Fri 18 Dec`, in the time zone of the page; `|day:"signed"` always shows the year. Empty for None."""
    if value is None:
        return ""
    return _day(_local(value), bool(signed))


@register.filter
def moment(value: datetime.datetime | None, signed: str = "") -> str:
    """`Fri 18 Dec, 17:00`, in the time zone of the page; `|moment:"signed"` always shows the year. Empty for None."""
    if value is None:
        return ""
    local = _local(value)
    return _("{day}, {time}").format(day=_day(local, bool(signed)), time=date_format(local, "H:i"))


@register.filter
def clock(value: datetime.datetime | None) -> str:
    """`17:00`, in the time zone of the page."""
    return "" if value is None else date_format(_local(value), "H:i")


@register.filter
def left(days: int) -> str:
    """How long something still holds: in days up to three months, then in whole months, from two years on in years."""
    if days < _THREE_MONTHS:
        return ngettext("{days} day left", "{days} days left", days).format(days=days)
    if days < _TWO_YEARS:
        months = int(days / _MONTH)
        return ngettext("{months} month left", "{months} months left", months).format(months=months)
    years = int(days / _YEAR)
    return ngettext("{years} year left", "{years} years left", years).format(years=years)


@register.filter
def grouped(digest: str | None, digits: int | None = None) -> str:
    """A digest in groups of four; `|grouped:16` shows the first sixteen digits only."""
    text = (digest or "")[:digits]
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


@register.filter
def initials(name: str | None) -> str:
    """At most two signs for a person: `Hanna Lindqvist` HL, `陈佳琳` 佳琳."""
    words = (name or "").split()
    if len(words) == 1 and not words[0].isascii():
        return words[0][-2:]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.filter
def markdown(text: str | None) -> SafeString:
    """People's Markdown as HTML: CommonMark and tables, no HTML of their own, no images; then cleaned by nh3."""
    html = nh3.clean(
        _MARKDOWN.render(text or "").replace("<h1>", "<h3>").replace("</h1>", "</h3>")
        .replace("<h2>", "<h4>").replace("</h2>", "</h4>"),
        tags=_ALLOWED, attributes={"a": {"href", "title"}, "ol": {"start"}},
        url_schemes={"https", "http", "mailto"}, link_rel="noopener nofollow",
    )  # fmt: skip
    return SafeString(html)


@register.inclusion_tag("components/why.html")
def why(reasons: str | Iterable[str] | None, id: str = "") -> dict[str, object]:  # noqa: A002 (it's the attribute)
    """The reasons why something can't be done now; nothing when there are none."""
    listed = [reasons] if isinstance(reasons, str) else list(reasons or [])
    return {"reasons": [reason for reason in listed if reason], "id": id}
