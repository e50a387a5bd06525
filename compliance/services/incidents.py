"""Incidents, entered by those who manage compliance; what listens to them opens at once."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from compliance.models import Incident
from compliance.permissions import why_not_enter_incident
from compliance.rules.happenings import Happening
from compliance.services.happenings import Place, happened
from registry.permissions import project_to_view, version_to_view


@transaction.atomic
def enter_incident(
    *,
    actor: User,
    project_id: int | None = None,
    version_id: int | None = None,
    text: str,
    happened_at: datetime,
    now: datetime,
) -> Incident:
    """Enter what happened to a version, or to a project as a whole; `happened_at` lies in the past.

    Raises PermissionDenied, Http404 for what the person doesn't see, Refused without a text or for a moment to come.
    """
    if reason := why_not_enter_incident(actor):
        raise PermissionDenied(reason)
    if not text.strip():
        raise Refused(_("Say what happened; the text stands in the log."))
    if happened_at > now:
        raise Refused(_("An incident has happened already. Give the moment at which it did."))
    if version_id is not None:
        version = version_to_view(actor, version_id, now)
        place = Place(version.model.project_id, version.pk)
    elif project_id is not None:
        place = Place(project_to_view(actor, project_id, now).pk)
    else:
        raise Refused(_("Choose the project or version to which it happened."))
    incident = Incident.objects.create(
        project_id=place.project_id, version_id=place.version_id, happened_at=happened_at, text=text.strip(),
        entered_at=now, entered_by=actor,
    )  # fmt: skip
    trail.record(
        "incident.entered", obj=incident, actor=actor, now=now, reason=incident.text,
        data={"happened_at": happened_at.isoformat(), "version": place.version_id},
    )  # fmt: skip
    happened([Happening.INCIDENT], place, occasion=f"incident:{incident.pk}", now=now)
    return incident
