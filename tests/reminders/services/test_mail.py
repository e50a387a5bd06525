"""Mails: single or one a day, at least once, always with the same Message-ID and text."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage

from accounts.models import User
from jobs.models import Job
from reminders import postbox
from reminders.mail import send_mail
from reminders.models import Mail, Message
from reminders.notices import notify
from tests.reminders.made import run_planner_and_workers
from tests.reminders.things import Things

pytestmark = pytest.mark.both_engines

DUE = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
def daily(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody has chosen one mail a day."""
    monkeypatch.setattr(postbox, "wants_digest", lambda person: True)


def tell(person: User, now: datetime, subject: str = "Harbor-7B 2.1 was approved") -> None:
    notify(
        person=person, kind="request.decided", obj=person, subject=subject, body="Every board passed its motion.",
        url="/requests/1/", now=now,
    )  # fmt: skip


def test_a_mail_is_plain_text_with_a_whole_address_and_says_that_a_machine_wrote_it(
    member: User, things: Things, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "BASE_URL", "https://imprimatur.example.org/")
    things.wait(member, DUE)
    run_planner_and_workers(MORNING)
    (letter,) = mail.outbox
    assert letter.to == ["member@example.org"]
    assert letter.subject == "Due Wed 25 Nov 2026, 17:00: Harbor-7B 2.1"
    assert "https://imprimatur.example.org/ballots/1/" in letter.body
    headers = letter.message()
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Message-ID"] == Mail.objects.get().message_id
    assert headers["Message-ID"].endswith("@imprimatur.example.org>")
    assert headers.get_content_type() == "text/plain"


def test_a_title_with_line_breaks_stays_in_the_headline(member: User, things: Things) -> None:
    things.wait(member, DUE, title="Harbor\r\nBcc: everybody@example.org")
    run_planner_and_workers(MORNING)
    assert mail.outbox[0].message()["Bcc"] is None
    assert "Harbor Bcc: everybody@example.org" in mail.outbox[0].subject


def test_a_mail_that_is_sent_is_not_sent_again(member: User, things: Things) -> None:
    things.wait(member, DUE)
    run_planner_and_workers(MORNING)
    send_mail(Mail.objects.get().pk, MORNING)
    assert len(mail.outbox) == 1


def test_an_attempt_that_failed_goes_again_as_the_same_mail(
    member: User, things: Things, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(member, MORNING)
    letter = Mail.objects.get()
    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", lambda self: (_ for _ in ()).throw(ConnectionRefusedError()))
        with pytest.raises(ConnectionRefusedError):
            send_mail(letter.pk, MORNING)
    first = Mail.objects.get()
    assert first.state == "sending"
    send_mail(letter.pk, MORNING + timedelta(hours=2))
    second = Mail.objects.get()
    assert (second.state, second.attempts) == ("sent", 2)
    assert (second.message_id, second.subject, second.body) == (first.message_id, first.subject, first.body)
    assert mail.outbox[0].extra_headers["Message-ID"] == letter.message_id
    assert Message.objects.count() == 1


def test_a_reminder_done_before_its_mail_is_written_is_not_mailed(member: User, things: Things) -> None:
    things.wait(member, DUE)
    from_inbox = MORNING - timedelta(minutes=1)
    run_planner_and_workers(from_inbox)
    mail.outbox.clear()
    run_planner_and_workers(MORNING)  # two days before, single mail
    things.wait(member, DUE, key="2")
    Mail.objects.all().update(state="waiting", composed_at=None)
    things.done()
    for letter in Mail.objects.all():
        send_mail(letter.pk, MORNING)
    assert set(Mail.objects.values_list("state", flat=True)) == {"dropped"}


@pytest.mark.usefixtures("daily")
def test_a_digest_tells_everything_of_the_day_in_one_mail_at_its_hour(member: User, things: Things) -> None:
    things.wait(member, DUE)
    things.wait(member, DUE, key="2", title="Skiff-ASR 1.4")
    run_planner_and_workers(MORNING)
    tell(member, MORNING + timedelta(minutes=20))
    assert mail.outbox == []
    assert Job.objects.filter(kind=postbox.MAIL).get().run_at == MORNING + timedelta(hours=1)
    run_planner_and_workers(MORNING + timedelta(hours=1))
    (letter,) = mail.outbox
    assert letter.subject == "3 messages from Imprimatur"
    assert (
        letter.body.index("1. Due") < letter.body.index("2. Due") < letter.body.index("3. Harbor-7B 2.1 was")
    )
    assert Message.objects.count() == 3


@pytest.mark.usefixtures("daily")
def test_what_comes_after_the_digest_was_written_goes_with_the_next_one(member: User) -> None:
    tell(member, MORNING)
    digest = Mail.objects.get()
    send_mail(digest.pk, MORNING + timedelta(hours=1))
    tell(member, MORNING + timedelta(minutes=59), subject="Late by a moment")
    assert Mail.objects.count() == 2
    assert Mail.objects.latest("id").digest_at == MORNING + timedelta(days=1, hours=1)
    assert "Late by a moment" not in mail.outbox[0].body


@pytest.mark.usefixtures("daily")
def test_a_digest_leaves_out_what_was_done_and_keeps_what_is_true(member: User, things: Things) -> None:
    things.wait(member, DUE)
    run_planner_and_workers(MORNING)
    tell(member, MORNING)
    things.done()
    run_planner_and_workers(MORNING + timedelta(hours=1))
    assert mail.outbox[0].subject == "Harbor-7B 2.1 was approved"
    assert "Vote" not in mail.outbox[0].body
    assert Message.objects.count() == 2


def test_nothing_is_mailed_to_somebody_who_left(member: User) -> None:
    tell(member, MORNING)
    User.objects.filter(pk=member.pk).update(is_active=False)
    send_mail(Mail.objects.get().pk, MORNING)
    assert mail.outbox == []
    assert Mail.objects.get().state == "dropped"
