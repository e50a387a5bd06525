"""Worlds: databases in which a house stands already, and in some of them a request before its boards.

A world is made once in each test process, by the same services as in a test. A module asks for one by its mark, for
example `pytest.mark.usefixtures("standing_house")`. Then `a_house()` finds the house, and the first `in_review(house)`
of a test finds the request before the ethics board ("standing_review"), or `in_review(house, ("ethics", "safety"))`
the one before both ("standing_reviews"). With "standing_approval", `approved(house, in_review(house))` finds what it
would make. The transaction of the test goes back to the world as it was made.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection

from tests import boardrooms, databases

BOARDS = {"review": ("ethics",), "reviews": ("ethics", "safety"), "approval": ("ethics",)}
_MADE: dict[str, str] = {}


@contextmanager
def standing(name: str) -> Iterator[None]:
    """Work in the world with this name, which is made when the first module asks for it."""
    with databases.working_in(_made(name)):
        boardrooms.STANDING.append(name)
        try:
            yield
        finally:
            boardrooms.STANDING.pop()


def _made(name: str) -> str:
    if name not in _MADE:
        original = str(connection.settings_dict["NAME"])
        _MADE[name] = databases.copy(original if name == "house" else _made("house"), f"world_{name}")
        with databases.working_in(_MADE[name]), pytest.MonkeyPatch.context() as patch:
            patch.setattr("jobs.queue.send", lambda job_id: True)  # no worker listens
            house = boardrooms.a_house() if name == "house" else boardrooms.the_house()
            if name != "house":
                request = boardrooms.in_review(house, BOARDS[name])
                if name == "approval":
                    boardrooms.approved(house, request)
            cache.clear()
    return _MADE[name]


@pytest.fixture(scope="session")
def _worlds(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    yield
    with django_db_blocker.unblock():
        while _MADE:
            databases.drop(_MADE.popitem()[1])


@pytest.fixture(scope="module")
def standing_house(_worlds: None, django_db_blocker: Any) -> Iterator[None]:
    """The tests of the module find the house that `a_house()` would make."""
    yield from _for_a_module("house", django_db_blocker)


@pytest.fixture(scope="module")
def standing_review(_worlds: None, django_db_blocker: Any) -> Iterator[None]:
    """The tests of the module find the house, and a request before its ethics board."""
    yield from _for_a_module("review", django_db_blocker)


@pytest.fixture(scope="module")
def standing_reviews(_worlds: None, django_db_blocker: Any) -> Iterator[None]:
    """The tests of the module find the house, and a request before its ethics board and its safety board."""
    yield from _for_a_module("reviews", django_db_blocker)


@pytest.fixture(scope="module")
def standing_approval(_worlds: None, django_db_blocker: Any) -> Iterator[None]:
    """The tests of the module find the house, and a request that its ethics board approved, signed by both."""
    yield from _for_a_module("approval", django_db_blocker)


def _for_a_module(name: str, blocker: Any) -> Iterator[None]:
    """Go to the world and back; in between the database is as closed to tests as ever."""
    with ExitStack() as stack:
        with blocker.unblock():
            stack.enter_context(standing(name))
        yield
        with blocker.unblock():
            stack.close()
