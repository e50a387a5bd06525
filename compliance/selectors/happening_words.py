"""Happenings in words: as what a schedule listens to, and as what has come about."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django_stubs_ext import StrOrPromise

from compliance.rules.happenings import Happening, in_order
from compliance.rules.recurrence import Series
from compliance.selectors.timing_words import timing_in_words
from compliance.selectors.words import day_in_words

WHENEVER: dict[str, StrOrPromise] = {
    Happening.VERSION_CREATED: pgettext_lazy("whenever", "a version is registered"),
    Happening.VERSION_RELEASED: pgettext_lazy("whenever", "a version is released"),
    Happening.DATASET_ADDED: pgettext_lazy(
        "whenever", "a dossier names a data set that it did not name before"
    ),
    Happening.BASE_MODEL_CHANGED: pgettext_lazy("whenever", "a version stands on another base model"),
    Happening.INCIDENT: pgettext_lazy("whenever", "an incident is entered"),
}
HAPPENED: dict[str, StrOrPromise] = {
    Happening.VERSION_CREATED: gettext_lazy("A version was registered"),
    Happening.VERSION_RELEASED: gettext_lazy("A version was released"),
    Happening.DATASET_ADDED: gettext_lazy("A data set was added"),
    Happening.BASE_MODEL_CHANGED: gettext_lazy("The base model changed"),
    Happening.INCIDENT: gettext_lazy("An incident was entered"),
}


def schedule_in_words(series: Series, happenings: Sequence[str]) -> str:
    """Return when a schedule opens: by its dates, whenever something happens, or both."""
    named = [str(WHENEVER[each]) for each in in_order(happenings)]
    if not named:
        return timing_in_words(series)
    whenever = _(", or ").join(named)
    if series.rule:
        return _("{dates}; and whenever {whenever}").format(dates=timing_in_words(series), whenever=whenever)
    if series.ends is None:
        return _("Whenever {whenever}").format(whenever=whenever)
    return _("Whenever {whenever}, until {until}").format(whenever=whenever, until=day_in_words(series.ends))
