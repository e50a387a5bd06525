"""What a form of compliance offers to choose from."""

from datetime import datetime

from accounts.models import User
from registry.models import ModelVersion
from registry.permissions import visible_projects

NEWEST = 200


def versions_to_choose(user: User, now: datetime) -> list[ModelVersion]:
    """Return the newest versions that the person sees."""
    found = ModelVersion.objects.filter(model__project__in=visible_projects(user, now)).select_related(
        "model"
    )
    return list(found.order_by("-created_at", "-id")[:NEWEST])
