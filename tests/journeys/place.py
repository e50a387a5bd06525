"""The place of the journeys: a database of its own, and on it the real web server, a worker and beat."""

import contextlib
import http.client
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from audit import guards
from compliance.services.libraries import load_libraries
from config.settings import base
from desk import catalogues
from tests import databases
from tests.house.running import free_port

HOUSE = Path(__file__).resolve().parents[2]
START_SECONDS = 240.0  # only against waiting for ever
WEB = [
    "granian",
    "--interface",
    "wsgi",
    "--host",
    "127.0.0.1",
    "--workers",
    "1",
    "--blocking-threads",
    "4",
    "--no-ws",
]
WORKER = ["celery", "-A", "config.celery:app", "worker", "--beat", "--concurrency", "2", "--loglevel", "WARNING",
          "--without-gossip", "--without-mingle", "--hostname", "worker@journeys"]  # fmt: skip


@dataclass
class Place:
    """Where the product runs; `database` is the clone that server and worker use."""

    url: str
    database: str
    folder: Path

    @contextlib.contextmanager
    def inside(self) -> Iterator[None]:
        """Let the services and models of this process work on the database of the place."""
        with databases.working_in(self.database):
            yield

    def said(self) -> str:
        """Return what server and worker wrote."""
        return "\n".join(f"── {log.name}\n{log.read_text()}" for log in sorted(self.folder.glob("*.log")))


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Place]:
    """Clone the migrated database, start the product on it, and end both afterwards."""
    place = Place("", databases.copy(str(connection.settings_dict["NAME"]), "journeys"), folder)
    try:
        with place.inside():
            guards.install(connection, commit_guard=True)
            load_libraries(now=timezone.now())
        with contextlib.ExitStack() as stack:
            _start(place, stack)
            yield place
    finally:
        databases.drop(place.database)


def _start(place: Place, stack: contextlib.ExitStack) -> None:
    port = free_port()
    place.url = f"http://localhost:{port}"  # a name: passkeys belong to none of numbers
    catalogues.compile_all(Path(settings.BASE_DIR) / "locale")
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.journeys.settings",
        "IMPRIMATUR_BASE_URL": place.url,
        "IMPRIMATUR_JOURNEY_DATABASE": place.database,
        "PYTHONUNBUFFERED": "1",
    }
    given: dict[str, Any] = {"cwd": HOUSE, "env": environment, "stdin": subprocess.DEVNULL}
    with override_settings(STORAGES=base.STORAGES, STATIC_ROOT=settings.DATA_DIR / "journeys-static"):
        call_command("collectstatic", interactive=False, verbosity=0)
    beat = ["--schedule", str(place.folder / "beat")]
    stack.enter_context(_child(place.folder / "worker.log", [*WORKER, *beat], given))
    web = stack.enter_context(
        _child(place.folder / "web.log", [*WEB, "--port", str(port), "config.wsgi:application"], given)
    )
    deadline = time.monotonic() + START_SECONDS
    while not _answers(port):
        if web.poll() is not None or time.monotonic() > deadline:
            raise AssertionError(f"The server did not start.\n{place.said()}")
        time.sleep(0.1)


@contextlib.contextmanager
def _child(log: Path, command: list[str], given: dict[str, Any]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a module as a process of its own group, which ends with this one."""
    setpriv = shutil.which("setpriv")
    with_us = [setpriv, "--pdeathsig", "TERM"] if setpriv else []
    out: IO[bytes]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*with_us, sys.executable, "-m", *command], stdout=out, stderr=out, process_group=0, **given
        )
        try:
            yield process
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _answers(port: int) -> bool:
    """Whether the server answers."""
    web = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        web.request("GET", "/healthz")
        return web.getresponse().status == 200
    except OSError:
        return False
    finally:
        web.close()
