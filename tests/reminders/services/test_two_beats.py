"""Two beats at the same moment plan each step and each weekly mail once."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import close_old_connections, connections

from accounts.models import User
from jobs.models import Job
from reminders import waiting
from reminders.models import Mail, Reminder
from reminders.planner import DELIVER, plan
from reminders.postbox import MAIL
from reminders.rules.escalation import Office, Step
from reminders.weekly import plan_weekly
from tests.reminders.things import Things

DUE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)  # a Monday, the board's step long past


def at_once(*acts: Callable[[], object]) -> None:
    """Do these at the same moment, each on a connection of its own; what fails fails the test."""
    together, faults = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        close_old_connections()
        try:
            together.wait(10)
            act()
        except BaseException as fault:  # noqa: BLE001  (shown by the test)
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not faults


@pytest.mark.usefixtures("committed")
def test_two_beats_plan_each_step_and_each_weekly_mail_once(monkeypatch: pytest.MonkeyPatch) -> None:
    make = User.objects.create_user
    manager, head = (make(f"{name}@example.org", display_name=name) for name in ("Mona", "Chloe"))
    member = make("member@example.org", display_name="Mara", line_manager=manager)
    User.objects.update(date_joined=DUE - timedelta(days=300))
    things = Things()
    monkeypatch.setattr(waiting, "_sources", {})
    waiting.register(waiting.Source("test", "a test", things.read, steps=(Step.MANAGER, Step.BOARD)))
    things.items = [
        replace(things.wait(member, DUE, key=str(key)), heads=lambda: [(Office.BOARD, {head.pk, manager.pk})])
        for key in range(20)
    ]

    for minutes in range(3):
        now = NOW + timedelta(minutes=minutes)
        at_once(*[lambda now=now: plan(now)] * 2, *[lambda now=now: plan_weekly(now)] * 2)

    stages = list(Reminder.objects.exclude(state="merged").values_list("person__display_name", "stage"))
    assert sorted(set(stages)) == [("Chloe", "board"), ("Mara", "late-10"), ("Mona", "board")]
    assert len(stages) == 60
    queued = [pk for job in Job.objects.filter(kind=DELIVER) for pk in job.payload["ids"]]
    assert len(queued) == len(set(queued)) == 60
    assert Mail.objects.count() == Job.objects.filter(kind=MAIL).count() == 3
