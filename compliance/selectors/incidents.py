"""Incidents with the checklists that they opened."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from accounts.roles import has_role
from compliance.models import Assessment, Incident
from compliance.permissions import SEES_ALL, visible_assessments
from registry.permissions import visible_projects

MOST = 100


@dataclass(frozen=True, slots=True)
class Told:
    """An incident, and those of its checklists that the person sees."""

    incident: Incident
    opened: list[Assessment]


def incidents_for(user: User, now: datetime, most: int = MOST) -> list[Told]:
    """Return the newest incidents of the projects that the person sees, all for who sees every check."""
    rows = Incident.objects.select_related("project", "version__model", "entered_by")
    if not has_role(user, *SEES_ALL):
        rows = rows.filter(project__in=list(visible_projects(user, now).values_list("pk", flat=True)))
    found = list(rows[:most])
    opened: dict[str, list[Assessment]] = {f"incident:{row.pk}": [] for row in found}
    checks = (
        visible_assessments(user, now).filter(occurrence__occasion__in=opened).select_related("occurrence")
    )
    for check in checks.defer("content"):
        if check.occurrence is not None:
            opened[check.occurrence.occasion].append(check)
    return [Told(row, opened[f"incident:{row.pk}"]) for row in found]
