"""Fixtures of the job tests: a kind of work whose handler the test gives, a clock that the test sets."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from jobs import registry, tasks

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
KIND = "tests.work"


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def goes_on(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


class Work:
    """What the handler got, and what it does: `does` may raise."""

    def __init__(self) -> None:
        self.done: list[dict[str, Any]] = []
        self.does: Callable[[Mapping[str, Any]], None] = lambda payload: None

    def __call__(self, payload: Mapping[str, Any]) -> None:
        self.does(payload)
        self.done.append(dict(payload))


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def work() -> Iterator[Work]:
    handler = Work()
    registry.register(KIND, handler, label="Work", lease=timedelta(minutes=2), max_attempts=3)
    yield handler
    registry._kinds.pop(KIND)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Ids that went to the broker."""
    ids: list[int] = []
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda args, **_: ids.append(args[0]))
    return ids
