"""The database in which commits really happen."""

import threading
import uuid

import pytest
from django.contrib.auth.models import Group
from django.db import connection


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.both_engines
def test_a_commit_is_seen_by_another_thread_and_gone_for_the_next_test(committed: None, turn: int) -> None:
    assert not Group.objects.filter(name__startswith="committed").exists()
    name = f"committed {uuid.uuid4()}"
    Group.objects.create(name=name)
    seen: list[bool] = []

    def look() -> None:
        seen.append(Group.objects.filter(name=name).exists())
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [True]
