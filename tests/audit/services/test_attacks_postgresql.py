"""Attacks on the log on PostgreSQL, as the application's login, as the sequencer's, and as superuser."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from django.contrib.auth.models import Group
from django.db import connection
from pytest_django.fixtures import Settings

from accounts.models import User
from audit import guards, trail
from audit.log import alarms, keys
from audit.log.checking import verify_log
from audit.log.turning import turn
from audit.models import Disclosure, Event
from tests.audit.conftest import apply_grants, person
from tests.audit.logs import signed, signer_in

pytestmark = pytest.mark.engine("postgresql")

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
INSERT = "INSERT INTO audit_event ({}leaf, object_type, object_id, verb, actor, project, board, root_type, root_id,"
INSERT += " occurred_at) {}VALUES ({}'x', 'a', '1', 'b', '', '', '', 'a', '1', now())"


@pytest.fixture
def ada(committed: None, settings: Settings, tmp_path: Path) -> User:
    """Somebody with two events in the log, in a database whose logins have their rights."""
    signer_in(settings, tmp_path)
    ada = person("Ada Lovelace")
    thing = Group.objects.create(name="thing")
    for _ in range(2):
        trail.record("thing.changed", obj=thing, actor=ada, now=NOW, reason="because")
    signed()
    apply_grants()
    return ada


@contextmanager
def login(name: str) -> Iterator[psycopg.Connection]:
    """Connect to the database of the test as somebody else."""
    settings = connection.settings_dict
    with psycopg.connect(
        host=str(settings["HOST"]), dbname=str(settings["NAME"]), user=name, autocommit=True
    ) as other:
        yield other


def content() -> list[object]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM audit_event ORDER BY id")
        found: list[object] = list(cursor.fetchall())
        for table in ("disclosure", "entry", "tile", "tree", "checkpoint"):
            cursor.execute(f"SELECT * FROM audit_{table} ORDER BY 1")
            found += cursor.fetchall()
        return found


AS_APPLICATION = {
    "update an event": "UPDATE audit_event SET verb = 'thing.read'",
    "update no event": "UPDATE audit_event SET verb = 'thing.read' WHERE false",
    "delete an event": "DELETE FROM audit_event WHERE id = 1",
    "delete all events": "DELETE FROM audit_event",
    "truncate": "TRUNCATE audit_event CASCADE",
    "lock the table": "LOCK TABLE audit_event IN ACCESS EXCLUSIVE MODE",
    "alter the table": "ALTER TABLE audit_event ADD COLUMN x int",
    "drop the table": "DROP TABLE audit_event CASCADE",
    "disable the triggers": "ALTER TABLE audit_event DISABLE TRIGGER ALL",
    "replace a function": "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "'BEGIN RETURN NULL; END'",
    "shadow a function": "CREATE FUNCTION public.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT NULL'",
    "make a trigger": "CREATE TRIGGER x BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "replica role": "SET session_replication_role = 'replica'",
    "forged id": INSERT.format("id, ", "OVERRIDING SYSTEM VALUE ", "99, "),
    "forged transaction": INSERT.format("txid, ", "", "'3', "),
    "forged hash": INSERT.format("leaf_hash, ", "", "'x', "),
    "insert or update": "INSERT INTO audit_event (leaf, object_type, object_id, verb, actor, project, board,"
    " root_type, root_id, occurred_at) VALUES ('x', 'a', '1', 'b', '', '', '', 'a', '1', now())"
    " ON CONFLICT (id) DO UPDATE SET verb = 'c'",
    "move the counter": "SELECT setval('audit_event_id_seq', 1)",
    "a leaf too large": INSERT.format("", "", "").replace("'x'", "repeat('x', 65536)::bytea", 1),
    "update a disclosure": "UPDATE audit_disclosure SET value = 'Eve'",
    "delete a disclosure": "DELETE FROM audit_disclosure",
    "truncate the disclosures": "TRUNCATE audit_disclosure",
    "become the owner": "SET ROLE owner",
    "become the sequencer": "SET ROLE tests_sequencer",
    "pretend a migration": "DELETE FROM django_migrations",
    "write an entry": "INSERT INTO audit_entry (leaf_index, event_id) VALUES (0, 1)",
    "write a tile": "INSERT INTO audit_tile (level, n, data) VALUES (9, 0, 'x')",
    "write a checkpoint": "INSERT INTO audit_checkpoint (origin, size, root, note, made_at)"
    " VALUES ('x', 9, '', '', now())",
    "write a cosignature": "INSERT INTO audit_cosignature (checkpoint_id, witness, line, made_at)"
    " VALUES (1, '', '', now())",
    "write the tree": "UPDATE audit_tree SET size = size",
    "write a key": "INSERT INTO audit_logkey (origin, vkey, made_at) VALUES ('x', 'y', now())",
}
AN_ERASURE_THAT_NEVER_WAS = """
CREATE TEMPORARY TABLE audit_event AS SELECT pg_current_xact_id() AS txid, 'pii.erased' AS verb;
DELETE FROM audit_disclosure"""

REFUSALS = (psycopg.errors.InsufficientPrivilege, psycopg.errors.GeneratedAlways, psycopg.IntegrityError)


def refused(login: psycopg.Connection, statement: str) -> bool:
    """Say whether the statement was refused, by the rights or by a constraint, and not for another reason."""
    try:
        with login.transaction():
            login.execute(statement)
    except REFUSALS:
        return True
    return False


def test_the_application_can_add_events_and_do_nothing_else_to_the_log(ada: User) -> None:
    before = content()
    with login("tests_app") as app:
        assert [name for name, statement in AS_APPLICATION.items() if not refused(app, statement)] == []
        assert refused(app, AN_ERASURE_THAT_NEVER_WAS)
        app.execute("RESET ROLE")
        app.execute("GRANT UPDATE ON audit_event TO tests_app")  # a warning, and no right
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("UPDATE audit_event SET verb = 'thing.read'")
        assert content() == before
        app.execute(INSERT.format("", "", ""))
        assert app.execute("SELECT count(*) FROM audit_event").fetchone() == (3,)


def test_the_application_does_its_work_with_its_rights(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    with monkeypatch.context() as patched:
        patched.setitem(connection.settings_dict, "USER", "tests_app")
        group = Group.objects.create(name="another")
        trail.record("thing.changed", obj=group, actor=ada, now=NOW)
        Group.objects.filter(pk=group.pk).update(name="renamed")
        group.delete()
        assert guards.faults() == []
        assert Event.objects.count() == 3
        connection.close()


AS_SEQUENCER = {
    "read a disclosure": "SELECT * FROM audit_disclosure",
    "read people": "SELECT * FROM accounts_user",
    "add an event": INSERT.format("", "", ""),
    "update an event": "UPDATE audit_event SET verb = 'thing.read'",
    "delete an event": "DELETE FROM audit_event",
    "move an entry": "UPDATE audit_entry SET leaf_index = 9 WHERE leaf_index = 1",
    "delete an entry": "DELETE FROM audit_entry",
    "a second place for an event": "INSERT INTO audit_entry (leaf_index, event_id) VALUES (9, 1)",
    "put another event in its place": "INSERT INTO audit_entry (leaf_index, event_id) VALUES (0, 2)"
    " ON CONFLICT (leaf_index) DO UPDATE SET event_id = 2",
    "rewrite a tile": "UPDATE audit_tile SET data = sha256('x') || sha256('y')",
    "rewrite a tile by an upsert": "INSERT INTO audit_tile (level, n, data) VALUES (0, 0, sha256('x') || sha256('y'))"
    " ON CONFLICT (level, n) DO UPDATE SET data = excluded.data",
    "delete a tile": "DELETE FROM audit_tile",
    "cut the tree": "UPDATE audit_tree SET size = 1",
    "another root": "UPDATE audit_tree SET root = repeat('0', 64)",
    "delete the tree": "DELETE FROM audit_tree",
    "rewrite a checkpoint": "UPDATE audit_checkpoint SET root = repeat('0', 64)",
    "delete a checkpoint": "DELETE FROM audit_checkpoint",
    "truncate": "TRUNCATE audit_entry, audit_tile, audit_checkpoint CASCADE",
    "another key": "UPDATE audit_logkey SET vkey = 'x'",
    "disable the triggers": "ALTER TABLE audit_tile DISABLE TRIGGER ALL",
    "replica role": "SET session_replication_role = 'replica'",
    "become the application": "SET ROLE tests_app",
}


def test_the_sequencer_adds_to_the_order_and_the_tree_and_does_nothing_else(ada: User) -> None:
    before = content()
    with login("tests_sequencer") as sequencer:
        assert sequencer.execute("SELECT count(*) FROM audit_event").fetchone() == (2,)
        assert [name for name, statement in AS_SEQUENCER.items() if not refused(sequencer, statement)] == []
    assert content() == before


def test_the_sequencer_does_its_work_with_its_rights(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    trail.record("thing.changed", obj=Group.objects.get(name="thing"), actor=ada, now=NOW)
    connection.close()
    with monkeypatch.context() as patched:
        patched.setitem(connection.settings_dict, "USER", "tests_sequencer")
        done = turn(NOW)
        assert (done.sequenced, done.checkpoint and done.checkpoint.size) == (1, 3)
        patched.setattr(keys, "remembered", lambda: None)
        assert "doesn't remember" in turn(NOW).refusal
        assert len(alarms.open_alarms()) == 1
        patched.undo()
        connection.close()
    assert turn(NOW).refusal == ""
    assert verify_log().faults == []


AS_SUPERUSER = {
    "update": ["UPDATE audit_event SET verb = 'thing.read' WHERE id = 1"],
    "delete": ["DELETE FROM audit_event WHERE id = 1"],
    "truncate": ["TRUNCATE audit_event CASCADE"],
    "replica role": [
        "SET session_replication_role = 'replica'",
        "UPDATE audit_event SET verb = 'thing.read'",
    ],
    "insert or update": [
        INSERT.format("id, ", "OVERRIDING SYSTEM VALUE ", "1, ")
        + " ON CONFLICT (id) DO UPDATE SET verb = 'c'"
    ],
    "forged transaction": [INSERT.format("txid, ", "", "'3', ")],
    "disclosure": ["UPDATE audit_disclosure SET value = 'Eve'"],
    "disclosure deleted": ["SET session_replication_role = 'replica'", "DELETE FROM audit_disclosure"],
    "an entry moved": ["UPDATE audit_entry SET leaf_index = 9 WHERE leaf_index = 1"],
    "an entry deleted": ["DELETE FROM audit_entry WHERE leaf_index = 1"],
    "entries truncated": ["TRUNCATE audit_entry CASCADE"],
    "a tile rewritten": ["UPDATE audit_tile SET data = sha256('x')"],
    "a tile cut": ["UPDATE audit_tile SET data = substring(data FROM 1 FOR 32)"],
    "a tile moved": ["UPDATE audit_tile SET n = 9"],
    "a tile too long": ["UPDATE audit_tile SET data = data || repeat('x', 8192)::bytea"],
    "a tile deleted": ["DELETE FROM audit_tile"],
    "a tree cut": ["UPDATE audit_tree SET size = size - 1"],
    "another root": ["UPDATE audit_tree SET root = repeat('0', 64)"],
    "an earlier beginning": ["UPDATE audit_tree SET generation = 0"],
    "the tree deleted": ["DELETE FROM audit_tree"],
    "a checkpoint rewritten": ["UPDATE audit_checkpoint SET root = repeat('0', 64)"],
    "a checkpoint deleted": ["SET session_replication_role = 'replica'", "DELETE FROM audit_checkpoint"],
    "checkpoints truncated": ["TRUNCATE audit_checkpoint CASCADE"],
    "a cosignature rewritten": ["UPDATE audit_cosignature SET line = 'x'"],
    "another key": ["UPDATE audit_logkey SET vkey = 'x'"],
    "a key in use again": [
        "UPDATE audit_logkey SET until_size = 2",
        "UPDATE audit_logkey SET until_size = NULL",
    ],
}


def test_even_a_superuser_is_refused_by_the_triggers(ada: User) -> None:
    before = content()
    for name, statements in AS_SUPERUSER.items():
        with login("owner") as owner:
            for statement in statements[:-1]:
                owner.execute(statement)
            with pytest.raises(psycopg.IntegrityError, match="append-only") as refusal:
                owner.execute(statements[-1])
        assert (refusal.value is not None, content()) == (True, before), name


SWITCHED_OFF = {
    "ALTER TABLE audit_event DISABLE TRIGGER ALL": "not always on",
    "ALTER TABLE audit_tile ENABLE TRIGGER ALL": "not always on",
    "DROP FUNCTION audit_refuse() CASCADE": "missing",
    "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'": "altered",
}


def test_guards_that_were_switched_off_are_named_and_put_back(ada: User) -> None:
    for attack, found in SWITCHED_OFF.items():
        assert guards.faults() == []
        with connection.cursor() as cursor:
            cursor.execute(attack)
        assert any(found in fault for fault in guards.faults())
        guards.install(connection)
        assert guards.faults() == []
        with login("owner") as owner, pytest.raises(psycopg.IntegrityError):
            owner.execute("DELETE FROM audit_event")
    assert Disclosure.objects.count() == 4
