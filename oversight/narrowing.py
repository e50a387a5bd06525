"""Under an engagement that looks at a period, the pages of requests show those of the period only."""

from datetime import datetime

from django.db.models import Q

from accounts.models import User
from oversight.models import Engagement, OpenedContainer
from oversight.permissions import engagements_of, sight_under
from reviews.permissions.containers import Narrowed


def narrowed(user: User, now: datetime) -> Narrowed | None:
    """Return the containers that are open to an auditor for a period only, None when there is none.

    One query for whoever has no such engagement. A request is of the period when anything happened to it then.
    """
    engagements = list(engagements_of(user, now))
    if not any(engagement.has_period for engagement in engagements):
        return None
    found = list(
        Engagement.objects.filter(pk__in=[one.pk for one in engagements]).prefetch_related(
            "projects", "boards"
        )
    )
    projects, boards = _opened(user, found)
    seen = sight_under(*(one for one in found if one.has_period)).requests()
    return Narrowed(projects, boards, Q(pk__in=seen.values("pk")))


def _opened(user: User, engagements: list[Engagement]) -> tuple[frozenset[int], frozenset[int]]:
    """Return the projects and boards that are open for engagements with a period alone."""
    without = [one for one in engagements if not one.has_period]
    if any(one.whole for one in without):
        return frozenset(), frozenset()
    rows = OpenedContainer.objects.filter(auditor=user).values_list("project_id", "board_id")
    projects = {project for project, _board in rows if project}
    boards = {board for _project, board in rows if board}
    whole_projects = {project.pk for one in without for project in one.projects.all()}
    whole_boards = {board.pk for one in without for board in one.boards.all()}
    return frozenset(projects - whole_projects), frozenset(boards - whole_boards)
