"""My work of somebody with every office for whom things of every kind wait: few queries, however many there are."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reminders import waiting
from tests.desk.conftest import browser
from tests.desk.piles import Pile
from tests.dossiers import NOW

MOST = 13  # the sample's progress asks two more
pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def test_every_source_has_something_and_the_queries_stay_few_with_ten_times_as_much(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("desk.views.my_work.timezone.now", lambda: NOW + timedelta(hours=1))
    pile = Pile()
    pile.grow(1)
    found = list(waiting.waiting_for(pile.busy.pk, NOW + timedelta(hours=1)))
    assert {source.kind for source, _thing in found} == {source.kind for source in waiting.sources()}
    client = browser(pile.busy)
    counts = [_queries(client, path) for path in ("/", "/with-others")]
    pile.grow(9)
    assert [_queries(client, path) for path in ("/", "/with-others")] == counts
    assert counts[0] <= MOST
    assert counts[1] <= MOST + 2


def _queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)
