"""A checklist that stays late is told to somebody else who may open it, and to nobody who may not."""

from datetime import timedelta

from accounts.models import User
from accounts.roles import Role
from compliance.models import Assessment
from reminders.models import Reminder
from reminders.planner import plan
from tests.compliance.conftest import MakePerson


def told(assessment: Assessment) -> set[str]:
    """Return who is told beside the owner when it is late for good."""
    plan(assessment.due + timedelta(days=12))
    rows = Reminder.objects.filter(object_id=str(assessment.pk), stage="escalate").select_related("person")
    return {row.person.display_name for row in rows if row.person_id != assessment.owner_id}


def manages(owner: User, manager: User, deputy: User | None = None) -> None:
    owner.line_manager, owner.deputy = manager, deputy
    owner.save()


def test_the_line_manager_hears_of_it_when_they_may_open_it(
    opened: Assessment, owner: User, outsider: User, make_person: MakePerson
) -> None:
    manages(owner, make_person("Mona Manager", Role.LEGAL), deputy=outsider)
    assert told(opened) == {"Mona Manager"}


def test_where_neither_deputy_nor_manager_may_who_made_the_schedule_hears_of_it(
    opened: Assessment, owner: User, outsider: User, make_person: MakePerson
) -> None:
    manages(owner, make_person("Mona Manager"), deputy=outsider)
    assert told(opened) == {"Hanna Lindqvist"}


def test_nobody_is_told_of_a_checklist_without_a_schedule_that_nobody_else_may_open(
    readiness: Assessment, owner: User, outsider: User
) -> None:
    manages(owner, outsider)
    assert told(readiness) == set()
