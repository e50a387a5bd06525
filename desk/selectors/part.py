"""One part of the product on the page of health."""

from dataclasses import dataclass

from oversight.log_state import Level

__all__ = ["Check", "Level"]


@dataclass(frozen=True, slots=True)
class Check:
    """A part of the product: its name, how it does, and what to know or to do."""

    title: str
    level: Level
    text: str
