"""Who hears of what stays late after owner and manager: those who lead the board, or who look after compliance."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from accounts.models import User
from accounts.roles import Role
from compliance.models import Assessment
from compliance.models.boards import heads_of
from compliance.permissions import sight_of, visible_assessments
from reminders.rules.escalation import Office, Step
from reminders.waiting import Round

STEPS = (Step.MANAGER, Step.BOARD)
"""Of everything that one owes: checklists to fill in and to review, actions."""
_LOOK_AFTER = (Role.LEGAL, Role.SAFETY_LEAD)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of people again and again while one round looks at many late things; each is read once."""

    now: datetime
    _sights: dict[int, Q] = field(default_factory=dict)
    _circles: dict[tuple[int | None, int | None], Collection[int]] = field(default_factory=dict)

    def sees(self, assessment_id: int, person: User) -> bool:
        """Say whether the person may open the checklist; no query for who may open every one."""
        if person.pk not in self._sights:
            self._sights[person.pk] = sight_of(person, self.now)
        sight = self._sights[person.pk]
        return not sight or visible_assessments(person, self.now, sight).filter(pk=assessment_id).exists()

    def heads(self, assessment: Assessment) -> Iterator[tuple[Office, Collection[int]]]:
        """Yield the circles that hear of a late checklist, or of what came out of it, at the step of the board.

        First the chairs and secretaries of its board, or of the boards that review its project; then, or where nobody
        of them may know of it, legal staff and safety leads. Read only as far as it is asked.
        """
        project = assessment.version.model.project_id if assessment.version else assessment.project_id
        if assessment.board or project:
            yield Office.BOARD, self._circle(assessment.board, project)
        yield Office.COMPLIANCE, self._circle(None, None)

    def _circle(self, board: int | None, project: int | None) -> Collection[int]:
        key = (board, project)
        if key not in self._circles:
            self._circles[key] = heads_of(board, project, self.now) if any(key) else _looking_after()
        return self._circles[key]


def asked_by(asked: Round) -> Asked:
    """Return what this round has asked so far; for `Round.once`."""
    return Asked(asked.now)


def heads_for(assessment: Assessment, now: datetime) -> Iterator[tuple[Office, Collection[int]]]:
    """Yield the circles that hear of what came out of the checklist, see `Asked.heads`."""
    return Asked(now).heads(assessment)


def _looking_after() -> Collection[int]:
    names = [role.value for role in _LOOK_AFTER]
    return set(User.objects.filter(is_active=True, groups__name__in=names).values_list("pk", flat=True))
