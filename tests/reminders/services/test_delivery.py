"""Delivery: asked again, in the person's words, exactly once into the inbox."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from accounts.models import User
from reminders.delivery import deliver
from reminders.models import Message, Reminder
from reminders.planner import plan
from tests.reminders.made import run_planner_and_workers
from tests.reminders.things import Things

pytestmark = pytest.mark.both_engines

DUE = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def ids() -> list[int]:
    return list(Reminder.objects.values_list("id", flat=True))


def test_a_reminder_reaches_the_inbox_once_however_often_it_is_delivered(
    member: User, things: Things
) -> None:
    things.wait(member, DUE)
    plan(MORNING)
    assert deliver(ids(), MORNING) == 1
    assert deliver(ids(), MORNING) == 0
    message = Message.objects.get()
    assert message.person == member
    assert message.url == "/ballots/1/"
    assert message.subject == "Due Wed 25 Nov 2026, 17:00: Harbor-7B 2.1"
    assert "Vote for the Ethics board." in message.body
    assert Reminder.objects.get().state == "delivered"


def test_what_was_done_in_the_meantime_is_not_reminded_of(member: User, things: Things) -> None:
    things.wait(member, DUE)
    plan(MORNING)
    things.done()
    assert deliver(ids(), MORNING) == 0
    assert not Message.objects.exists()
    assert Reminder.objects.get().state == "dropped"


def test_what_was_put_off_in_the_meantime_is_not_reminded_of_with_its_old_due_moment(
    member: User, things: Things
) -> None:
    things.wait(member, DUE)
    plan(MORNING)
    things.done()
    things.wait(member, DUE + timedelta(days=20))
    assert deliver(ids(), MORNING) == 0
    assert not Message.objects.exists()


def test_a_message_speaks_the_language_and_the_time_of_the_person(
    chinese: User, member: User, things: Things
) -> None:
    things.wait(chinese, DUE)
    things.wait(member, DUE)
    plan(MORNING)
    deliver(ids(), MORNING)
    assert "请投票。" in Message.objects.get(person=chinese).body
    assert (
        "01:00" in Message.objects.get(person=chinese).subject
    )  # 17:00 UTC is 01:00 of the next day in Shanghai
    assert "请投票。" not in Message.objects.get(person=member).body


def test_the_source_is_asked_only_about_the_people_who_are_reminded(
    member: User, outsider: User, things: Things
) -> None:
    things.wait(member, DUE)
    things.wait(outsider, DUE + timedelta(days=100), key="2")
    plan(MORNING)
    things.asked.clear()
    deliver(ids(), MORNING)
    assert things.asked == [frozenset({member.pk})]


@pytest.mark.parametrize(
    ("days", "subject"),
    [
        (0, "Due today: Harbor-7B 2.1"),
        (1, "1 day late: Harbor-7B 2.1"),
        (3, "3 days late: Harbor-7B 2.1"),
    ],
)
def test_the_headline_says_how_it_stands(member: User, things: Things, days: int, subject: str) -> None:
    things.wait(member, DUE)
    run_planner_and_workers(MORNING + timedelta(days=2 + days))
    assert Message.objects.get().subject == subject


def test_the_tenth_reminder_warns_and_the_escalation_tells_both(
    member: User, outsider: User, things: Things
) -> None:
    member.deputy = outsider
    member.save()
    things.wait(member, DUE)
    tenth = MORNING + timedelta(days=12)
    run_planner_and_workers(tenth)
    assert "Tomorrow Oto Outsider is told, too." in Message.objects.get().body
    run_planner_and_workers(tenth + timedelta(days=1))
    told = Message.objects.get(person=outsider)
    assert told.subject == "Mara Member is late: Harbor-7B 2.1"
    assert "You are told as deputy, chair or line manager." in told.body
    assert "Oto Outsider has been told, too." in Message.objects.filter(person=member).latest("id").body
    run_planner_and_workers(tenth + timedelta(days=30))
    assert Message.objects.count() == 3


@pytest.mark.parametrize(
    "outage", [timedelta(hours=3), timedelta(days=1), timedelta(days=6), timedelta(days=60)]
)
def test_after_an_outage_each_person_gets_one_message_and_one_mail(
    member: User, things: Things, outage: timedelta
) -> None:
    things.wait(member, DUE)
    run_planner_and_workers(DUE - timedelta(days=8))
    assert not Message.objects.exists()
    back = DUE - timedelta(days=8) + timedelta(days=2) + outage
    run_planner_and_workers(back)
    run_planner_and_workers(back + timedelta(minutes=1))
    assert Message.objects.count() == 1
    assert len(mail.outbox) == 1


def test_when_only_the_workers_were_down_the_reminders_of_those_days_become_one(
    member: User, things: Things
) -> None:
    things.wait(member, DUE)
    for day in range(-7, 4):
        plan(DUE + timedelta(days=day))
    run_planner_and_workers(DUE + timedelta(days=3, minutes=1))
    assert [message.subject for message in Message.objects.all()] == ["3 days late: Harbor-7B 2.1"]
    assert len(mail.outbox) == 1
    assert set(Reminder.objects.values_list("state", flat=True)) == {"merged", "delivered"}
