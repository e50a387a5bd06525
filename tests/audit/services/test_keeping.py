"""Reconciliations that are asked for, carried out, kept and told."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import User
from audit import tracking, trail
from audit.leaf import decode
from audit.log.alarms import open_alarms
from audit.models import Event, Reconciliation
from audit.reconciling import keeping
from audit.reconciling.told import Told
from jobs.models import Job
from tests.audit.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


@pytest.fixture
def group(monkeypatch: pytest.MonkeyPatch) -> Group:
    monkeypatch.setattr(tracking, "_tracked", {})
    tracking.track(Group, ["name"])
    Group.objects.all().delete()
    made = Group.objects.create(name="thing")
    trail.record("thing.changed", obj=made, actor=None, now=NOW)
    return made


def rename(group: Group, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE auth_group SET name = %s WHERE id = %s", [name, group.pk])


def test_the_result_is_kept_with_an_event_and_raises_an_alarm_until_nothing_is_found(group: Group) -> None:
    rename(group, "other")
    made = keeping.carry_out()
    assert (made.rows, made.findings, made.is_well) == (1, 1, False)
    assert made.first == [
        {"kind": "changed", "table": "auth_group", "type": "auth.group", "id": str(group.pk), "fields": [],
         "event": Event.objects.get(object_type="auth.group").pk}
    ]  # fmt: skip
    event = Event.objects.get(verb="log.reconciled")
    assert decode(bytes(event.leaf))["data"]["findings"] == 1
    [alarm] = open_alarms()
    assert f"auth_group, row {group.pk}: it was changed past the application." in alarm.text
    rename(group, "thing")
    assert keeping.carry_out().is_well
    assert open_alarms() == []
    assert Event.objects.filter(verb="log.reconciled").count() == 2


def test_who_asks_leaves_an_event_and_gets_the_one_that_is_under_way(group: Group, ada: User) -> None:
    asked = keeping.ask(actor=ada, now=NOW)
    assert keeping.ask(actor=ada, now=NOW + timedelta(minutes=1)) == asked == keeping.running(NOW)
    assert Event.objects.filter(verb="log.reconciliation_asked", actor=str(ada.pseudonym)).count() == 1
    job = Job.objects.get(kind=keeping.JOB)
    assert keeping.latest() is None
    keeping.job(job.payload)
    keeping.job(job.payload)
    assert Reconciliation.objects.get().asked_by == str(ada.pseudonym)
    assert Event.objects.filter(verb="log.reconciled").count() == 1
    assert keeping.latest() == asked
    assert keeping.running(NOW) is None


def test_the_day_has_one_however_often_the_clock_asks(group: Group) -> None:
    keeping.plan_daily(NOW)
    keeping.plan_daily(NOW + timedelta(hours=3))
    assert Job.objects.filter(kind=keeping.JOB).count() == 1
    keeping.plan_daily(NOW + timedelta(days=1))
    assert Job.objects.filter(kind=keeping.JOB).count() == 2
    keeping.job(Job.objects.filter(kind=keeping.JOB)[0].payload)
    assert Reconciliation.objects.get().asked_by == ""


def test_the_command_names_every_row_and_ends_with_an_error(
    group: Group, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("audit", "reconcile")
    assert "1 rows are as" in capsys.readouterr().out
    rename(group, "other")
    with pytest.raises(CommandError, match=f"auth_group, row {group.pk}"):
        call_command("audit", "reconcile")


def test_what_is_told_later_but_happened_before_does_not_count() -> None:
    def leaf(state: str, verb: str = "thing.changed") -> bytes:
        return f'{{"obj":{{"type":"auth.group","id":"1"}},"state":"{state}","states":{{}},"verb":"{verb}"}}'.encode()

    with Told() as told:
        told.take([(5, leaf("new")), (4, leaf("old")), (6, b"damaged"), (7, b"[]"), (8, b'{"state":null}')])
        assert told.of("auth.group", ["1"])["1"].digest == "new"


def test_an_event_that_left_the_object_as_it_was_hides_no_change(group: Group, ada: User) -> None:
    """Somebody is changed past the application and signs in: the event of that tells the state after the change."""
    tracking.track(User, ["is_active"])
    trail.record("thing.changed", obj=ada, actor=None, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET is_active = %s WHERE id = %s", [False, ada.pk])
    ada.refresh_from_db()
    trail.record("person.signed_in", obj=ada, actor=ada, now=NOW)
    assert [found["type"] for found in keeping.carry_out().first] == ["accounts.user"]
