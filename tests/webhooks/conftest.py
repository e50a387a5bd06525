"""An administrator, endpoints for receivers on this machine, and a clock that only moves when it is told to."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import pytest

from accounts.models import User
from accounts.roles import Role
from jobs import registry
from jobs.models import Job, JobState
from tests.dossiers import NOW, person
from tests.webhooks.receivers import Receiver
from tests.worlds import _worlds, standing_house, standing_review  # noqa: F401  (fixtures)
from webhooks import delivery
from webhooks.models import Endpoint
from webhooks.services.endpoints import add_endpoint

NAMES = ["request.submitted", "request.approved", "ballot.closed", "checklist.late"]


class Clock:
    """Says the same moment until it goes on."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def goes_on(self, **much: float) -> datetime:
        self.now += timedelta(**much)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def ada(db: None) -> User:
    return person("Ada Admin", Role.ADMINISTRATOR)


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.queue.send", lambda _job_id: True)


@pytest.fixture
def listen(ada: User, settings: Any) -> Callable[..., tuple[Endpoint, str]]:
    """Add an endpoint for the receiver, where the settings allow this machine; return it with its secret."""
    settings.WEBHOOK_NETWORKS, settings.WEBHOOK_HTTP = ["127.0.0.0/8"], True

    def add(receiver: Receiver, names: list[str] = NAMES, now: datetime = NOW) -> tuple[Endpoint, str]:
        settings.WEBHOOK_PORTS = [*settings.WEBHOOK_PORTS, receiver.port]
        return add_endpoint(
            actor=ada, url=receiver.url, description=f"Port {receiver.port}", chosen=names, now=now
        )

    return add


@pytest.fixture
def work(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Do the jobs that are due by the clock, as a worker does; return how many were done."""
    monkeypatch.setattr("webhooks.delivery.timezone.now", clock)

    def attempt(payload: Any) -> None:
        delivery.attempt(payload["delivery"], payload["turn"], clock=clock, chance=lambda: 0.0)

    def do() -> int:
        done = 0
        while job := Job.objects.filter(
            state=JobState.DUE, run_at__lte=clock.now, kind__startswith="webhooks."
        ).first():
            (attempt if job.kind == "webhooks.deliver" else registry.get(job.kind).handler)(job.payload)
            Job.objects.filter(pk=job.pk).update(state=JobState.DONE, finished_at=clock.now)
            done += 1
        return done

    return do


TODAY = datetime.now(UTC)  # signatures are verified against the real clock by the library


@pytest.fixture(autouse=True)
def _library_of_today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the library that verifies signatures read this clock: a run may take longer than the minutes it allows."""

    class Today(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Today":
            return cls.fromtimestamp(TODAY.timestamp(), tz)

    monkeypatch.setattr("standardwebhooks.webhooks.datetime", Today)
