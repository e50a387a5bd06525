"""Writers and two rival sequencers are killed at random: nothing is lost, nothing stands twice, every head is right."""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, connections, transaction
from django.utils import timezone

from audit import trail
from audit.leaf import decode
from audit.log.checking import verify_log
from audit.log.reading import leaves
from audit.log.sequencer import sequence, tree
from audit.log.turning import turn
from audit.models import Checkpoint, Entry, Event
from imprimatur.tlog.tree import Frontier, leaf_hash
from tests.audit.logs import NOW, signer_in

pytestmark = pytest.mark.engine("postgresql")

WRITERS, SEQUENCERS = 16, 2
FORK = multiprocessing.get_context("fork")


def write(number: int, confirmed: Path, thing_id: int) -> None:
    """Record events for ever, some in transactions that take long or are given up; note each commit when it is one."""
    chance, at = random.Random(os.getpid()), 0
    thing = Group.objects.get(pk=thing_id)
    with confirmed.open("a", buffering=1) as file:
        while True:
            at += 1
            mark = f"{number}-{os.getpid()}-{at}"
            with transaction.atomic():
                trail.record("thing.changed", obj=thing, actor=None, now=timezone.now(), data={"mark": mark})
                time.sleep(chance.choice((0, 0, 0, 0.01, 0.1)))
                if given_up := chance.random() < 0.1:
                    transaction.set_rollback(True)
            if not given_up:
                file.write(f"{mark}\n")


def order() -> None:
    """Turn for ever, as the sequencer's process does, without its pause."""
    while True:
        try:
            turn(timezone.now())
        except DatabaseError:
            connections.close_all()


def begin(work: Callable[..., None], *arguments: object) -> Any:
    process = FORK.Process(target=_alone, args=(work, *arguments), daemon=True)
    process.start()
    return process


def _alone(work: Callable[..., None], *arguments: object) -> None:
    connections.close_all()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    work(*arguments)


@pytest.mark.parametrize("seconds", [5, pytest.param(60, marks=pytest.mark.long)])
def test_whoever_is_killed_nothing_is_lost_and_nothing_stands_twice(
    committed: None, settings: Any, tmp_path: Path, seconds: int
) -> None:
    signer_in(settings, tmp_path / "signer")
    things = [Group.objects.create(name=f"thing {number}").pk for number in range(WRITERS)]
    given: list[tuple[Any, ...]] = [
        (write, number, tmp_path / f"{number}.txt", things[number]) for number in range(WRITERS)
    ]
    given += [(order,)] * SEQUENCERS
    connections.close_all()  # the children have connections of their own
    running = {at: begin(*each) for at, each in enumerate(given)}
    chance, kills = random.Random(20261126), 0
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(chance.uniform(0.02, 0.3))
        at = chance.choice([*range(WRITERS), *[WRITERS, WRITERS + 1] * 6])
        running[at].kill()
        running[at].join()
        running[at] = begin(*given[at])
        kills += 1
    for process in running.values():
        process.kill()
        process.join()
    turn(NOW + timedelta(days=400))  # with a sweep: whatever was overlooked comes to light
    check(tmp_path)
    assert kills > seconds
    assert Checkpoint.objects.count() > seconds / 5


def check(folder: Path) -> None:
    confirmed = [line for path in folder.glob("*.txt") for line in path.read_text().splitlines()]
    found = [decode(leaf)["data"]["mark"] for leaf in leaves(0, tree().size)]
    assert len(found) == len(set(found)) == Event.objects.count() == Entry.objects.count()
    assert set(confirmed) <= set(found)
    assert confirmed
    assert sequence(NOW + timedelta(days=800)) == 0
    frontier, roots = Frontier(), {}
    for leaf in leaves(0, tree().size):
        frontier.append(leaf_hash(leaf))
        roots[frontier.size] = frontier.root().hex()
    assert [row.size for row in Checkpoint.objects.all() if roots[row.size] != row.root] == []
    assert verify_log().faults == []
