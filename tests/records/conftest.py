"""Fixtures of the record tests: a reader, an outsider, records about a person as a stand-in for a request."""

import functools
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from django.conf import settings
from django.db import connection

# Adapters are looked up by allauth when it needs them: for them holds what is said of addresses below.
from accounts import adapters  # noqa: F401
from accounts.models import User
from audit import trail

# Addresses bring all services in; one that came later, while a test has a spy in their place, would keep that spy.
from config import urls  # noqa: F401
from jobs import queue
from records import permissions
from records.context import Language, ReviewContext
from records.decision_context import Outcome
from records.issue import Signatory, freeze, seal, sign
from records.models import Record
from records.sealing import advance
from tests import databases
from tests.records.factories import review_context, slim_context
from tests.records.lines import lines_on
from tests.records.made import Event, Make, Queued

Given = Any  # whatever a test hands through

ROLES = ("legal", "chair")
SIGNATORIES: dict[Language, list[Signatory]] = {
    "en": [Signatory("legal", "legal staff"), Signatory("chair", "chair of the leading board")],
    "zh-hans": [Signatory("legal", "法务人员"), Signatory("chair", "牵头委员会主席")],
}
NOW = datetime(2026, 11, 20, 1, 58, 33, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Standing:
    """Records that a module finds sealed: the database, the folder of their files, the id by language."""

    database: str
    home: Path
    records: Mapping[Language, int]


_STANDING: list[Standing] = []  # of the module that runs, if it asked for them


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    for standing in _STANDING:
        shutil.copytree(standing.home, tmp_path, dirs_exist_ok=True)


@pytest.fixture(scope="session")
def _sealed_records(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Standing]:
    home = tmp_path_factory.mktemp("records")
    with django_db_blocker.unblock():
        copy = databases.copy(str(connection.settings_dict["NAME"]), "records")
        with databases.working_in(copy), pytest.MonkeyPatch.context() as patch:
            patch.setattr(settings, "DATA_DIR", home)
            patch.setattr("jobs.queue.send", lambda job_id: True)  # no worker listens
            subject, signers = _subject(), _signers()
            found = {name: _sealed(_pending(_frozen(subject, name), signers)).pk for name in SIGNATORIES}
    yield Standing(copy, home, found)
    with django_db_blocker.unblock():
        databases.drop(copy)


@pytest.fixture(scope="module")
def standing_records(_sealed_records: Standing, django_db_blocker: Any) -> Iterator[None]:
    """The tests of the module find the records that `sealed()` and `sealed("zh-hans")` would make."""
    with ExitStack() as stack:
        with django_db_blocker.unblock():
            stack.enter_context(databases.working_in(_sealed_records.database))
        _STANDING.append(_sealed_records)
        yield
        _STANDING.clear()
        with django_db_blocker.unblock():
            stack.close()


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def reader(db: None) -> User:
    return User.objects.create_user("reader@example.org", "a long password", display_name="Ada Reader")


@pytest.fixture
def outsider(db: None) -> User:
    return User.objects.create_user("outsider@example.org", "a long password", display_name="Oto Outsider")


@pytest.fixture
def subject(db: None) -> User:
    """What the records are about: here a person, so that no higher app is needed."""
    return _subject()


def _subject() -> User:
    return _person("subject@example.org", "Sub Ject")


def _person(email: str, name: str) -> User:
    found = User.objects.filter(email=email).first()
    return found or User.objects.create_user(email, display_name=name)


@pytest.fixture(autouse=True)
def _door(reader_email: str) -> Iterator[None]:
    permissions.register(
        "accounts.user",
        lambda user, _object_id, _now: user.email == reader_email,
        address=lambda object_id: f"/people/{object_id}/",
    )
    yield
    permissions._doors.pop("accounts.user")


@pytest.fixture
def reader_email() -> str:
    return "reader@example.org"


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """Every event that the trail was given."""
    seen: list[Event] = []
    real = trail.record

    def spy(verb: str, **given: Given) -> object:
        made = real(verb, **given)
        seen.append(Event(verb, given["actor"], dict(given.get("data") or {})))
        return made

    monkeypatch.setattr(trail, "record", spy)
    return seen


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> Queued:
    """Every job that was put into the queue."""
    seen: Queued = []

    def spy(
        kind: str, payload: dict[str, Any], *, now: datetime, key: str = "", run_at: object = None
    ) -> None:
        seen.append((kind, payload, key))

    monkeypatch.setattr(queue, "enqueue", spy)
    return seen


@pytest.fixture
def frozen(subject: User) -> Make:
    """Make a frozen record."""
    return functools.partial(_frozen, subject)


def _frozen(
    subject: User,
    language: Language = "en",
    outcome: Outcome = "approved_with_conditions",
    context: ReviewContext | None = None,
    *,
    whole: bool = False,
    **over: Given,
) -> Record:
    build = review_context if whole else slim_context
    return freeze(
        kind="review",
        obj=subject,
        reference="IMP-2026-0147",
        language=language,
        context=context or build(language, outcome, **over),
        actor=None,
        now=NOW,
        signatories=SIGNATORIES[language] if outcome.startswith("approved") else (),
    )


@pytest.fixture
def signers(db: None) -> list[User]:
    """Legal staff and the chair, who sign with certificates of their own."""
    return _signers()


def _signers() -> list[User]:
    return [
        _person("legal@example.org", "Dr. Ingrid Falk"),
        _person("chair@example.org", "Prof. Margaret Osei"),
    ]


@pytest.fixture
def pending(frozen: Make, signers: list[User], queued: list[Any]) -> Make:
    """Make a record that everybody has signed, and that waits for its file."""
    return lambda *given, **over: _pending(frozen(*given, **over), signers)


def _pending(record: Record, signers: list[User]) -> Record:
    if record.steps.filter(field="sig-legal").exists():
        lines = lines_on(record.context_sha256, cast("Language", record.language), signers)
        for role, line, person in zip(ROLES, lines, signers, strict=True):
            sign(record=record, role=role, line=line, person=person, now=NOW)
    return seal(record=record, actor=None, now=NOW)


@pytest.fixture
def sealed(pending: Make) -> Make:
    """Make a sealed record; where the standing ones are asked for and wanted, it is there already."""

    def make(language: Language = "en", *given: Given, **over: Given) -> Record:
        if _STANDING and not given and not over:
            return Record.objects.get(pk=_STANDING[0].records[language])
        return _sealed(pending(language, *given, **over))

    return make


def _sealed(record: Record) -> Record:
    advance(record_id=record.pk, now=NOW)
    record.refresh_from_db()
    return record
