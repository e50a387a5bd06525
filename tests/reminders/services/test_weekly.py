"""The weekly mail: what is the person's, once a week, in their words; nothing where there is nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core import mail

from accounts.models import User
from jobs.models import Job
from reminders import postbox, waiting
from reminders.mail import send_mail
from reminders.models import Mail, Reminder
from reminders.postbox import MAIL
from reminders.rules.escalation import Step
from reminders.waiting import Source, Weekly
from reminders.weekly import plan_weekly
from tests.reminders.made import run_planner_and_workers
from tests.reminders.things import Things

MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday


@pytest.fixture
def week(monkeypatch: pytest.MonkeyPatch) -> dict[Weekly, Things]:
    """One source for each kind of thing that the mail knows, and one that it leaves out."""
    monkeypatch.setattr(waiting, "_sources", {})
    found = {kind: Things() for kind in Weekly}
    for kind, things in found.items():
        steps = (Step.MANAGER, Step.BOARD) if kind is Weekly.OWN else ()
        waiting.register(Source(f"test.{kind}", str(kind), things.read, steps=steps, weekly=kind))
    return found


@pytest.fixture(autouse=True)
def _long_here(member: User, chinese: User) -> None:
    User.objects.update(date_joined=MORNING - timedelta(days=100))


def letters(now: datetime) -> list[str]:
    """Plan, send, and return to whom mails went."""
    plan_weekly(now)
    before = len(mail.outbox)
    for job in Job.objects.filter(kind=MAIL, state="due", run_at__lte=now).order_by("id"):
        send_mail(job.payload["mail"], now)
        Job.objects.filter(pk=job.pk).update(state="done")
    return [letter.to[0].partition("@")[0] for letter in mail.outbox[before:]]


def page_of(letter: mail.EmailMessage) -> str:
    """Return the mail as the page that it is, too."""
    assert isinstance(letter, mail.EmailMultiAlternatives)
    ((page, kind),) = letter.alternatives
    assert kind == "text/html"
    return str(page)


def fill(week: dict[Weekly, Things], person: User) -> None:
    own, review, expiry = week[Weekly.OWN], week[Weekly.REVIEW], week[Weekly.EXPIRY]
    own.wait(person, MORNING - timedelta(days=2), key="1", title="Late <thing>")
    own.wait(person, MORNING + timedelta(days=3), key="2", title="Due soon")
    own.wait(person, MORNING + timedelta(days=20), key="3", title="Has time")
    own.wait(person, None, since=MORNING - timedelta(days=9), key="4", title="Whenever")
    review.wait(person, MORNING + timedelta(days=40), key="5", title="To be judged")
    expiry.wait(person, datetime(2026, 12, 1, 23, 59, tzinfo=UTC), key="6", title="penetration-test.pdf")
    expiry.wait(person, datetime(2026, 11, 20, 23, 59, tzinfo=UTC), key="7", title="old-drill.pdf")
    expiry.wait(person, datetime(2027, 2, 1, 23, 59, tzinfo=UTC), key="8", title="fresh.pdf")


@pytest.mark.both_engines
def test_it_says_what_is_late_to_review_due_and_about_to_expire_as_text_and_as_page(
    week: dict[Weekly, Things], member: User, chinese: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "BASE_URL", "https://imprimatur.example.org/")
    fill(week, member)
    assert letters(MORNING) == ["member"], "nothing is nothing's mail"
    (letter,) = mail.outbox
    assert letter.subject == "Your week: 1 late"
    order = [
        letter.body.index(part)
        for part in ("Late (1)", "To review (1)", "next two weeks (1)", "about to expire (2)")
    ]
    assert order == sorted(order)
    assert "2 days late, since Sat 21 Nov 2026" in letter.body
    assert "Next: line manager, on Tue 24 Nov 2026." in letter.body
    assert "due Thu 26 Nov 2026, 09:00" in letter.body
    assert "expired on Fri 20 Nov 2026" in letter.body
    assert "valid until Tue 1 Dec 2026" in letter.body
    for absent in ("Has time", "Whenever", "fresh.pdf"):
        assert absent not in letter.body
    page = page_of(letter)
    assert page.count('href="https://imprimatur.example.org/') == 7
    assert 'href="/' not in page
    assert "Late &lt;thing&gt;" in page
    assert Mail.objects.get(person=chinese).state == "dropped"


def test_it_comes_once_a_week_whatever_is_missed_or_runs_twice(
    week: dict[Weekly, Things], member: User
) -> None:
    fill(week, member)
    assert letters(MORNING - timedelta(minutes=1)) == ["member"], "that of the week before catches up"
    assert letters(MORNING) == ["member"]
    assert letters(MORNING) == []
    assert letters(MORNING + timedelta(days=6)) == []
    assert letters(MORNING + timedelta(days=30)) == ["member"]
    assert Mail.objects.filter(person=member).count() == 3


def test_it_keeps_the_day_and_the_zone_that_the_person_chose_and_stops_when_they_want_none(
    week: dict[Weekly, Things], chinese: User
) -> None:
    fill(week, chinese)
    User.objects.filter(pk=chinese.pk).update(weekly_mail="th", date_joined=MORNING)
    thursday = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)  # nine o'clock in Shanghai
    assert letters(thursday - timedelta(minutes=1)) == []
    assert letters(thursday) == ["chen"]
    assert '<html lang="zh-hans">' in page_of(mail.outbox[0])
    plan_weekly(thursday + timedelta(days=7))
    User.objects.filter(pk=chinese.pk).update(weekly_mail="never")
    assert letters(thursday + timedelta(days=7)) == [], "also when it was planned already"
    assert letters(thursday + timedelta(days=14)) == []


def test_what_is_done_before_it_is_written_does_not_stand_in_it(
    week: dict[Weekly, Things], member: User
) -> None:
    fill(week, member)
    plan_weekly(MORNING)
    for things in week.values():
        things.done()
    assert letters(MORNING + timedelta(minutes=1)) == []


def test_it_does_not_meet_the_daily_digest_of_the_same_moment(
    week: dict[Weekly, Things], member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postbox, "wants_digest", lambda person: True)
    fill(week, member)
    run_planner_and_workers(MORNING - timedelta(minutes=30))
    assert letters(MORNING) == ["member", "member"]
    assert sorted(Mail.objects.filter(person=member, digest_at=MORNING).values_list("kind", flat=True)) == [
        "daily",
        "weekly",
    ]


def test_it_says_who_has_been_told(week: dict[Weekly, Things], member: User, outsider: User) -> None:
    User.objects.filter(pk=member.pk).update(line_manager=outsider)
    item = week[Weekly.OWN].wait(member, MORNING - timedelta(days=5), title="Late")
    week[Weekly.OWN].items[:] = [replace(item, may_know=lambda other: other.pk == outsider.pk)]
    run_planner_and_workers(MORNING - timedelta(days=1))
    assert Reminder.objects.get(person=outsider).state == "delivered"
    assert letters(MORNING) == ["member"]
    assert "Told: Oto Outsider. Next: board or compliance, on Sat 28 Nov 2026." in mail.outbox[-1].body
