"""The commit guard on PostgreSQL, and processes that refuse to start without guards."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from audit import guards, starting, tracking, trail

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
on_postgresql = pytest.mark.engine("postgresql")


@pytest.fixture
def _tracked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracking, "_tracked", {})
    tracking.track(Group, ["name"])


@pytest.fixture
def thing(_tracked: None, guarded: None) -> Group:
    with transaction.atomic():
        made = Group.objects.create(name="thing")
        trail.record("thing.changed", obj=made, actor=None, now=NOW)
    return made


@on_postgresql
def test_a_change_of_a_tracked_table_without_an_event_is_refused_at_the_commit(thing: Group) -> None:
    with pytest.raises(IntegrityError, match="auth_group needs an event"):
        Group.objects.filter(pk=thing.pk).update(name="changed")
    with pytest.raises(IntegrityError, match="needs an event"):
        Group.objects.create(name="another")
    with pytest.raises(IntegrityError, match="needs an event"):
        thing.delete()
    assert list(Group.objects.filter(name__in=["thing", "changed", "another"]).values_list("name")) == [
        ("thing",)
    ]


@on_postgresql
def test_an_event_of_the_transaction_lets_it_pass_wherever_it_stands(thing: Group) -> None:
    with transaction.atomic():
        trail.record("thing.changed", obj=thing, actor=None, now=NOW)
        Group.objects.create(name="another")
    with transaction.atomic():
        with transaction.atomic():
            Group.objects.filter(pk=thing.pk).update(name="changed")
        trail.record("thing.changed", obj=thing, actor=None, now=NOW)
    assert Group.objects.filter(name__in=["another", "changed"]).count() == 2


@on_postgresql
def test_an_event_that_was_rolled_back_does_not_count(thing: Group) -> None:
    @transaction.atomic
    def change() -> None:
        Group.objects.filter(pk=thing.pk).update(name="changed")
        with transaction.atomic():
            trail.record("thing.changed", obj=thing, actor=None, now=NOW)
            transaction.set_rollback(True)

    with pytest.raises(IntegrityError, match="needs an event"):
        change()
    assert Group.objects.get(pk=thing.pk).name == "thing"


@on_postgresql
def test_a_write_that_changes_no_tracked_value_needs_no_event(thing: Group) -> None:
    Group.objects.filter(pk=thing.pk).update(name="thing")


@on_postgresql
def test_every_tracked_model_of_the_product_gets_its_guard(committed: None) -> None:
    guards.install(connection, commit_guard=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT tgrelid) FROM pg_trigger WHERE tgname LIKE 'audit_guard_%%'")
        assert cursor.fetchone() == (len(tracking.tracked()),)
    guards.install(connection, commit_guard=False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'audit_guard_%%'")
        assert cursor.fetchone() == (0,)


@pytest.mark.both_engines
def test_a_process_refuses_to_start_without_guards_and_says_what_is_missing(committed: None) -> None:
    starting.refuse_unguarded()
    call_command("audit", "guards")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER audit_event_no_update")
        else:
            cursor.execute("ALTER TABLE audit_event DISABLE TRIGGER ALL")
    with pytest.raises(ImproperlyConfigured, match=r"not guarded.*trigger audit_"):
        starting.refuse_unguarded()
    with pytest.raises(CommandError, match="trigger audit_"):
        call_command("audit", "guards")
    call_command("migrate", verbosity=0)
    starting.refuse_unguarded()


@pytest.mark.both_engines
def test_logins_with_rights_of_their_own_exist_on_postgresql_only(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    if connection.vendor == "sqlite":
        with pytest.raises(CommandError, match="PostgreSQL only"):
            call_command("audit", "grants")
        return
    call_command("audit", "grants", "--application", "web", "--sequencer", "tree")
    printed = capsys.readouterr().out
    writes = [line for line in printed.splitlines() if line.startswith(("GRANT UPDATE", "GRANT DELETE"))]
    assert len(writes) == 3
    assert not [line for line in writes if '"audit_event"' in line]
    with pytest.raises(CommandError, match="different"):
        call_command("audit", "grants", "--application", "web", "--sequencer", "web")
