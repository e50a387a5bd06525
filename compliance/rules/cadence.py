"""Which timing follows from the cadences that a library suggests for its controls."""

from collections.abc import Iterable, Mapping
from typing import Any

from compliance.rules.happenings import Happening, in_order
from compliance.rules.library_file import Every

INTERVALS = {
    Every.DAILY: "daily", Every.WEEKLY: "weekly", Every.MONTHLY: "monthly", Every.QUARTERLY: "quarterly",
    Every.HALF_YEARLY: "half_yearly", Every.YEARLY: "yearly", Every.TWO_YEARLY: "two_yearly",
}  # fmt: skip
"""The name of each cadence among the intervals of a schedule."""


def timing_of(cadences: Iterable[Mapping[str, Any]]) -> tuple[str, list[Happening]]:
    """Return the interval of the control that wants it most often ("" for none), and the happenings that all name.

    What only some controls wait for would open all the others too, so it is for a person to choose.
    """
    wanted = [cadence for cadence in cadences if cadence]
    often = {Every(cadence["every"]) for cadence in wanted if cadence.get("every")}
    interval = next((INTERVALS[every] for every in Every if every in often), "")
    common = set.intersection(*(set(cadence.get("events", [])) for cadence in wanted)) if wanted else set()
    return interval, in_order(common)
