"""Fixtures of the reminder tests: people, and a source whose things wait as long as the test says."""

from datetime import UTC, datetime

import pytest

from accounts.models import User
from reminders import waiting
from tests.reminders.things import KIND, Things

NOW = datetime(2026, 11, 23, 6, 10, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    """A Monday, 06:10 UTC."""
    return NOW


@pytest.fixture
def member(db: None) -> User:
    return User.objects.create_user("member@example.org", "a long password", display_name="Mara Member")


@pytest.fixture
def chinese(db: None) -> User:
    return User.objects.create_user(
        "chen@example.org", display_name="陈佳琳", language="zh-hans", time_zone="Asia/Shanghai"
    )


@pytest.fixture
def outsider(db: None) -> User:
    return User.objects.create_user("outsider@example.org", "a long password", display_name="Oto Outsider")


@pytest.fixture
def things(monkeypatch: pytest.MonkeyPatch) -> Things:
    """The only source there is: a list that the test fills and empties."""
    found = Things()
    monkeypatch.setattr(waiting, "_sources", {})
    waiting.register(waiting.Source(KIND, "a vote", found.read))
    return found
