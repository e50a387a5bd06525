"""When a schedule happens, in a sentence."""

from datetime import date

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from compliance.rules.recurrence import Series
from compliance.rules.saying import Said, Shape, said
from compliance.rules.working_days import Shift
from compliance.selectors.words import day_in_words
from reminders.countries import country_name

NTH = {
    1: gettext_lazy("first"),
    2: gettext_lazy("second"),
    3: gettext_lazy("third"),
    4: gettext_lazy("fourth"),
    -1: gettext_lazy("last"),
}


def timing_in_words(series: Series) -> str:
    """Return what the rule means, at which time of which zone, and until when."""
    found = said(series.rule, series.starts)
    when = _sentence(found) if found else _("By the rule {rule}").format(rule=series.rule)
    if series.shift:
        text = (
            _("{when}; from a day off ({country}) to the next working day")
            if series.shift is Shift.LATER
            else _("{when}; from a day off ({country}) to the last working day before")
        )
        when = text.format(when=when, country=country_name(series.country))
    clock, zone = series.starts.strftime("%H:%M"), series.zone.replace("_", " ")
    if series.ends is None:
        return _("{when}, at {clock} ({zone})").format(when=when, clock=clock, zone=zone)
    until = day_in_words(series.ends)
    return _("{when}, at {clock} ({zone}), until {until}").format(
        when=when, clock=clock, zone=zone, until=until
    )


def _sentence(found: Said) -> str:
    match found.shape:
        case Shape.DAYS:
            text = _("Every day") if found.interval == 1 else _("Every {number} days")
            return text.format(number=found.interval)
        case Shape.WEEKDAYS:
            days = _listed([str(WEEKDAYS[day]) for day in found.weekdays])
            text = _("Every week on {days}") if found.interval == 1 else _("Every {number} weeks on {days}")
            return text.format(number=found.interval, days=days)
        case Shape.YEARLY | Shape.YEARLY_LAST_DAY:
            return _yearly(found)
    return _monthly(found)


def _yearly(found: Said) -> str:
    if found.shape is Shape.YEARLY_LAST_DAY:
        text = (
            _("Every year on the last day of {month}")
            if found.interval == 1
            else _("Every {number} years on the last day of {month}")
        )
        return text.format(number=found.interval, month=MONTHS[found.month])
    pattern = pgettext("pattern of a day and month, in Django's letters", "j F")
    day = date_format(date(2024, found.month, found.day), pattern)
    text = _("Every year on {day}") if found.interval == 1 else _("Every {number} years on {day}")
    return text.format(number=found.interval, day=day)


def _monthly(found: Said) -> str:
    if found.shape is Shape.LAST_DAY:
        day = _("its last day")
    elif found.shape is Shape.DAY_OR_LAST:
        day = _("day {day}, or its last day").format(day=found.day)
    elif found.shape is Shape.NTH_WEEKDAY:
        day = _("its {nth} {weekday}").format(nth=NTH[found.nth], weekday=WEEKDAYS[found.weekdays[0]])
    else:
        day = _("day {day}").format(day=found.day)
    if found.interval == 1:
        return _("Every month on {day}").format(day=day)
    text = _("Every {number} months on {day}, counted from {month}")
    return text.format(number=found.interval, day=day, month=MONTHS[found.month])


def _listed(names: list[str]) -> str:
    """Return `Monday, Wednesday and Friday`."""
    if len(names) < 2:
        return "".join(names)
    return _("{first} and {last}").format(first=_(", ").join(names[:-1]), last=names[-1])
