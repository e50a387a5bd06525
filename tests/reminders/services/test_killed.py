"""A worker killed between the mail server's 250 and our commit: inbox once, mail at least once, one Message-ID."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from config import env
from config.celery import app
from jobs.models import Job
from reminders.models import Mail, Message
from reminders.notices import notify
from reminders.postbox import MAIL

pytestmark = pytest.mark.both_engines


@dataclass
class Server:
    """An SMTP server that keeps what it accepts, and calls `after_250` when a client has had its answer and leaves."""

    accepted: list[bytes] = field(default_factory=list)
    after_250: Callable[[], None] = lambda: None
    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.accepted.append(envelope.content)  # type: ignore[arg-type]  # bytes, as decode_data is off
        return "250 OK"

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """The client says QUIT only after it has read the 250, and waits here for the answer."""
        self.after_250()
        self.arrived.release()
        return "221 Bye"

    def message_ids(self) -> list[str]:
        lines = [line for mail in self.accepted for line in mail.decode().split("\r\n\r\n")[0].splitlines()]
        return [line.partition(": ")[2] for line in lines if line.startswith("Message-ID: ")]


@pytest.fixture
def server() -> Iterator[tuple[Server, int]]:
    """A mail server on a port of its own."""
    handler = Server()
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield handler, port
    finally:
        controller.stop()


def free_port() -> int:
    """Return a port that nobody listens on; the controller can't tell which one it was given."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def worker(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker on the database of this test and on a broker of its own; killed at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.reminders.worker", str(connection.settings_dict["NAME"]), str(port)],
        env=os.environ | {"IMPRIMATUR_TEST_REDIS": broker()}, cwd=Path(settings.BASE_DIR),
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait(30)


def broker() -> str:
    """A database of the test's Redis that no other test listens to; the journeys' workers have those from 8 on."""
    return os.environ["IMPRIMATUR_TEST_REDIS"].replace("db=0", "db=7")


def send(job: Job) -> None:
    with app.connection_for_write(env.broker(broker())) as link:
        app.send_task("jobs.run", (job.pk,), connection=link)


@pytest.mark.usefixtures("committed")
def test_killed_after_the_250_the_mail_goes_again_with_its_message_id_and_the_inbox_has_one_message(
    server: tuple[Server, int],
) -> None:
    smtp, port = server
    now = timezone.now()
    with transaction.atomic():
        person = User.objects.create_user("member@example.org", display_name="Mara Member")
        notify(
            person=person, kind="request.decided", obj=person, subject="Harbor-7B 2.1 was approved",
            body="Every board passed its motion.", url="/requests/1/", now=now, once="decision 1",
        )  # fmt: skip
    job = Job.objects.get(kind=MAIL)

    with worker(port) as first:
        smtp.after_250 = lambda: first.send_signal(signal.SIGKILL)
        send(job)
        assert smtp.arrived.acquire(timeout=240)
        assert first.wait(240) == -signal.SIGKILL
    job.refresh_from_db()
    assert (job.state, Mail.objects.get().state) == ("running", "sending")
    assert len(smtp.accepted) == 1

    Job.objects.update(
        lease_until=now - timedelta(minutes=1)
    )  # time goes by, and the lease of the dead runs out
    smtp.after_250 = lambda: None
    with worker(port) as second:
        send(job)
        assert smtp.arrived.acquire(timeout=240)
        _ended(job, second)

    assert len(smtp.accepted) == 2
    assert smtp.message_ids() == [Mail.objects.get().message_id] * 2
    assert smtp.accepted[0].split(b"\r\n\r\n", 1)[1] == smtp.accepted[1].split(b"\r\n\r\n", 1)[1]
    assert Message.objects.filter(person=person).count() == 1
    assert (Mail.objects.get().state, Mail.objects.get().attempts) == ("sent", 2)


def _ended(job: Job, process: subprocess.Popen[bytes]) -> None:
    """Wait until the worker has written down that the job is done."""
    pause, deadline = threading.Event(), timezone.now() + timedelta(seconds=60)
    while Job.objects.get(pk=job.pk).state != "done":
        assert process.poll() is None
        assert timezone.now() < deadline
        pause.wait(0.05)
