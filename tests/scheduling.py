"""Pytest plugin: which tests of a parallel run go to one worker, one after the other, and which begin."""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # it says no types

TOGETHER = "tests/journeys/"
"""Journeys share a world and a browser that take long to make, and mostly wait: beside them the other worker counts."""

LONGEST = (
    TOGETHER,
    "tests/addresses/",
    "tests/house/test_up.py",
    "tests/reviews/services/test_any_order.py",
    "tests/records/services/test_printing.py",
    "tests/jobs/services/test_killed.py",
)
"""These begin, so that no worker is left alone with one of them at the end of the run."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest first; the others stay in their order."""
    items.sort(key=lambda item: _place(item.nodeid))


def _place(nodeid: str) -> int:
    found = (number for number, place in enumerate(LONGEST) if nodeid.startswith(place))
    return next(found, len(LONGEST))


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]  # for the same reason
    """By module, and all journeys as one."""

    def _split_scope(self, nodeid: str) -> str:
        return TOGETHER if nodeid.startswith(TOGETHER) else str(super()._split_scope(nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    """Take the place of `--dist loadscope`."""
    return Scheduling(config, log)
