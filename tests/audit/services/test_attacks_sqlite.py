"""Attacks on the log on SQLite, also after a migration that rebuilds its table."""

from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.db.models import TextField
from django.db.models.signals import pre_migrate

from audit import guards, trail
from audit.models import Disclosure, Event

pytestmark = [
    pytest.mark.engine("sqlite"),
    pytest.mark.both_engines,
]

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
SAME = "(id, leaf, object_type, object_id, verb, actor, project, board, root_type, root_id, occurred_at) SELECT id,"
SAME += " x'00', object_type, object_id, verb, actor, project, board, root_type, root_id, occurred_at FROM audit_event"

ATTACKS = {
    "update": "UPDATE audit_event SET verb = 'thing.read' WHERE id = 1",
    "update all": "UPDATE audit_event SET verb = 'thing.read'",
    "update or replace": "UPDATE OR REPLACE audit_event SET id = 1 WHERE id = 2",
    "delete one": "DELETE FROM audit_event WHERE id = 1",
    "delete all": "DELETE FROM audit_event",
    "insert or replace": f"INSERT OR REPLACE INTO audit_event {SAME}",
    "upsert": f"INSERT INTO audit_event {SAME} WHERE true ON CONFLICT (id) DO UPDATE SET leaf = excluded.leaf",
    "update a disclosure": "UPDATE audit_disclosure SET value = 'Eve'",
    "delete a disclosure": "DELETE FROM audit_disclosure",
    "replace a disclosure": "INSERT OR REPLACE INTO audit_disclosure (id, event_id, path, salt, value) "
    "SELECT id, event_id, path, salt, 'Eve' FROM audit_disclosure",
    "replace by its path": "INSERT OR REPLACE INTO audit_disclosure (event_id, path, salt, value) "
    "SELECT event_id, path, salt, 'Eve' FROM audit_disclosure",
}


@pytest.fixture
def events(committed: None) -> None:
    thing = Group.objects.create(name="thing")
    for _ in range(2):
        trail.record("thing.changed", obj=thing, actor=None, now=NOW, reason="because")


def attack_all() -> None:
    before = list(Event.objects.order_by("id").values()), list(Disclosure.objects.order_by("id").values())
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers = OFF")
        for name, statement in ATTACKS.items():
            with pytest.raises(IntegrityError, match="append-only") as refused:
                cursor.execute(statement)
            assert refused.value, name
    assert before == (
        list(Event.objects.order_by("id").values()),
        list(Disclosure.objects.order_by("id").values()),
    )


def test_no_attack_changes_the_log(events: None) -> None:
    attack_all()
    assert guards.faults() == []


def test_a_migration_that_rebuilds_the_table_drops_the_triggers_and_the_next_migrate_puts_them_back(
    events: None,
) -> None:
    old, new = Event._meta.get_field("verb"), TextField()
    new.set_attributes_from_name("verb")
    pre_migrate.send(apps.get_app_config("audit"), using="default", plan=[object()])
    with connection.schema_editor() as editor:
        editor.alter_field(Event, old, new)
    assert len(guards.faults()) == 4
    call_command("migrate", verbosity=0)
    assert guards.faults() == []
    attack_all()


def test_an_altered_trigger_is_named_and_put_back(events: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER audit_event_no_delete")
        cursor.execute(
            "CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event BEGIN SELECT 1; END"
        )
    assert guards.faults() == ["The trigger audit_event_no_delete is missing or altered."]
    guards.install(connection)
    attack_all()
