"""A small organisation to back up: a decided request with its sealed record and a file, in a log that is signed."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management import call_command

from audit import files, trail
from audit.log.sequencer import sequence
from audit.log.signer import sign_head
from audit.models import Checkpoint
from records.models import Record
from records.rendering import seal_record
from tests import boardrooms, databases, worlds
from tests.dossiers import NOW

PASSPHRASE = "correct horse battery staple"
LATER = NOW + timedelta(hours=1)


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
    files.keep(ContentFile(b"what was tried"))  # as all files of the world
    files.keep(ContentFile(b"a long one" * 100_000))
    house = boardrooms.the_house()
    request = house.requests["ethics",]
    boardrooms.approved(house, request)
    for record in Record.objects.filter(state="pending"):
        seal_record(record_id=record.pk, now=NOW)
    grow()


def grow(verb: str = "record.downloaded") -> Checkpoint:
    """Let something happen, and sign it."""
    record = Record.objects.first()
    trail.record(verb, obj=record, actor=None, now=LATER)
    sequence(LATER)
    head = sign_head(LATER)
    assert head is not None
    return head


def run(command: str, *given: Any) -> str:
    """Run a command and return what it says."""
    out = io.StringIO()
    call_command(command, *map(str, given), stdout=out, stderr=io.StringIO())
    return out.getvalue()
