"""Lists ask the database as often for many things as for one, whoever asks."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.conftest import World
from tests.calling import Caller

LISTS = {
    "/projects": 6, "/models": 6, "/requests": 12, "/assessments": 8, "/findings": 8, "/exceptions": 8, "/inbox": 5,
    "/engagements": 9, "/events": 12, "/audit/records": 8, "/people": 8, "/incidents": 8, "/schedules": 8,
    "/reports": 6, "/meetings": 8, "/boards": 8, "/webhooks": 7, "/certificates": 7, "/jobs": 6,
    "/log/checkpoints": 8,
}  # fmt: skip
ASKED_BY = {
    "/events": "auditor with an engagement", "/engagements": "auditor with an engagement",
    "/audit/records": "auditor with an engagement", "/meetings": "member",
}  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
def test_a_list_asks_a_fixed_number_of_times(world: World, path: str) -> None:
    caller = Caller(world.tokens[ASKED_BY.get(path, "administrator")])
    asked = []
    for limit in (1, 50):
        caller.get(f"{path}?limit={limit}")
        with CaptureQueriesContext(connection) as queries:
            caller.get(f"{path}?limit={limit}")
        asked.append(sum("SAVEPOINT" not in one["sql"] for one in queries))
    assert max(asked) <= LISTS[path], asked
