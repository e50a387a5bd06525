"""Pytest plugin: which tests of a parallel run go to one worker, one after the other."""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # it says no types

TOGETHER = "tests/journeys/"
"""Journeys share a world and a browser that take long to make, and mostly wait: beside them the other worker counts."""


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]  # for the same reason
    """By module, and all journeys as one."""

    def _split_scope(self, nodeid: str) -> str:
        return TOGETHER if nodeid.startswith(TOGETHER) else str(super()._split_scope(nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    """Take the place of `--dist loadscope`."""
    return Scheduling(config, log)
