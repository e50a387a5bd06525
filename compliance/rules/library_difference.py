"""What changed between two versions of a library: controls added, removed, changed, field by field, word by word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from imprimatur.wording import Piece, compare_text

Texts = Mapping[str, str]
"""Fields of a control with their texts; "" where there is none."""


class Kind(StrEnum):
    """What happened to a control."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that reads otherwise now."""

    field: str
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class ControlChange:
    """A control that came, went or changed; `fields` only of one that changed."""

    kind: Kind
    number: str
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class LibraryDifference:
    """The changes in the order of the newer version, what went at the end; `same` counts what stayed."""

    changes: tuple[ControlChange, ...]
    same: int

    def count(self, kind: Kind) -> int:
        """Return how many controls that happened to."""
        return sum(change.kind == kind for change in self.changes)


def compare_libraries(before: Mapping[str, Texts], after: Mapping[str, Texts]) -> LibraryDifference:
    """Compare two versions, each control by its number with its fields."""
    changes: list[ControlChange] = []
    for number, texts in after.items():
        if number not in before:
            changes.append(ControlChange(Kind.ADDED, number))
        elif fields := _fields(before[number], texts):
            changes.append(ControlChange(Kind.CHANGED, number, tuple(fields)))
    same = len(after) - len(changes)
    changes += [ControlChange(Kind.REMOVED, number) for number in before if number not in after]
    return LibraryDifference(tuple(changes), same)


def _fields(before: Texts, after: Texts) -> Sequence[FieldChange]:
    return [
        FieldChange(name, compare_text(before.get(name, ""), after.get(name, "")))
        for name in dict.fromkeys((*before, *after))
        if before.get(name, "") != after.get(name, "")
    ]
