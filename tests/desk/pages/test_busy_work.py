"""My work of somebody with every office for whom things of every kind wait: few queries, however many there are."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reminders import waiting
from reviews.selectors.held import held_for
from tests.desk.conftest import browser
from tests.desk.piles import Pile
from tests.dossiers import NOW

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(hours=1)


def test_every_source_has_something_and_the_queries_stay_few_with_ten_times_as_much(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("desk.views.my_work.timezone.now", lambda: SOON)
    pile = Pile()
    pile.grow(1)
    found = list(waiting.waiting_for(pile.busy.pk, SOON))
    assert {source.kind for source, _thing in found} == {source.kind for source in waiting.sources()}
    client = browser(pile.busy)
    # Of one with every office. Three of them are asked only of who holds one: engagements of an auditor, failed jobs
    # and locked signers of an administrator, incidents of legal staff. The others are rows of fourteen unlike tables.
    # The progress of the sample asks once more.
    assert _queries(lambda: client.get("/")) <= 18
    assert _queries(lambda: client.get("/with-others")) <= 15
    few = _queries(lambda: list(waiting.waiting_for(pile.busy.pk, SOON)))
    pile.grow(9)
    assert _queries(lambda: list(waiting.waiting_for(pile.busy.pk, SOON))) == few
    assert _queries(lambda: held_for(pile.busy, SOON)) <= 11
    assert len(list(waiting.waiting_for(pile.busy.pk, SOON))) > 9 * len(found)


def _queries(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)
