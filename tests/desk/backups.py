"""A small organisation to back up: a decided request with its sealed record and files, in a log that is signed."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection, transaction

from audit import files, trail
from audit.log.sequencer import sequence
from audit.log.signer import sign_head
from audit.models import Checkpoint
from records.models import Record
from records.sealing import advance
from reviews.models import AnswerFile, ReviewRequest
from tests import boardrooms, databases, worlds
from tests.dossiers import NOW

PASSPHRASE = "correct horse battery staple"
LATER = NOW + timedelta(hours=1)
REPORT = b"what was tried"


@contextmanager
def empty_place(data: Path) -> Iterator[Path]:
    """Work in an empty database and another data folder, with the same keys of files."""
    name = databases.empty("restored")
    try:
        with databases.working_in(name), living_in(data):
            yield data
    finally:
        databases.drop(name)


@contextmanager
def living_in(data: Path) -> Iterator[None]:
    """Let the installation have this data folder, with a signer inside."""
    data.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "DATA_DIR", data)
        patch.setattr(settings, "LOG_SIGNER", str(data / "signer"))
        yield


@contextmanager
def organisation(data: Path) -> Iterator[None]:
    """Make the organisation in a database and a data folder of its own, and work there."""
    name = databases.copy(worlds._made("review"), "backed_up")
    try:
        with databases.working_in(name), living_in(data), pytest.MonkeyPatch.context() as patch:
            patch.setattr("jobs.queue.send", lambda job_id: True)  # no worker listens
            _decide()
            yield
    finally:
        databases.drop(name)


def _decide() -> None:
    house = boardrooms.the_house()
    hand_in(REPORT)
    boardrooms.approved(house, house.requests["ethics",])
    for record in Record.objects.filter(state="sealing"):
        advance(record_id=record.pk, now=NOW)
    grow()


def hand_in(content: bytes) -> None:
    """Keep a file, and let a row name it."""
    kept, request = files.keep(ContentFile(content)), ReviewRequest.objects.get()
    AnswerFile.objects.create(
        request=request, question="tests", name="report.txt", sha256=kept.sha256, size=kept.size, added_at=NOW,
        added_by_id=request.requester_id,
    )  # fmt: skip


def happen(count: int = 1) -> None:
    """Record so many events."""
    record = Record.objects.get()
    for _ in range(count):
        with transaction.atomic():
            trail.record("record.downloaded", obj=record, actor=None, now=LATER)


def grow(count: int = 1) -> Checkpoint:
    """Let something happen, and sign it."""
    happen(count)
    sequence(LATER)
    head = sign_head(LATER)
    assert head is not None
    return head


def run(command: str, *given: Any) -> str:
    """Run a command and return what it says."""
    out = io.StringIO()
    call_command(command, *map(str, given), stdout=out, stderr=io.StringIO())
    return out.getvalue()


class Writer:
    """Somebody who goes on working: keeps a file and leaves an event, over and over, in another thread."""

    def __init__(self) -> None:
        self.commits = 0
        self.fault: BaseException | None = None
        self._changed, self._ends = threading.Condition(), False
        self._thread = threading.Thread(target=self._work)

    def __enter__(self) -> "Writer":
        self._thread.start()
        return self

    def __exit__(self, *_fault: object) -> None:
        self._ends = True
        self._thread.join()

    def wait_for_more(self) -> None:
        """Wait until something was committed that began after this call."""
        with self._changed:
            until = self.commits + 2
            assert self._changed.wait_for(lambda: self.commits >= until or self.fault is not None, 20)

    def _work(self) -> None:
        try:
            while not self._ends:
                hand_in(f"note {self.commits}".encode())
                happen()
                with self._changed:
                    self.commits += 1
                    self._changed.notify_all()
        except BaseException as fault:  # noqa: BLE001  (the test asks for it)
            self.fault = fault
        finally:
            connection.close()
