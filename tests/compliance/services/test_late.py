"""A checklist that stays late is told to the manager, then the board, each once, and to nobody who may not open it."""

from datetime import datetime, timedelta

import pytest

from accounts.models import User
from accounts.roles import Role
from compliance.models import Assessment
from compliance.models import boards as known
from compliance.models.boards import Boards
from compliance.services.reviewing import submit_assessment
from jobs.models import Job
from reminders.delivery import deliver
from reminders.models import Message, Reminder
from reminders.planner import DELIVER, plan
from tests.compliance.conftest import Fill, MakePerson, MakeSchedule
from tests.reminders.made import run_planner_and_workers


def told(assessment: Assessment, step: str, days: int) -> set[str]:
    """Return who is told at the step so many days after it was due."""
    plan(assessment.due + timedelta(days=days))
    rows = Reminder.objects.filter(object_id=str(assessment.pk), stage=step).select_related("person")
    return {row.person.display_name for row in rows}


def manages(owner: User, manager: User, deputy: User | None = None) -> None:
    owner.line_manager, owner.deputy = manager, deputy
    owner.save()


def test_the_line_manager_hears_of_it_after_three_days_when_they_may_open_it(
    opened: Assessment, owner: User, outsider: User, make_person: MakePerson
) -> None:
    manages(owner, make_person("Mona Manager", Role.LEGAL), deputy=outsider)
    assert told(opened, "manager", 2) == set()
    assert told(opened, "manager", 4) == {"Mona Manager"}
    assert told(opened, "board", 9) == set()


def test_where_neither_manager_nor_deputy_may_who_made_the_schedule_hears_of_it(
    opened: Assessment, owner: User, outsider: User, make_person: MakePerson
) -> None:
    manages(owner, make_person("Mona Manager"), deputy=outsider)
    assert told(opened, "manager", 4) == {"Hanna Lindqvist"}


def test_after_ten_days_those_hear_of_it_who_look_after_compliance_and_nobody_else(
    opened: Assessment, owner: User, outsider: User, make_person: MakePerson
) -> None:
    manages(owner, outsider)
    make_person("Lena Legal", Role.LEGAL)
    make_person("Gone Lead", Role.SAFETY_LEAD, is_active=False)
    make_person("Vera Release", Role.RELEASE_MANAGER)
    assert told(opened, "board", 11) == {"Lena Legal", "Elif Bayar"}
    assert not Reminder.objects.filter(person=outsider).exists()


def test_nobody_is_told_of_a_checklist_without_a_schedule_that_nobody_else_may_open(
    readiness: Assessment, owner: User, outsider: User
) -> None:
    manages(owner, outsider)
    assert told(readiness, "manager", 4) == set()


def test_a_check_of_a_board_is_told_to_those_who_lead_it_unless_none_of_them_may_open_it(
    make_schedule: MakeSchedule, opened: Assessment, outsider: User, make_person: MakePerson,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    chair = make_person("Chloe Chair")
    Assessment.objects.filter(pk=opened.pk).update(scope="board", board=7)
    seen = {chair.pk: [7]}
    boards = Boards(
        lambda user, _now: seen.get(user.pk, []),
        dict,
        None,
        lambda _board, _project, _now: {chair.pk, outsider.pk},
    )
    monkeypatch.setattr(known, "_known", boards)
    assert told(opened, "board", 11) == {"Chloe Chair"}
    Reminder.objects.all().delete()
    seen.clear()
    assert told(opened, "board", 11) == {"Elif Bayar"}


@pytest.mark.both_engines
def test_however_often_it_is_planned_each_is_told_once_and_knows_as_what(
    opened: Assessment, owner: User, secretary: User, make_person: MakePerson
) -> None:
    manager = make_person("Mona Manager", Role.LEGAL)
    manages(owner, manager)
    for days in (4, 4, 5, 11, 11, 12, 40):
        run_planner_and_workers(opened.due + timedelta(days=days))
    said = list(Message.objects.filter(person=manager).order_by("id"))
    assert [message.occasion.partition(" ")[0] for message in said] == ["manager", "board"]
    assert said[0].subject.startswith("Ravi Krishnan is late: ")
    assert "You are told as line manager." in said[0].body
    assert "You are told because you look after compliance." in said[1].body
    assert not Message.objects.filter(person=secretary).exists(), "the manager could be told"
    own = Message.objects.filter(person=owner).order_by("id")
    assert "If it stays late, it is told to Elif Bayar, Mona Manager on " in own[0].body


def test_what_is_submitted_meanwhile_is_told_to_nobody_and_counts_anew_when_it_comes_back(
    opened: Assessment, owner: User, fill: Fill, make_person: MakePerson
) -> None:
    manages(owner, make_person("Mona Manager", Role.LEGAL))
    late = opened.due + timedelta(days=4)
    plan(late)
    fill(opened, opened.due)
    submit_assessment(actor=owner, assessment_id=opened.pk, now=late)
    work(late)
    assert not Message.objects.filter(person=owner.line_manager).exists()
    back = late + timedelta(days=1)
    Assessment.objects.filter(pk=opened.pk).update(state="returned", returned_at=back, return_reason="Thin.")
    run_planner_and_workers(back + timedelta(days=2))
    assert not Message.objects.filter(person=owner.line_manager, kind="checklist").exists()
    run_planner_and_workers(back + timedelta(days=4))
    assert Message.objects.filter(person=owner.line_manager, kind="checklist").count() == 1


def test_a_manager_who_may_not_open_it_any_more_when_the_worker_comes_hears_nothing(
    opened: Assessment, owner: User, make_person: MakePerson
) -> None:
    manager = make_person("Mona Manager", Role.LEGAL)
    manages(owner, manager)
    late = opened.due + timedelta(days=4)
    plan(late)
    manager.groups.clear()
    work(late)
    assert not Message.objects.filter(person=manager).exists()
    assert Reminder.objects.get(person=manager).state == "dropped"


def test_a_new_owner_has_another_manager_but_the_board_hears_of_a_thing_once(
    opened: Assessment, owner: User, outsider: User, make_person: MakePerson
) -> None:
    manages(owner, make_person("Mona Manager", Role.LEGAL))
    assert told(opened, "board", 11) == {"Mona Manager", "Elif Bayar"}
    manages(outsider, make_person("Nora Manager", Role.LEGAL))
    Assessment.objects.filter(pk=opened.pk).update(owner=outsider)
    assert told(opened, "board", 12) == {"Mona Manager", "Elif Bayar"}
    assert told(opened, "manager", 12) == {"Mona Manager", "Nora Manager"}


def work(now: datetime) -> None:
    for job in Job.objects.filter(kind=DELIVER, state="due"):
        deliver(job.payload["ids"], now)
