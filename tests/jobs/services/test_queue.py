"""Putting work into the queue, and sweeping up what got lost on the way."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from kombu.exceptions import OperationalError

from jobs import heartbeat, runner, sweeping, tasks
from jobs.models import Job
from jobs.queue import enqueue
from tests.jobs.conftest import KIND, Clock, Work

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]

Captured = Callable[..., AbstractContextManager[list[Any]]]


def test_an_id_goes_to_the_broker_only_after_the_commit(
    work: Work, sent: list[int], now: datetime, django_capture_on_commit_callbacks: Captured
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = enqueue(KIND, {}, now=now)
        assert sent == []
    assert sent == [job.pk]


def test_a_change_that_is_rolled_back_leaves_no_job(
    work: Work, sent: list[int], now: datetime, django_capture_on_commit_callbacks: Captured
) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        enqueue(KIND, {}, now=now)
        transaction.set_rollback(True)
    assert sent == []
    assert not Job.objects.exists()


def test_work_with_a_key_is_queued_once(
    work: Work, sent: list[int], now: datetime, django_capture_on_commit_callbacks: Captured
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        first = enqueue(KIND, {"n": 1}, now=now, key="record 7")
        second = enqueue(KIND, {"n": 2}, now=now, key="record 7")
    assert first == second
    assert second.payload == {"n": 1}
    assert sent == [first.pk]


def test_a_kind_that_nobody_registered_is_not_queued(now: datetime) -> None:
    with pytest.raises(KeyError):
        enqueue("tests.unknown", {}, now=now)
    assert not Job.objects.exists()


def test_a_broker_that_is_down_does_not_undo_the_change(
    work: Work, now: datetime, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Captured
) -> None:
    def down(*_: object, **__: object) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(tasks.run_job, "apply_async", down)
    with django_capture_on_commit_callbacks(execute=True):
        job = enqueue(KIND, {}, now=now)
    assert sweeping.take(now) == [job.pk]


def test_the_sweep_sends_what_got_lost_and_not_what_is_on_its_way(work: Work, now: datetime) -> None:
    job = enqueue(KIND, {}, now=now)
    assert sweeping.take(now + timedelta(seconds=29)) == []
    assert sweeping.take(now + timedelta(seconds=30)) == [job.pk]
    assert sweeping.take(now + timedelta(seconds=31)) == []


def test_the_sweep_finds_what_became_due_and_what_a_dead_worker_left(
    work: Work, clock: Clock, now: datetime
) -> None:
    later = enqueue(KIND, {}, now=now, run_at=now + timedelta(hours=1))
    left = enqueue(KIND, {}, now=now)
    assert runner.claim(left, timedelta(minutes=2), now)
    assert sweeping.take(now + timedelta(minutes=1)) == []
    assert sweeping.take(now + timedelta(minutes=3)) == [left.pk]
    assert set(sweeping.take(now + timedelta(hours=1))) == {left.pk, later.pk}


def test_the_sweep_leaves_done_jobs_alone(work: Work, clock: Clock, now: datetime) -> None:
    job = enqueue(KIND, {}, now=now)
    runner.run(job.pk, clock)
    assert sweeping.take(now + timedelta(days=1)) == []


def test_the_sweep_stops_at_a_broker_that_is_down_and_forgets_nothing(
    work: Work, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: now + timedelta(minutes=1))
    jobs = [enqueue(KIND, {}, now=now).pk for _ in range(3)]
    tried = []

    def down(args: tuple[int], **_: object) -> None:
        tried.append(args[0])
        raise OSError("no broker")

    monkeypatch.setattr(tasks.run_job, "apply_async", down)
    tasks.sweep()
    assert tried == jobs[:1]
    assert sweeping.take(now + timedelta(minutes=1)) == jobs


def test_signs_of_life_are_kept_for_the_health_page(now: datetime) -> None:
    assert heartbeat.last() == heartbeat.Beats(None, None)
    heartbeat.alive(now)
    heartbeat.swept(now)
    assert heartbeat.last() == heartbeat.Beats(now, now)
