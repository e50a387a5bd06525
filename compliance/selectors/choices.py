"""What a form of compliance offers to choose from."""

from datetime import datetime

from accounts.models import User
from registry.models import ModelVersion
from registry.permissions import visible_projects

NEWEST = 200


def versions_to_choose(user: User, now: datetime, asked: str = "") -> list[ModelVersion]:
    """Return the newest versions that the person sees, and the one that is asked for, as "version:7"."""
    seen = ModelVersion.objects.filter(model__project__in=visible_projects(user, now)).select_related("model")
    found = list(seen.order_by("-created_at", "-id")[:NEWEST])
    number = asked.removeprefix("version:")
    if number.isdecimal() and len(number) < 19 and int(number) not in {version.pk for version in found}:
        found += seen.filter(pk=int(number))
    return found
