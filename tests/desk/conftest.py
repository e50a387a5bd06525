"""People of these tests, a kind of job that can fail, and a source of things that wait."""

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from jobs import registry
from jobs.models import Job, JobState
from reminders import waiting
from tests.worlds import _worlds, standing_house, standing_review  # noqa: F401  (fixtures)

NOW = datetime(2026, 11, 23, 6, 10, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    """A Monday, 06:10 UTC."""
    return NOW


def person(name: str, *roles: Role, **fields: str) -> User:
    """Make a person with the roles."""
    user = User.objects.create_user(
        f"{name}@example.org", "a long password", display_name=name.title(), **fields
    )
    user.groups.set([Group.objects.get_or_create(name=role.value)[0] for role in roles])
    return user


@pytest.fixture
def administrator(db: None) -> User:
    """Somebody who looks after the installation."""
    return person("administrator", Role.ADMINISTRATOR)


@pytest.fixture
def outsider(db: None) -> User:
    """Somebody with every role but that of administrator."""
    return person("outsider", *(role for role in Role if role != Role.ADMINISTRATOR))


def browser(user: User) -> Client:
    """Return a browser in which the person is signed in."""
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> str:
    """A kind of job that these tests may fail."""
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
    registry.register("desk.test", lambda _payload: None, label="Bake a cake", max_attempts=3)
    return "desk.test"


@pytest.fixture
def failed(db: None, kind: str) -> Job:
    """A job that failed for good."""
    return Job.objects.create(
        kind=kind, state=JobState.FAILED, run_at=NOW, created_at=NOW, finished_at=NOW, attempts=3,
        last_error="The oven is cold. (OvenError)\n\nTraceback: line 1",
    )  # fmt: skip


class Things:
    """A source whose things the test chooses."""

    def __init__(self) -> None:
        self.things: list[waiting.Waiting] = []

    def read(self, _asked: waiting.Round) -> Iterable[waiting.Waiting]:
        """Return everything, also what waits for others: the page must not rely on the source."""
        return self.things

    def add(
        self, person: User, title: str, due: datetime | None, needs: str = "Vote.", since: datetime = NOW
    ) -> None:
        """Let something wait for the person."""
        self.things.append(
            waiting.Waiting(
                person.pk, "reviews.ballot", "7", since, due, title, needs, "Vote", "/requests/7/"
            )
        )


@pytest.fixture
def things(monkeypatch: pytest.MonkeyPatch) -> Things:
    """The only source there is."""
    found = Things()
    monkeypatch.setattr(waiting, "_sources", {"test": waiting.Source("test", "Test", found.read)})
    return found
