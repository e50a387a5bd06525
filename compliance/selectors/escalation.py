"""Who hears of what stays late after owner and manager: those who lead the board, or who look after compliance."""

from collections.abc import Collection, Iterator
from datetime import datetime

from accounts.models import User
from accounts.roles import Role
from compliance.models import Assessment
from compliance.models.boards import heads_of
from reminders.rules.escalation import Office, Step

STEPS = (Step.MANAGER, Step.BOARD)
"""Of everything that one owes: checklists to fill in and to review, actions."""
_LOOK_AFTER = (Role.LEGAL, Role.SAFETY_LEAD)


def heads_for(assessment: Assessment, now: datetime) -> Iterator[tuple[Office, Collection[int]]]:
    """Yield the circles that hear of a late checklist, or of what came out of it, at the step of the board.

    First the chairs and secretaries of its board, or of the boards that review its project; then, or where nobody of
    them may know of it, legal staff and safety leads. Read only as far as it is asked.
    """
    project = assessment.version.model.project_id if assessment.version else assessment.project_id
    if assessment.board or project:
        yield Office.BOARD, heads_of(assessment.board, project, now)
    names = [role.value for role in _LOOK_AFTER]
    people = User.objects.filter(is_active=True, groups__name__in=names).values_list("pk", flat=True)
    yield Office.COMPLIANCE, set(people)
