"""Two workers at the same record, and two signatories at the same moment: one file, and every signature in it once."""

import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection

from accounts.models import User
from imprimatur.record.verify import verify
from records import store
from records.issue import Signatory, freeze, seal, sign
from records.models import Record
from records.sealing import advance
from records.selectors import expected_of
from tests.records.factories import slim_context
from tests.records.lines import lines_on

ROLES = ("legal", "chair")


def together(acts: list[Callable[[], object]]) -> list[BaseException]:
    """Do all of them at once, each with a connection of its own; return what they raised."""
    start, raised = threading.Barrier(len(acts)), list[BaseException]()

    def run(act: Callable[[], object]) -> None:
        try:
            start.wait()
            act()
        except BaseException as fault:  # noqa: BLE001  (told to the test)
            raised.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.usefixtures("committed", "queued")
def test_two_signatories_and_two_workers_at_once_make_one_file(now: datetime) -> None:
    people = [User.objects.create_user(f"{role}@example.org", display_name=role.title()) for role in ROLES]
    record = freeze(
        kind="review", obj=people[0], reference="IMP-2026-0147", language="en", context=slim_context("en"), actor=None,
        now=now, signatories=[Signatory(role, role) for role in ROLES],
    )  # fmt: skip
    lines = lines_on(record.context_sha256, people=people)

    def confirming(place: int) -> Callable[[], object]:
        return lambda: sign(
            record=record, role=ROLES[place], line=lines[place], person=people[place], now=now
        )

    assert together([confirming(0), confirming(1)]) == []
    assert together([lambda: advance(record_id=record.pk, now=now)] * 2) == []
    seal(record=record, actor=None, now=now)
    assert together([lambda: advance(record_id=record.pk, now=now)] * 2) == []
    record = Record.objects.get(pk=record.pk)
    assert (record.state, record.failure) == ("sealed", "")
    assert verify(store.read(record.file_sha256), expected_of(record)) == []
    assert record.steps.filter(done_at=None).count() == 0
    assert len({step.file_sha256 for step in record.steps.all()}) == 4
