"""Apps above the trail that pass on what it records: they register, because the trail knows nothing of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as its followers get it: its id in the leaf, the object that it is about, and its data."""

    id: str
    obj: Model
    data: Mapping[str, Any]


Follower = Callable[[str, Sequence[Recorded], datetime], None]

_followers: dict[str, list[Follower]] = {}


def follow(verb: str, follower: Follower) -> None:
    """Call `follower(verb, events, now)` after events with this name; called from AppConfig.ready().

    It runs in the transaction of the act, which an exception of it undoes: let it be quick, and only write rows.
    Events that were recorded together come together.
    """
    mine = _followers.setdefault(verb, [])
    if follower not in mine:
        mine.append(follower)


def tell(verb: str, events: Sequence[Recorded], now: datetime) -> None:
    """Tell the followers of the verb; without any this costs a look into a dictionary."""
    for follower in _followers.get(verb, ()):
        follower(verb, events, now)
