"""The checklists that incidents opened."""

from collections.abc import Collection
from datetime import datetime

from accounts.models import User
from compliance.models import Assessment
from compliance.permissions import visible_assessments


def opened_for(user: User, incidents: Collection[int], now: datetime) -> dict[int, list[Assessment]]:
    """Return for each incident the checklists that it opened and that the person may read."""
    by_occasion = {f"incident:{key}": key for key in incidents}
    found: dict[int, list[Assessment]] = {key: [] for key in incidents}
    rows = visible_assessments(user, now).filter(occurrence__occasion__in=by_occasion)
    for check in rows.select_related("occurrence").defer("content"):
        if check.occurrence is not None:
            found[by_occasion[check.occurrence.occasion]].append(check)
    return found
