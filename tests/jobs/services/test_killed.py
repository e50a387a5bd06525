"""Worker and broker killed in the middle of the work, as real processes: nothing lost, nothing done twice."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from kombu import Connection

from config import env
from config.celery import app
from jobs import registry, tasks
from jobs.models import Job, JobState
from jobs.queue import enqueue
from tests.jobs.worker import KIND, TABLES

PATIENCE = 240  # seconds


class Broker:
    """A Redis of this test that can be killed, and comes back empty."""

    def __init__(self, folder: Path) -> None:
        self.data, self.socket = folder / "data", folder / "r.sock"
        self.url = f"unix://{self.socket}?db=0"
        self.start()

    def start(self) -> None:
        self.data.mkdir()
        self.process = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", self.socket, "--dir", self.data, "--save", "",
             "--appendonly", "yes"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        wait_for(self.socket.exists)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(30)
        self.socket.unlink(missing_ok=True)
        shutil.rmtree(self.data, ignore_errors=True)


def wait_for(happens: Callable[[], bool]) -> None:
    pause, deadline = threading.Event(), time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < deadline, f"waited {PATIENCE} s in vain"
        pause.wait(0.05)


@pytest.fixture
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    folder = Path(f"/tmp/imp-jobs-{os.getpid()}")  # short: the address of a socket has 107 bytes at the most
    folder.mkdir()
    made = Broker(folder)
    try:
        yield made
    finally:
        made.kill()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def worker(broker: Broker, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker with beat in a process group of its own; killed with all its children at the end."""
    folder.mkdir(exist_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.jobs.worker", str(connection.settings_dict["NAME"]), str(folder)],
        env=os.environ | {"IMPRIMATUR_TEST_REDIS": broker.url}, cwd=Path(settings.BASE_DIR), process_group=0,
    )  # fmt: skip
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(30)


def caught_in_the_middle(process: subprocess.Popen[bytes]) -> bool:
    """Stop the worker and all its children; say whether it holds a job, or let it go on."""
    os.killpg(process.pid, signal.SIGSTOP)
    if Job.objects.filter(state=JobState.RUNNING).exists():
        return True
    os.killpg(process.pid, signal.SIGCONT)
    return False


def done() -> int:
    return Job.objects.filter(state=JobState.DONE).count()


def rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def overlapping() -> list[int]:
    """Return the jobs at which two attempts worked at the same moment; a killed one ended when the next began."""
    seen: dict[int, list[tuple[float, int, str]]] = {}
    for job, attempt, phase, at in rows("SELECT job, attempt, phase, at FROM tests_phase"):
        seen.setdefault(job, []).append((at, attempt, phase))
    return [
        job
        for job, phases in seen.items()
        if [a for _, a, _ in sorted(phases)] != sorted(a for _, a, _ in phases)
    ]


@pytest.mark.usefixtures("committed")
@pytest.mark.both_engines
@pytest.mark.parametrize("amount", [50, pytest.param(500, marks=pytest.mark.long)])
def test_worker_and_broker_are_killed_in_the_middle_and_every_job_has_its_effect_once(
    broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, amount: int
) -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(table)
    registry.register(KIND, lambda _: None, label="Effect")
    with ExitStack() as ends, Connection(env.broker(broker.url)) as link:
        ends.callback(registry._kinds.pop, KIND)
        monkeypatch.setattr(
            tasks.run_job, "apply_async", lambda args, **_: app.send_task("jobs.run", args, connection=link)
        )
        for n in range(amount):
            with transaction.atomic():
                enqueue(KIND, {"n": n}, now=timezone.now())

        with worker(broker, tmp_path) as first:
            wait_for(lambda: done() >= amount // 5 and caught_in_the_middle(first))
        broker.kill()
        assert 0 < done() < amount
        broker.start()
        with worker(broker, tmp_path) as second:
            wait_for(lambda: done() >= amount // 2)
            broker.kill()
            broker.start()
            wait_for(lambda: done() == amount or second.poll() is not None)
        # Celery may end with a broker that goes in the midst of an answer: it is started again.
        if done() < amount:
            with worker(broker, tmp_path):
                wait_for(lambda: done() == amount)

    assert rows("SELECT count(*), count(DISTINCT job) FROM tests_effect") == [(amount, amount)]
    assert overlapping() == []
    assert Job.objects.filter(attempts__gt=1).exists()
    assert not Job.objects.exclude(state=JobState.DONE).exists()
