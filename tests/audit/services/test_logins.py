"""Production refuses a login that may do more to the log than its role needs, or less."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from pytest_django.fixtures import Settings

from audit import logins, starting
from audit.grants import Role
from tests.audit.conftest import apply_grants

pytestmark = pytest.mark.engine("postgresql")

APP, SEQUENCER = "tests_app", "tests_sequencer"


@pytest.fixture
def granted(committed: None) -> None:
    apply_grants()


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@contextmanager
def as_login(name: str) -> Iterator[None]:
    """Let Django use the database as somebody else."""
    connection.close()
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(connection.settings_dict, "USER", name)
        yield
        connection.close()


def faults(login: str, role: Role) -> list[str]:
    with as_login(login):
        return logins.faults(role)


def test_both_logins_have_exactly_their_rights_and_neither_is_the_other(granted: None) -> None:
    assert faults(APP, "application") == []
    assert faults(SEQUENCER, "sequencer") == []
    assert "It has the right to DELETE audit_disclosure." in faults(APP, "sequencer")
    assert "more differences" in faults(SEQUENCER, "application")[-2]


MORE = {
    "GRANT UPDATE ON audit_event TO tests_app": "right to UPDATE audit_event.",
    "GRANT UPDATE (verb) ON audit_event TO tests_app": "right to UPDATE the column verb of audit_event.",
    "GRANT INSERT (id) ON audit_event TO tests_app": "right to INSERT the column id of audit_event.",
    "GRANT TRUNCATE ON audit_event TO tests_app": "right to TRUNCATE audit_event.",
    "GRANT INSERT ON audit_entry TO tests_app": "right to INSERT audit_entry.",
    "GRANT DELETE ON audit_checkpoint TO PUBLIC": "right to DELETE audit_checkpoint.",
    "GRANT TRIGGER ON reviews_vote TO tests_app": "right to TRIGGER reviews_vote.",
    "GRANT UPDATE ON SEQUENCE audit_event_id_seq TO tests_app": "right to move the counter audit_event_id_seq.",
    "GRANT CREATE ON SCHEMA public TO tests_app": "may create tables and functions.",
    "ALTER TABLE reviews_vote OWNER TO tests_app": "owns the table reviews_vote",
    "REVOKE SELECT ON audit_event FROM tests_app": "hasn't the right to SELECT audit_event.",
    "REVOKE INSERT (leaf) ON audit_event FROM tests_app": "hasn't the right to INSERT the column leaf of audit_event.",
    "REVOKE DELETE ON reviews_reviewrequest FROM tests_app": "hasn't the right to DELETE reviews_reviewrequest.",
}


def test_each_difference_is_named_with_the_command_that_mends_it(granted: None) -> None:
    for statement, sentence in MORE.items():
        run("BEGIN", statement)
        run("SET LOCAL SESSION AUTHORIZATION tests_app")
        found = logins.faults("application")
        run("ROLLBACK")
        assert len(found) == 2, statement
        assert sentence in found[0]
        assert "manage.py audit grants --apply" in found[1]
    assert faults(APP, "application") == []


POWERS = {
    "SUPERUSER": "is a superuser",
    "CREATEROLE": "may make roles",
    "REPLICATION": "may replicate",
}


def test_what_no_right_can_make_good_is_named_also_when_it_is_one_role_away(granted: None) -> None:
    for power, sentence in POWERS.items():
        run("BEGIN", f"ALTER ROLE tests_app {power}", "SET LOCAL SESSION AUTHORIZATION tests_app")
        found = logins.faults("application")
        run("ROLLBACK")
        assert f"The login tests_app {sentence}" in found[0]
        run("BEGIN", f"CREATE ROLE tests_other {power}", "GRANT tests_other TO tests_app")
        run("ALTER ROLE tests_app NOINHERIT", "SET LOCAL SESSION AUTHORIZATION tests_app")
        found = logins.faults("application")
        run("ROLLBACK")
        assert f"may become tests_other, which {sentence}" in found[0]
    run("BEGIN", "GRANT tests_sequencer TO tests_app", "ALTER ROLE tests_app NOINHERIT")
    run("SET LOCAL SESSION AUTHORIZATION tests_app")
    found = logins.faults("application")
    run("ROLLBACK")
    assert any("right to INSERT audit_" in sentence for sentence in found)


def test_production_does_not_start_as_the_owner_and_starts_as_the_application(
    granted: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    starting.refuse_unguarded()
    settings.AUDIT_LOGINS_APART = True
    with pytest.raises(
        ImproperlyConfigured, match=r"not safe.*login owner is a superuser.*audit grants --apply"
    ):
        starting.refuse_unguarded()
    with as_login(APP):
        starting.refuse_unguarded()
        with pytest.raises(ImproperlyConfigured, match="right to"):
            starting.refuse_unguarded("sequencer")
        monkeypatch.setenv("IMPRIMATUR_SEQUENCER_DATABASE_PASSWORD", "x")
        with pytest.raises(ImproperlyConfigured, match="IMPRIMATUR_SEQUENCER_DATABASE_PASSWORD belongs"):
            starting.refuse_unguarded()


def test_the_sequencer_connects_as_its_own_login(granted: None, settings: Settings) -> None:
    settings.AUDIT_LOGINS_APART, settings.SEQUENCER_DATABASE_USER = True, SEQUENCER
    with as_login("owner"):
        starting.connect_as_sequencer()
        with connection.cursor() as cursor:
            cursor.execute("SELECT session_user")
            assert cursor.fetchone() == (SEQUENCER,)
        settings.SEQUENCER_DATABASE_USER = APP
        with pytest.raises(ImproperlyConfigured, match="login of the sequencer"):
            starting.connect_as_sequencer()


def test_the_check_of_a_production_site_refuses_and_migrate_does_not(
    granted: None, settings: Settings
) -> None:
    settings.AUDIT_LOGINS_APART = True

    def found(*, deploy: bool) -> list[str | None]:
        messages = checks.run_checks(
            tags=[checks.Tags.database], include_deployment_checks=deploy, databases=["default"]
        )
        return [message.id for message in messages]

    assert found(deploy=True) == ["audit.E002"]
    assert found(deploy=False) == []
    with as_login(APP):
        assert found(deploy=True) == []
    run("ALTER TABLE audit_event DISABLE TRIGGER ALL")
    assert found(deploy=True) == ["audit.E001", "audit.E002"]
