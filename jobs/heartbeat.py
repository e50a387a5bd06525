"""Signs of life for the health page: of a worker, of beat by its last sweep, of the sequencer by its last turn."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

WORKER, SWEEP, SEQUENCER = "jobs:worker", "jobs:sweep", "audit:sequencer"
KEPT = 24 * 3600  # seconds


@dataclass(frozen=True, slots=True)
class Beats:
    """When worker, sweep and sequencer last gave a sign; None: not within a day, or the cache can't be reached."""

    worker: datetime | None
    sweep: datetime | None
    sequencer: datetime | None = None


def alive(now: datetime) -> None:
    """Note that a worker lives."""
    _note(WORKER, now)


def swept(now: datetime) -> None:
    """Note that a sweep ran, so that beat and a worker both live."""
    _note(SWEEP, now)


def sequenced(now: datetime) -> None:
    """Note that the sequencer made a turn."""
    _note(SEQUENCER, now)


def last() -> Beats:
    """Return the last signs of life."""
    try:
        return Beats(cache.get(WORKER), cache.get(SWEEP), cache.get(SEQUENCER))
    except (RedisError, OSError):
        return Beats(None, None)


def _note(name: str, now: datetime) -> None:
    try:
        cache.set(name, now, KEPT)
    except (RedisError, OSError):
        log.warning("The cache can't be reached; the health page will say so.")
