"""One part of the product on the page of health."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How a part does; the names are those of the style sheet."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Check:
    """A part of the product: its name, how it does, and what to know or to do."""

    title: str
    level: Level
    text: str
