"""Checks a bundle as `verify.py` does, by the same rules, only faster: OpenSSL's Ed25519, and all processors."""

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import partial
from itertools import islice
from typing import Any

from imprimatur.bundle import verify
from imprimatur.tlog.note import verifies

BUNCH = 16
"""Tiles that a process checks at a time: 4,096 leaves."""
SMALL = 4 * BUNCH
"""Tiles up to which it isn't worth to begin processes."""
_KEPT = ("id", "obj", "rev", "prev", "state", "states", "verb")

Check = Callable[[verify.Task], verify.Checked]


def check(
    source: verify.Source,
    policy: bytes | None = None,
    checkpoint: bytes | None = None,
    *,
    tell: verify.Tell,
    processes: int | None = None,
) -> dict[str, Any]:
    """Check the bundle and return what is there; raises verify.Wrong with the first thing that is wrong.

    `processes` is the number of processors where none is given.
    """
    run = partial(_in_processes, processes or _processors())
    return verify.check(source, policy, checkpoint, verifies=verifies, run=run, tell=tell)


def _processors() -> int:
    """Return how many processors this process may use, where the system tells."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _in_processes(
    processes: int, check_tile: Check, tasks: Iterator[verify.Task]
) -> Iterator[verify.Checked]:
    """Yield what comes of each task, in their order; only as much is under way as the processes need."""
    first = list(islice(tasks, SMALL))
    if len(first) < SMALL or processes == 1:
        yield from map(check_tile, first)
        yield from map(check_tile, tasks)
        return
    source, log = check_tile.args  # type: ignore[attr-defined]
    under_way: deque[Future[list[verify.Checked]]] = deque()
    with ProcessPoolExecutor(processes, initializer=_open, initargs=(str(source.path), log)) as pool:
        try:
            for at in range(0, SMALL, BUNCH):
                under_way.append(pool.submit(_bunch, first[at : at + BUNCH]))
            while under_way:
                if len(under_way) < 3 * processes and (bunch := list(islice(tasks, BUNCH))):
                    under_way.append(pool.submit(_bunch, bunch))
                    continue
                yield from under_way.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


_check: Check


def _open(path: str, log: str) -> None:
    """Open the bundle in a process of the pool: an open ZIP can't be shared."""
    global _check  # noqa: PLW0603
    _check = partial(verify.check_tile, verify.Source(path), log)


def _bunch(tasks: list[verify.Task]) -> list[verify.Checked]:
    """Check tiles, and give back of the leaves only what their story needs."""
    checked = (_check(task) for task in tasks)
    return [(hashes, root, [_kept(leaf) for leaf in leaves]) for hashes, root, leaves in checked]


def _kept(leaf: dict[str, Any]) -> dict[str, Any]:
    kept = {key: leaf[key] for key in _KEPT}
    return {**kept, "data": leaf["data"]} if leaf["verb"] == verify.CONTINUED else kept
