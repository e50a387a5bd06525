"""Incidents: what happened, entered once and never edited; what listens to them opens at once."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from audit.refusal import Refused
from compliance.models import Incident
from compliance.rules.happenings import Happening
from compliance.services.happenings import Place, happened


def write_incident(
    *, actor: User, project_id: int, version_id: int | None, text: str, happened_at: datetime, now: datetime
) -> Incident:
    """Write down what happened to a version, or to a project as a whole; `happened_at` lies in the past.

    In the transaction of the act, whose event the caller records, and who has asked whether the person may. Raises
    Refused without a text or for a moment to come.
    """
    if not text.strip():
        raise Refused(_("Say what happened; the text stands in the log."))
    if happened_at > now:
        raise Refused(_("An incident has happened already. Give the moment at which it did."))
    return Incident.objects.create(
        project_id=project_id, version_id=version_id, happened_at=happened_at, text=text.strip(), entered_at=now,
        entered_by=actor,
    )  # fmt: skip


def open_for_incident(incident: Incident, now: datetime) -> None:
    """Open the checklists of the schedules that listen to incidents; once for each incident."""
    place = Place(incident.project_id, incident.version_id)
    happened([Happening.INCIDENT], place, occasion=f"incident:{incident.pk}", now=now)
