"""What may be wrong with a library that somebody brings, each with its place, and how much one may hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

LARGEST = 5_000_000
"""Bytes of a file."""
UNPACKED = 30_000_000
"""Bytes of a spreadsheet when it is unpacked."""
MOST_CONTROLS = 2_000
MOST_FAULTS = 50
"""Faults that are listed; whoever brings a file mends these and sees the next."""
LONGEST_TEXT = 20_000
"""Characters of a text."""
DEEPEST = 12
"""Groups in groups, controls in controls, parts in parts."""


class Why(StrEnum):
    """What is wrong."""

    TOO_LARGE = "too_large"
    NOT_READABLE = "not_readable"
    NO_CONTROLS = "no_controls"
    TOO_MANY = "too_many"
    TOO_DEEP = "too_deep"
    UNKNOWN_COLUMN = "unknown_column"
    COLUMN_TWICE = "column_twice"
    NO_COLUMN = "no_column"
    MORE_CELLS = "more_cells"
    MISSING = "missing"
    TOO_LONG = "too_long"
    NOT_TEXT = "not_text"
    NOT_A_NUMBER = "not_a_number"
    TWICE = "twice"
    NOT_ONE_OF = "not_one_of"
    NOT_A_LIST = "not_a_list"
    NOT_AN_OBJECT = "not_an_object"
    DUPLICATE_KEY = "duplicate_key"
    NO_FIGURE = "no_figure"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong: in which row or at which place of the file, in which column, what was found."""

    why: Why
    place: str = ""
    column: str = ""
    found: str = ""


class Unreadable(ValueError):  # noqa: N818  (said as a sentence)
    """Nothing can be read from the file; holds the only fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.why)
        self.fault = fault


@dataclass(slots=True)
class Found:
    """What a file holds: name of the library as it says, groups and controls as in a library's file, and faults.

    `skipped` counts controls that the catalog itself withdrew.
    """

    name: str = ""
    source: str = ""
    groups: dict[str, Mapping[str, str]] = field(default_factory=dict)
    controls: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    skipped: int = 0


def text_fault(text: str, place: str, column: str, longest: int) -> Fault | None:
    """Return what is wrong with a text: too long, or characters in it that no database takes."""
    if len(text) > longest:
        return Fault(Why.TOO_LONG, place, column, str(longest))
    if any(mark == "\0" or "\ud800" <= mark <= "\udfff" for mark in text):
        return Fault(Why.NOT_TEXT, place, column)
    return None
