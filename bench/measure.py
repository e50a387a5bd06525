"""Timing of cases side by side: every round runs each case once, in another order, so that a busy moment hits all."""

import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.test.utils import CaptureQueriesContext

Action = Callable[[], object]
Case = Callable[[], Action]
"""Prepares one run, which isn't timed, and returns what is timed."""


@dataclass(frozen=True, slots=True)
class Result:
    """Seconds of one case in each round, in the order of the rounds, and its number of queries."""

    seconds: tuple[float, ...]
    queries: int

    @property
    def milliseconds(self) -> float:
        """The median."""
        return statistics.median(self.seconds) * 1000

    def ratios(self, reference: "Result") -> tuple[float, float, float]:
        """Return lower quartile, median and upper quartile of the ratios to the reference, round by round."""
        pairs = [own / other for own, other in zip(self.seconds, reference.seconds, strict=True)]
        low, middle, high = statistics.quantiles(pairs, n=4)
        return low, middle, high


def interleaved(cases: Mapping[str, Case], rounds: int, warm: int = 5) -> dict[str, Result]:
    """Run all cases `rounds` times after `warm` rounds that don't count."""
    order, chance = list(cases), random.Random(20261125)
    seconds: dict[str, list[float]] = {name: [] for name in order}
    for turn in range(warm + rounds):
        chance.shuffle(order)
        for name in order:
            action = cases[name]()
            begun = time.perf_counter()
            action()
            spent = time.perf_counter() - begun
            if turn >= warm:
                seconds[name].append(spent)
    return {name: Result(tuple(seconds[name]), _queries(case)) for name, case in cases.items()}


def _queries(case: Case) -> int:
    action = case()
    with CaptureQueriesContext(connection) as captured:
        action()
    return sum(_is_question(query["sql"]) for query in captured.captured_queries)


def _is_question(sql: str) -> bool:
    return not sql.startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))


def table(results: Mapping[str, Result], references: Mapping[str, str], what: str = "case") -> str:
    """Return a Markdown table; `references` names for each case the one that it is compared with."""
    lines = [f"| {what} | median ms | queries | ratio (quartiles) | to |", "|---|---:|---:|---|---|"]
    for name, result in results.items():
        reference = references.get(name, "")
        ratio = ""
        if reference:
            low, middle, high = result.ratios(results[reference])
            ratio = f"**{middle:.2f}** ({low:.2f} to {high:.2f})"
        lines.append(f"| {name} | {result.milliseconds:.2f} | {result.queries} | {ratio} | {reference} |")
    return "\n".join(lines)


def rows(head: Sequence[str], content: Sequence[Sequence[str]]) -> str:
    """Return a plain Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in content)])
