"""A process killed while it plans, at any statement: what it leaves is whole, and all comes in the end, once."""

import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import takewhile
from typing import Any

import pytest
from django.db import connection, connections

from audit.models import Event
from compliance.models import Assessment, Occurrence, Planning, Schedule
from compliance.rules.recurrence import dates
from compliance.services import ahead, occurrences
from compliance.services.occurrences import digest_of, open_due, plan_occurrences
from jobs.models import Job
from reminders.models import Reminder
from reminders.planner import DELIVER, plan
from tests.compliance.conftest import NOW, MakeSchedule

AT, HORIZON = NOW + timedelta(days=9), timedelta(days=12)
RULES = ("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=MONTHLY;BYMONTHDAY=9", "FREQ=DAILY;INTERVAL=2")
LAST = 70
"""About so many statements a run has that finds everything undone."""


def beat() -> None:
    plan_occurrences(now=AT, horizon=HORIZON)
    open_due(now=AT)
    plan(AT)


class Killer:
    """Kills its own process at the statement with this number, before the database has run it or after."""

    def __init__(self, number: int, *, after: bool) -> None:
        self.left, self.after = number, after

    def __call__(self, execute: Callable[..., Any], *given: Any) -> Any:
        self.left -= 1
        if self.left == 0 and not self.after:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = execute(*given)
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer


def killed_at(number: int, *, after: bool) -> bool:
    """Plan in a process of its own that is killed at this statement; returns whether it lived so long."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            with connection.execute_wrapper(Killer(number, after=after)):
                beat()
        finally:
            os._exit(0)
    _pid, status = os.waitpid(child, 0)
    _gone()
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def _gone() -> None:
    """Wait until the server has noticed, and rolled back what the process had begun."""
    pause = threading.Event()
    while connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            if cursor.fetchone()[0] == 0:
                return
        pause.wait(0.01)


def is_whole() -> None:
    """What is committed fits together, whenever one looks."""
    assert sum(Planning.objects.values_list("count", flat=True)) == Occurrence.objects.count()
    assert all(digest_of(planning) == planning.sha256 for planning in Planning.objects.all())
    planned = Event.objects.filter(verb="schedule.planned")
    assert planned.values("object_id").distinct().count() == Planning.objects.count()
    opened = Event.objects.filter(verb="assessment.opened").values_list("object_id", flat=True)
    assert sorted(map(int, opened)) == sorted(Assessment.objects.values_list("pk", flat=True))
    for schedule in Schedule.objects.all():
        first = schedule.coming_dates.order_by("on").values_list("on", flat=True).first()
        assert schedule.next_at == first, "made dates are gone, and all others are still to come"
    queued = Counter(pk for job in Job.objects.filter(kind=DELIVER) for pk in job.payload["ids"])
    assert set(queued.values()) <= {1}
    assert set(queued) == set(Reminder.objects.exclude(queued_at=None).values_list("pk", flat=True))


@pytest.mark.both_engines
@pytest.mark.parametrize("kills", [6, pytest.param(120, marks=pytest.mark.long)])
def test_killed_at_any_point_each_date_checklist_and_reminder_is_there_once(
    committed: None, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, kills: int
) -> None:
    for module, name, number in (
        (occurrences, "BATCH", 2),
        (occurrences, "OPENED_AT_ONCE", 5),
        (ahead, "BATCH", 3),
    ):
        monkeypatch.setattr(module, name, number)
    make_schedule: MakeSchedule = request.getfixturevalue("make_schedule")
    for rule in RULES * max(1, kills // 12):
        make_schedule(rule, days=1)
    if connection.vendor == "sqlite" and kills < 100:
        kills //= 2  # each commit waits for the disk
    chance, died = random.Random(20261125), 0
    for _turn in range(kills):
        died += killed_at(chance.randint(1, LAST), after=chance.random() < 0.5)
        is_whole()
    assert died > kills // 3, "some have nothing left to do, and live"

    beat()
    is_whole()
    expected = [
        (schedule.pk, moment)
        for schedule in Schedule.objects.order_by("pk")
        for moment in takewhile(
            lambda moment: moment <= AT + HORIZON, dates(schedule.series, NOW, inclusive=True)
        )
    ]
    made = Occurrence.objects.order_by("schedule_id", "scheduled_for")
    assert list(made.values_list("schedule_id", "scheduled_for")) == expected
    came = sum(moment <= AT for _schedule, moment in expected)
    assert Assessment.objects.values("occurrence").distinct().count() == Assessment.objects.count() == came
    reminded = Reminder.objects.values_list("object_id", "person", "due", "stage")
    assert len(set(reminded)) == len(reminded) > 0
    before = (Reminder.objects.count(), Job.objects.count(), Event.objects.count())
    beat()
    assert (Reminder.objects.count(), Job.objects.count(), Event.objects.count()) == before
