"""Fixtures of the audit tests: a thing that events are about, two people, some verbs."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection

from accounts.models import User
from audit import guards, trail, verbs
from audit.models import Event
from tests.audit.logs import signer_in
from tests.audit.witnessing import Running

NOW = datetime(2026, 11, 2, 9, 30, 0, 123456, tzinfo=UTC)

Record = Callable[..., Event]


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(autouse=True)
def _verbs() -> Iterator[None]:
    verbs.register("thing.changed", "Thing changed", "A thing was changed.")
    verbs.register("thing.read", "Thing read", "A thing was read.")
    yield
    for name in ("thing.changed", "thing.read"):
        verbs._verbs.pop(name)


def person(name: str) -> User:
    address = name.lower().replace(" ", ".") + "@example.org"
    return User.objects.create_user(address, "a long password", display_name=name)


@pytest.fixture
def thing(db: None) -> Group:
    return Group.objects.create(name="thing")


@pytest.fixture
def ada(db: None) -> User:
    return person("Ada Lovelace")


@pytest.fixture
def wang(db: None) -> User:
    return person("王淑兰")


@pytest.fixture
def record(thing: Group, ada: User) -> Record:
    """Record an event about the thing by Ada."""

    def make(verb: str = "thing.changed", **over: Any) -> Event:
        given: dict[str, Any] = {"obj": thing, "actor": ada, "now": NOW}
        return trail.record(verb, **given | over)

    return make


@pytest.fixture
def guarded(committed: None) -> None:
    """Like `committed`, and on PostgreSQL a change of a tracked table without an event is refused at the commit."""
    guards.install(connection, commit_guard=True)


def apply_grants() -> None:
    """Make the two logins and give them their rights, in the database of this test."""
    with connection.cursor() as cursor:
        for login in ("tests_app", "tests_sequencer"):
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [login])
            if not cursor.fetchone():
                cursor.execute(f"CREATE ROLE {login} LOGIN")
    call_command(
        "audit",
        "grants",
        "--application",
        "tests_app",
        "--sequencer",
        "tests_sequencer",
        "--apply",
        verbosity=0,
    )


@pytest.fixture
def witness(tmp_path: Path, settings: Any) -> Iterator[Running]:
    signer_in(settings, tmp_path / "signer")
    running = Running(tmp_path / "witness")
    settings.LOG_WITNESSES = f"{running.vkey} {running.url}"
    yield running
    running.end()
