"""What the fixtures of the record tests hand out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from records.models import Record

Make = Callable[..., Record]
Queued = list[tuple[str, dict[str, Any], str]]


@dataclass(frozen=True, slots=True)
class Event:
    """An event as the trail was given it."""

    verb: str
    actor: Any
    data: dict[str, Any]
