"""Tags of the desk's own pages: how many things wait, and until when."""

from datetime import datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy
from django_stubs_ext import StrOrPromise

from desk.rules.agenda import MOMENT, Part, Placed
from desk.selectors.work import Work
from desk.templatetags.ui import clock, day, state
from reminders.waiting import Waiting
from reviews.selectors.held import Held

register = template.Library()

_HEADINGS: dict[int, StrOrPromise] = {
    1: pgettext_lazy("heading of my work", "One thing waits for you"),
    2: pgettext_lazy("heading of my work", "Two things wait for you"),
    3: pgettext_lazy("heading of my work", "Three things wait for you"),
    4: pgettext_lazy("heading of my work", "Four things wait for you"),
    5: pgettext_lazy("heading of my work", "Five things wait for you"),
    6: pgettext_lazy("heading of my work", "Six things wait for you"),
    7: pgettext_lazy("heading of my work", "Seven things wait for you"),
    8: pgettext_lazy("heading of my work", "Eight things wait for you"),
    9: pgettext_lazy("heading of my work", "Nine things wait for you"),
}


@register.simple_tag
def waiting_heading(work: Work) -> str:
    """How many things wait, as a sentence; small numbers in words."""
    if work.count in _HEADINGS:
        return str(_HEADINGS[work.count])
    if not work.count:
        return _("Nothing waits for you")
    return ngettext("One thing waits for you", "{count} things wait for you", work.count).format(
        count=work.count
    )


@register.simple_tag
def waiting_summary(work: Work) -> str:
    """How many of them are late, and how many due by tomorrow; "" when neither."""
    late = (
        ngettext("{count} is late.", "{count} are late.", work.late).format(count=work.late)
        if work.late
        else ""
    )
    soon = (
        ngettext("{count} is due by tomorrow.", "{count} are due by tomorrow.", work.soon).format(
            count=work.soon
        )
        if work.soon
        else ""
    )
    return " ".join(part for part in (late, soon) if part)


@register.filter
def last_day(due: datetime | None) -> str:
    """The day that a moment ends: midnight is the end of the day before."""
    return "" if due is None else day(due - MOMENT)


@register.filter
def last_time(due: datetime | None) -> str:
    """The time of day until which something is due; midnight is 24:00."""
    return "" if due is None else "24:00" if clock(due) == "00:00" else clock(due)


@register.simple_tag
def due_words(item: Placed[Waiting]) -> SafeString:
    """The day in the first line, below it the time or how late it is; without a date, since when it waits."""
    due = item.thing.due
    if due is None:
        return format_html("<b>{}</b>{}", _("No date"), _("since {day}").format(day=day(item.thing.since)))
    if item.part is Part.LATE and item.days:
        late = ngettext("{days} day late", "{days} days late", item.days).format(days=item.days)
        return format_html("<b>{}</b>{}", last_day(due), late)
    shown = _("Today") if not item.days else last_day(due)
    return format_html("<b>{}</b>{}", shown, _("until {time}").format(time=last_time(due)))


@register.simple_tag
def due_state(item: Placed[Waiting]) -> SafeString | str:
    """Late or due today as a state with icon and word; nothing for what is due another day."""
    if item.part is Part.LATE:
        return state("bad", "alert-triangle", _("Late"))
    if item.part is Part.TOMORROW and not item.days:
        return state("warn", "clock", _("Due today"))
    return ""


@register.simple_tag
def held_words(thing: Held) -> str:
    """Who holds it, what it is, and since when: "Waits for Chen Jialin: answer to question 3, since Tue 24 Nov."."""
    return _("Waits for {who}: {what}, since {since}.").format(
        who=thing.who, what=thing.what, since=day(thing.since)
    )
