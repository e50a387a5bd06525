"""Whatever anybody does in whatever order, what must always hold does, and the log accounts for every row."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from audit.reconciling.running import reconcile
from tests import databases
from tests.reviews.any_order.machine import AnyOrder

pytestmark = [pytest.mark.engine("postgresql"), pytest.mark.usefixtures("standing_house")]

STEPS = 150
DONE: Counter[str] = Counter()
SEEN: set[str] = set()
TAKEN: list[int] = []
UNTOLD: set[tuple[str, str, str]] = set()
ALWAYS = {"ballot passed", "ballot failed", "ballot tabled", "decision approved", "decided"}


class InItsOwnDatabase(AnyOrder):
    """One life in a copy of the house, which is reconciled with the log and dropped at the end."""

    def __init__(self) -> None:
        self.name = databases.copy(str(connection.settings_dict["NAME"]), "life")
        self.working = databases.working_in(self.name)
        self.working.__enter__()
        super().__init__()
        if not UNTOLD:
            UNTOLD.update(_untold())  # the cast comes in without events, the same in each life

    def teardown(self) -> None:
        try:
            assert _untold() <= UNTOLD, "the log doesn't account for every row"
            DONE.update(self.done)
            TAKEN.append(self.steps)
            SEEN.update(*(watch.seen for watch in self.watches))
        finally:
            self.working.__exit__(None, None, None)
            databases.drop(self.name)
            cache.clear()


def _untold() -> set[tuple[str, str, str]]:
    """What the log doesn't tell of, but for the dossiers, whose first answers are put there at once."""
    found = {(str(found.kind), found.table, found.id) for found in reconcile().first}
    put_there = ("reviews_answer", "reviews_answerfile")
    return {one for one in found if one[0] != "inserted" or one[1] not in put_there}


def live(lives: int) -> None:
    run_state_machine_as_test(
        InItsOwnDatabase,
        settings=settings(
            max_examples=lives, stateful_step_count=STEPS, deadline=None, derandomize=True, database=None,
            phases=[Phase.generate], suppress_health_check=list(HealthCheck), print_blob=True,
        ),
    )  # fmt: skip


@pytest.fixture
def unblocked(django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for kept in (DONE, SEEN, TAKEN):
        kept.clear()
    monkeypatch.setattr("jobs.queue.send", lambda job_id: True)  # no worker listens
    with django_db_blocker.unblock():
        yield


def test_six_hundred_steps_in_any_order(unblocked: None) -> None:
    live(6)  # some end early
    assert sum(TAKEN) >= 600
    assert ALWAYS - {"decision approved"} <= SEEN, SEEN
    assert SEEN & {"decision approved", "decision approved_with_conditions"}, SEEN
    assert DONE["two at once"] >= 3
    assert len(DONE) > 20, DONE


@pytest.mark.long
def test_twenty_thousand_steps_in_any_order(unblocked: None) -> None:
    live(200)
    assert sum(TAKEN) >= 20_000
    assert ALWAYS | {"approved", "released", "suspended", "rejected", "withdrawn", "expired"} <= SEEN, SEEN
    assert len(DONE) > 35, DONE
