"""Signs of life for the health page: when a worker last said so, and when beat's last sweep ran."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

WORKER, SWEEP = "jobs:worker", "jobs:sweep"
KEPT = 24 * 3600  # seconds


@dataclass(frozen=True, slots=True)
class Beats:
    """When worker and sweep last gave a sign; None: not within a day, or the cache can't be reached."""

    worker: datetime | None
    sweep: datetime | None


def alive(now: datetime) -> None:
    """Note that a worker lives."""
    _note(WORKER, now)


def swept(now: datetime) -> None:
    """Note that a sweep ran, so that beat and a worker both live."""
    _note(SWEEP, now)


def last() -> Beats:
    """Return the last signs of life."""
    try:
        return Beats(cache.get(WORKER), cache.get(SWEEP))
    except (RedisError, OSError):
        return Beats(None, None)


def _note(name: str, now: datetime) -> None:
    try:
        cache.set(name, now, KEPT)
    except (RedisError, OSError):
        log.warning("The cache can't be reached; the health page will say so.")
