"""Alarms of the log reach administrators and auditors, once each."""

from datetime import timedelta

import pytest

from accounts.roles import Role
from audit.log import alarms
from audit.models import Reconciliation
from audit.reconciling import keeping
from oversight.alarm_letters import KIND, tell_alarms
from reminders.models import Message
from tests.dossiers import NOW, person

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def test_administrators_and_auditors_are_told_once_and_others_are_not() -> None:
    person("Ada Admin", Role.ADMINISTRATOR)
    both = person("Aude Auditor", Role.AUDITOR)
    both.groups.add(*person("Bo Admin", Role.ADMINISTRATOR).groups.all())
    person("Otto Auditor", Role.AUDITOR)
    person("Rita Researcher", Role.RESEARCHER)
    gone = person("Gone Auditor", Role.AUDITOR)
    gone.is_active = False
    gone.save()
    assert tell_alarms(NOW) == 0
    alarms.raise_("sign.log.fork", "The log has two pasts.", NOW)
    assert tell_alarms(NOW) == 4
    assert tell_alarms(NOW + timedelta(minutes=1)) == 0
    messages = Message.objects.filter(kind=KIND)
    assert all("two pasts" in message.body and message.mail for message in messages)
    assert {message.person.display_name: message.url for message in messages} == {
        "Ada Admin": "/log/state/", "Bo Admin": "/log/state/", "Aude Auditor": "/log/state/",
        "Otto Auditor": "/inbox/",  # no engagement lets him see the log
    }  # fmt: skip


def test_an_alarm_that_ended_at_once_is_told_and_one_of_last_week_is_not() -> None:
    person("Ada Admin", Role.ADMINISTRATOR)
    alarms.raise_("old", "Long ago.", NOW - timedelta(days=7))
    alarms.end("old", NOW - timedelta(days=6))
    alarms.raise_("short", "For a moment.", NOW)
    alarms.end("short", NOW)
    assert tell_alarms(NOW) == 1
    assert Message.objects.get().body.startswith("short\n\nFor a moment.")


def test_what_a_comparison_found_is_told_in_the_language_of_the_reader() -> None:
    chinese = person("王淑兰", Role.AUDITOR)
    chinese.language = "zh-hans"
    chinese.save()
    found = {
        "kind": "deleted",
        "table": "reviews_vote",
        "type": "reviews.vote",
        "id": "7",
        "fields": [],
        "event": 3,
    }
    Reconciliation.objects.create(made_at=NOW, finished_at=NOW, rows=9, findings=1, first=[found])
    alarms.raise_(keeping.ALARM, "1 row of the database isn't as the log tells.", NOW)
    tell_alarms(NOW)
    assert "reviews_vote" in Message.objects.get().body
