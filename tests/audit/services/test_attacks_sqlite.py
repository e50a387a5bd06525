"""Attacks on the log on SQLite, also after a migration that rebuilds its table."""

from copy import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.db.models import Model
from django.db.models.signals import pre_migrate
from pytest_django.fixtures import Settings

from audit import guards, starting, trail
from audit.models import Checkpoint, Disclosure, Entry, Event, LogKey, Tile, Tree
from tests.audit.logs import signed, signer_in

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
    "an entry moved": "UPDATE audit_entry SET leaf_index = 9 WHERE leaf_index = 1",
    "an entry deleted": "DELETE FROM audit_entry WHERE leaf_index = 1",
    "an entry replaced": "INSERT OR REPLACE INTO audit_entry (leaf_index, event_id) VALUES (0, 2)",
    "an entry replaced by its event": "INSERT OR REPLACE INTO audit_entry (leaf_index, event_id) VALUES (7, 2)",
    "a tile rewritten": "UPDATE audit_tile SET data = zeroblob(64)",
    "a tile cut": "UPDATE audit_tile SET data = substr(data, 1, 32)",
    "a tile moved": "UPDATE audit_tile SET n = 9",
    "a tile too long": "UPDATE audit_tile SET data = CAST(data || zeroblob(8192) AS BLOB)",
    "a tile replaced": "INSERT OR REPLACE INTO audit_tile (level, n, data) VALUES (0, 0, zeroblob(64))",
    "a tile replaced by its key": "INSERT OR REPLACE INTO audit_tile (id, level, n, data)"
    " SELECT id, 9, 9, data FROM audit_tile",
    "a tile deleted": "DELETE FROM audit_tile",
    "a tree cut": "UPDATE audit_tree SET size = size - 1",
    "another root": "UPDATE audit_tree SET root = 'x'",
    "an earlier beginning": "UPDATE audit_tree SET generation = 0",
    "the tree replaced": "INSERT OR REPLACE INTO audit_tree (id, size, root, generation, mark)"
    " VALUES (1, 9, 'x', 1, 0)",
    "the tree deleted": "DELETE FROM audit_tree",
    "a checkpoint rewritten": "UPDATE audit_checkpoint SET root = 'x'",
    "a checkpoint replaced": "INSERT OR REPLACE INTO audit_checkpoint (origin, size, root, note, made_at)"
    " SELECT origin, size, 'x', note, made_at FROM audit_checkpoint",
    "a checkpoint deleted": "DELETE FROM audit_checkpoint",
    "another key": "UPDATE audit_logkey SET vkey = 'x'",
    "a key replaced": "INSERT OR REPLACE INTO audit_logkey (origin, vkey, made_at)"
    " SELECT 'x', vkey, made_at FROM audit_logkey",
    "replace by its path": "INSERT OR REPLACE INTO audit_disclosure (event_id, path, salt, value) "
    "SELECT event_id, path, salt, 'Eve' FROM audit_disclosure",
}


@pytest.fixture
def events(committed: None, settings: Settings, tmp_path: Path) -> None:
    signer_in(settings, tmp_path)
    thing = Group.objects.create(name="thing")
    for _ in range(2):
        trail.record("thing.changed", obj=thing, actor=None, now=NOW, reason="because")
    signed()


def content() -> list[object]:
    return [
        list(model._default_manager.order_by("pk").values())
        for model in (Event, Disclosure, Entry, Tile, Tree, Checkpoint, LogKey)
    ]


def attack_all() -> None:
    before = content()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers = OFF")
        for name, statement in ATTACKS.items():
            with pytest.raises(IntegrityError, match="append-only") as refused:
                cursor.execute(statement)
            assert refused.value, name
    assert before == content()


def test_no_attack_changes_the_log(events: None) -> None:
    attack_all()
    assert guards.faults() == []
    trail.record("thing.changed", obj=Group.objects.get(name="thing"), actor=None, now=NOW)
    assert signed().size == 3


def test_a_migration_that_rebuilds_the_table_drops_the_triggers_and_the_next_migrate_puts_them_back(
    events: None,
) -> None:
    pre_migrate.send(apps.get_app_config("audit"), using="default", plan=[object()])
    rebuilt: dict[type[Model], str] = {Event: "verb", Entry: "event", Tile: "data", Checkpoint: "root"}
    for model, name in rebuilt.items():
        old: Any = model._meta.get_field(name)
        new = copy(old)
        new.null = True
        with connection.schema_editor() as editor:
            editor.alter_field(model, old, new)
    assert len(guards.faults()) == 13
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


def test_a_table_that_was_dropped_keeps_the_product_from_starting(events: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE audit_cosignature")
        cursor.execute("DROP TABLE audit_checkpoint")
    with pytest.raises(ImproperlyConfigured, match="trigger audit_checkpoint_no_delete is missing"):
        starting.refuse_unguarded()
