"""Reminders of checklists are planned by the database, and are those that a loop over what waits would plan."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from accounts.models import User
from compliance.models import Assessment
from compliance.services.occurrences import open_due, plan_occurrences
from reminders.models import Reminder
from reminders.planner import plan, plan_source
from reminders.waiting import Round, get
from tests.compliance.conftest import NOW, MakePerson, MakeSchedule

pytestmark = pytest.mark.both_engines
FIELDS = (
    "person",
    "about",
    "kind",
    "object_type",
    "object_id",
    "due",
    "stage",
    "office",
    "begins",
    "state",
    "queued_at",
)


def found() -> list[tuple[object, ...]]:
    return sorted(Reminder.objects.values_list(*FIELDS), key=str)


def looped(at: datetime) -> None:
    """Plan as for a source that only says what waits."""
    for kind in ("checklist", "checklist.review"):
        plan_source(replace(get(kind), rows=None), Round(at, None))


def test_the_database_plans_what_a_loop_would(
    make_schedule: MakeSchedule, make_person: MakePerson, owner: User, reviewer: User, submitted: Assessment
) -> None:
    far = make_person("Chen Jialin", time_zone="Asia/Shanghai")
    gone = make_person("Gone Away")
    for days, person in ((2, far), (10, owner), (3, gone)):
        make_schedule("FREQ=WEEKLY;BYDAY=MO", days=days, owner=person)
    plan_occurrences(now=NOW, horizon=timedelta(days=8))
    for weeks in range(2):
        open_due(now=NOW + timedelta(days=7 * weeks, hours=2))
    gone.is_active = False
    gone.save()
    kinds = set()
    for hours in (25, 24 * 10, 24 * 14):
        at = NOW + timedelta(hours=hours)
        looped(at)
        expected = found()
        Reminder.objects.all().delete()
        for kind in ("checklist", "checklist.review"):
            plan_source(get(kind), Round(at, None))
        assert found() == expected
        kinds |= {(row[2], row[6]) for row in expected}
        Reminder.objects.all().delete()
    assert {"0d", "7d", "late-4", "late-10", "manager"} <= {str(stage) for _kind, stage in kinds}
    assert {kind for kind, _stage in kinds} == {"checklist", "checklist.review"}


def test_planned_twice_each_reminder_is_there_once(make_schedule: MakeSchedule) -> None:
    make_schedule("FREQ=WEEKLY;BYDAY=MO", days=2)
    plan_occurrences(now=NOW, horizon=timedelta(days=1))
    open_due(now=NOW + timedelta(hours=1))
    at = NOW + timedelta(days=1)
    assert [plan(at), plan(at), plan(at + timedelta(minutes=5))] == [0, 0, 0]
    at = NOW + timedelta(days=2)
    assert [plan(at), plan(at)] == [1, 0]
    assert Reminder.objects.count() == 1
