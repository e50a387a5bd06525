"""Fixtures of the record tests: a reader, an outsider, records about a person as a stand-in for a request."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

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
from tests.records.factories import review_context, slim_context
from tests.records.lines import lines_on
from tests.records.made import Event, Make, Queued

Given = Any  # whatever a test hands through

ROLES = ("legal", "chair")
SIGNATORIES = {
    "en": [Signatory("legal", "legal staff"), Signatory("chair", "chair of the leading board")],
    "zh-hans": [Signatory("legal", "法务人员"), Signatory("chair", "牵头委员会主席")],
}
NOW = datetime(2026, 11, 20, 1, 58, 33, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)


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
    return User.objects.create_user("subject@example.org", display_name="Sub Ject")


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
def frozen(subject: User, now: datetime) -> Make:
    """Make a frozen record."""

    def make(
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
            now=now,
            signatories=SIGNATORIES[language] if outcome.startswith("approved") else (),
        )

    return make


@pytest.fixture
def signers(db: None) -> list[User]:
    """Legal staff and the chair, who sign with certificates of their own."""
    return [
        User.objects.create_user("legal@example.org", display_name="Dr. Ingrid Falk"),
        User.objects.create_user("chair@example.org", display_name="Prof. Margaret Osei"),
    ]


@pytest.fixture
def pending(frozen: Make, signers: list[User], queued: list[Any], now: datetime) -> Make:
    """Make a record that everybody has signed, and that waits for its file."""

    def make(
        language: Language = "en", outcome: Outcome = "approved_with_conditions", **over: Given
    ) -> Record:
        record = frozen(language, outcome, **over)
        if outcome.startswith("approved"):
            for role, line, person in zip(
                ROLES, lines_on(record.context_sha256, language, signers), signers, strict=True
            ):
                sign(record=record, role=role, line=line, person=person, now=now)
        return seal(record=record, actor=None, now=now)

    return make


@pytest.fixture
def sealed(pending: Make, now: datetime) -> Make:
    """Make a sealed record."""

    def make(
        language: Language = "en", outcome: Outcome = "approved_with_conditions", **over: Given
    ) -> Record:
        record = pending(language, outcome, **over)
        advance(record_id=record.pk, now=now)
        record.refresh_from_db()
        return record

    return make
