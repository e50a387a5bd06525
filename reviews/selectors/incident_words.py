"""Words for incidents: their classes, states and filings."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_stubs_ext import StrOrPromise

from reviews.models import IncidentReport
from reviews.rules.incidents import IncidentKind, IncidentState
from reviews.selectors.words import Badge

KIND_LABELS: dict[str, StrOrPromise] = {
    "": _("not classified yet"),
    IncidentKind.WIDESPREAD: _("widespread infringement"),
    IncidentKind.CRITICAL_INFRASTRUCTURE: _("disruption of critical infrastructure"),
    IncidentKind.DEATH: _("death of a person"),
    IncidentKind.SERIOUS: _("other serious incident"),
    IncidentKind.NOT_SERIOUS: _("not serious, no report is due"),
}
KIND_SENTENCES: dict[str, StrOrPromise] = {
    IncidentKind.WIDESPREAD: _("2 days from awareness"),
    IncidentKind.CRITICAL_INFRASTRUCTURE: _("2 days from awareness"),
    IncidentKind.DEATH: _("10 days from awareness"),
    IncidentKind.SERIOUS: _("15 days from awareness"),
    IncidentKind.NOT_SERIOUS: _("no clock"),
}
INCIDENT_STATES: dict[str, Badge] = {
    IncidentState.RAISED: Badge("bad", "alert-triangle", _("To be classified"), full=True),
    IncidentState.CLASSIFIED: Badge("warn", "clock", pgettext_lazy("an incident", "Classified")),
    IncidentState.INITIAL: Badge("warn", "hourglass", _("Reported, to be completed")),
    IncidentState.COMPLETE: Badge("good", "check", _("Reported completely")),
    IncidentState.CLOSED: Badge("", "lock", pgettext_lazy("an incident", "Closed")),
}
FILINGS: dict[str, StrOrPromise] = {
    "initial": _("First report, may be incomplete"),
    "complete": _("Complete report"),
    "further": _("Further report"),
}


def about_of(report: IncidentReport) -> str:
    """Return to what it happened: the version, or the project as a whole."""
    version = report.incident.version
    return str(version) if version is not None else report.project.name
