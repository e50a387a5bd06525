"""A report for a period in words: its title, what it is about, why there is none."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from compliance.rules.reporting import Period, PeriodFault
from registry.models import Project

FAULTS = {
    PeriodFault.TURNED: gettext_lazy("The last day comes before the first one. Turn them round."),
    PeriodFault.AHEAD: gettext_lazy("The last day hasn't come yet. Choose today or an earlier one."),
    PeriodFault.LONG: gettext_lazy("A report covers three years at the most. Choose a shorter period."),
}


def title_in_words(period: Period) -> str:
    """Return "Compliance, 1 July 2026 to 30 September 2026"."""
    return _("Compliance, {first} to {last}").format(first=_day(period.since), last=_day(period.until))


def about_in_words(project: Project | None) -> str:
    """Return the name of the project, or that it is about the whole organisation."""
    return project.name if project else _("The whole organisation")


def _day(day: date) -> str:
    return date_format(day, "Y年n月j日" if (get_language() or "en").startswith("zh") else "j F Y")
