"""Checkpoints leave the house by mail: to whom, how often, and so that they can be held against the log."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from accounts.models import User
from accounts.roles import Role
from audit import trail
from audit.log import keys
from audit.log.changing_keys import go_on, rotate
from audit.log.sequencer import sequence
from audit.log.signer import sign_head
from audit.models import Checkpoint, Event
from imprimatur.tlog.note import Note
from oversight.checkpoint_letters import KIND, RULER, mail_checkpoints
from oversight.services import make_engagement
from reminders.mail import send_mail
from reminders.models import Mail, Message
from tests.dossiers import NOW, person

DAY = timedelta(days=1)


@pytest.fixture
def ada(db: None, settings: Any, tmp_path: Path) -> User:
    settings.LOG_SIGNER = str(tmp_path / "signer")
    admin = person("Ada Admin", Role.ADMINISTRATOR)
    trail.record("log.exported", obj=admin, actor=admin, now=NOW)  # something to sign
    return admin


@pytest.fixture
def aude(ada: User) -> User:
    """Audits until ten days from now."""
    auditor = person("Aude Auditor", Role.AUDITOR)
    make_engagement(
        actor=ada, title="Audit", purpose="The yearly look.", auditors=[auditor], whole=True, projects=[], boards=[],
        starts_at=NOW - DAY, ends_at=NOW + 10 * DAY, now=NOW,
    )  # fmt: skip
    return auditor


@pytest.fixture
def otto(ada: User) -> User:
    """Has the role and no engagement."""
    return person("Otto Auditor", Role.AUDITOR)


def signed(now: datetime = NOW) -> Checkpoint:
    sequence(now)
    sign_head(now)
    return Checkpoint.objects.latest("id")


def told(now: datetime) -> list[str]:
    """Who was mailed a checkpoint at this moment, once something new was signed."""
    signed(now)
    mail_checkpoints(now)
    found = Message.objects.filter(kind=KIND, created_at=now).order_by("person__display_name")
    return [message.person.display_name for message in found]


def test_who_audits_gets_one_a_day_every_other_auditor_one_a_week_and_nobody_else_any(
    aude: User, otto: User
) -> None:
    both = ["Aude Auditor", "Otto Auditor"]
    assert [told(NOW + number * DAY) for number in range(4)] == [both, both[:1], both[:1], both[:1]]
    assert told(NOW + 3 * DAY + timedelta(hours=5)) == []
    assert told(NOW + 7 * DAY) == both
    assert told(NOW + 12 * DAY) == []  # the engagement is over
    events = Event.objects.filter(verb="checkpoint.mailed")
    assert [event.actor for event in events] == [""] * 5  # one each time, by the system
    User.objects.filter(pk=otto.pk).update(is_active=False)
    assert told(NOW + 30 * DAY) == ["Aude Auditor"]


def test_weekly_where_the_house_wants_it(aude: User, settings: Any) -> None:
    settings.CHECKPOINT_MAIL = "weekly"
    assert [told(NOW + number * DAY) for number in (0, 1, 6, 7)] == [
        ["Aude Auditor"],
        [],
        [],
        ["Aude Auditor"],
    ]


def test_the_same_checkpoint_is_mailed_once_and_without_one_nothing_is(otto: User) -> None:
    assert mail_checkpoints(NOW) == 0
    signed()
    assert mail_checkpoints(NOW) == 1
    assert mail_checkpoints(NOW + 30 * DAY) == 0  # nothing new was signed
    assert Message.objects.filter(kind=KIND).count() == 1
    assert Event.objects.filter(verb="checkpoint.mailed").count() == 1


def test_another_key_or_origin_is_mailed_at_once(otto: User, tmp_path: Path) -> None:
    assert told(NOW) == ["Otto Auditor"]
    rotate(reason="A year is over.", now=NOW)
    mailed = []
    for hours in (1, 2, 3, 4):  # signed by both keys, by the new one alone, by the same
        trail.record("log.exported", obj=otto, actor=otto, now=NOW)
        if hours == 4:
            (tmp_path / "signer" / "last").unlink()
            go_on(reason="The signer's disk failed.", now=NOW)
        mailed.append(told(NOW + timedelta(hours=hours)))
    assert mailed == [["Otto Auditor"], [], [], ["Otto Auditor"]]


def test_the_note_in_the_mail_verifies_as_it_stands(aude: User) -> None:
    User.objects.filter(pk=aude.pk).update(reminder_mode="daily")  # a digest would indent it
    checkpoint = signed()
    checkpoint.cosignatures.create(witness="w.example", line="— w.example " + "A" * 100, made_at=NOW)
    mail_checkpoints(NOW)
    send_mail(Mail.objects.get(messages__kind=KIND).pk, NOW)
    [letter] = mail.outbox
    assert letter.to == [aude.email]
    assert letter.subject == f"Checkpoint of the audit log: {checkpoint.size} events"
    text = bytes(letter.message().get_payload(decode=True)).decode()
    note = Note.parse(text.split(f"{RULER}\n")[1])
    assert str(note) == checkpoint.cosigned
    [key] = keys.verifiers()
    assert note.verified_by([key]) == [key]
    assert f"\n{key}\n" in text
