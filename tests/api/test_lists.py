"""Lists ask the database as often for many things as for one, whoever asks."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.conftest import World
from tests.calling import Caller

LISTS = {
    "/projects": 6, "/models": 6, "/requests": 12, "/assessments": 8, "/findings": 8, "/exceptions": 8, "/inbox": 5,
    "/engagements": 6, "/events": 12, "/audit/records": 8, "/people": 8, "/incidents": 8, "/schedules": 8,
    "/reports": 6,
}  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
def test_a_list_asks_a_fixed_number_of_times(world: World, path: str) -> None:
    role = (
        "auditor with an engagement"
        if path in {"/events", "/engagements", "/audit/records"}
        else "administrator"
    )
    caller = Caller(world.tokens[role])
    asked = []
    for limit in (1, 50):
        caller.get(f"{path}?limit={limit}")
        with CaptureQueriesContext(connection) as queries:
            caller.get(f"{path}?limit={limit}")
        asked.append(sum("SAVEPOINT" not in one["sql"] for one in queries))
    assert max(asked) <= LISTS[path], asked
