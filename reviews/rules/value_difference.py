"""What changed in answers that aren't prose: chosen options, numbers, dates, rows of a table."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from imprimatur.subsequence import steps
from imprimatur.wording import Change, Piece, compare_text, count_words
from reviews.rules.difference import Block, Difference

SIMILAR = 0.6
"""A row under another name with at least this share of equal cells is the row that was renamed."""


class RowChange(StrEnum):
    """What happened to a row."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    EDITED = "edited"


@dataclass(frozen=True, slots=True)
class RowDifference:
    """A row with the pieces of each cell, in the order of the columns."""

    change: RowChange
    cells: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class RowsDifference:
    """The rows as they are now, those that went after the one before them, and how many words came and went."""

    rows: tuple[RowDifference, ...]
    added: int
    removed: int

    def count(self, change: RowChange) -> int:
        """Return how many rows have this fate."""
        return sum(row.change == change for row in self.rows)


def compare_items(before: Sequence[str], after: Sequence[str], between: str) -> Difference:
    """Return the items as one block with `between` between them; whole items come and go, no words are counted."""
    pieces: list[Piece] = []
    for kind, a, b, c, d in steps(before, after):
        if kind == "equal":
            pieces += [Piece(Change.SAME, item) for item in before[a:b]]
        else:
            pieces += [Piece(Change.REMOVED, item) for item in before[a:b]]
            pieces += [Piece(Change.ADDED, item) for item in after[c:d]]
    joined: list[Piece] = []
    for place, piece in enumerate(pieces):
        if place:
            joined.append(Piece(Change.SAME, _separator(pieces[place - 1], piece, between)))
        joined.append(piece)
    return Difference((Block(tuple(joined)),) if joined else (), 0, 0)


def _separator(left: Piece, right: Piece, between: str) -> str:
    """Part an item from the one that took its place by a blank, others by the sign."""
    return " " if left.change == Change.REMOVED and right.change == Change.ADDED else between


def compare_rows(
    before: Sequence[Mapping[str, str]], after: Sequence[Mapping[str, str]], columns: Sequence[str]
) -> RowsDifference:
    """Compare tables of words cell by cell; a row is known by its first column, a renamed one by its other cells."""
    partner = _partners(before, after, columns)
    taken = set(partner.values())
    found: list[RowDifference] = []
    waiting = 0
    for place, row in enumerate(after):
        old = partner.get(place)
        if old is not None:
            found += [
                _whole(before[gone], columns, Change.REMOVED)
                for gone in range(waiting, old)
                if gone not in taken
            ]
            waiting = max(waiting, old + 1)
            found.append(_edited(before[old], row, columns))
        else:
            found.append(_whole(row, columns, Change.ADDED))
    found += [
        _whole(before[gone], columns, Change.REMOVED)
        for gone in range(waiting, len(before))
        if gone not in taken
    ]
    return RowsDifference(tuple(found), _words(found, Change.ADDED), _words(found, Change.REMOVED))


def _partners(
    before: Sequence[Mapping[str, str]], after: Sequence[Mapping[str, str]], columns: Sequence[str]
) -> dict[int, int]:
    """Return for rows of the newer table which row of the older one they were."""
    old, new = _names(before, columns[0]), _names(after, columns[0])
    places = {name: place for place, name in enumerate(old)}
    partner = {place: places[name] for place, name in enumerate(new) if name in places}
    free = [place for place in range(len(before)) if place not in set(partner.values())]
    for place, row in enumerate(after):
        if place in partner or not free:
            continue
        best = max(free, key=lambda other: _equal_cells(before[other], row, columns[1:]))
        if _equal_cells(before[best], row, columns[1:]) >= SIMILAR:
            partner[place] = best
            free.remove(best)
    return partner


def _names(rows: Sequence[Mapping[str, str]], column: str) -> list[tuple[str, int]]:
    """Return what each row is known by; the second row of one name is the second."""
    seen: Counter[str] = Counter()
    found = []
    for row in rows:
        name = row.get(column, "").strip().casefold()
        seen[name] += 1
        found.append((name, seen[name]))
    return found


def _equal_cells(one: Mapping[str, str], other: Mapping[str, str], columns: Sequence[str]) -> float:
    """Return the share of cells that are equal, of those that say something in either row."""
    told = [column for column in columns if one.get(column) or other.get(column)]
    return sum(one.get(column) == other.get(column) for column in told) / len(told) if told else 0.0


def _edited(before: Mapping[str, str], after: Mapping[str, str], columns: Sequence[str]) -> RowDifference:
    cells = tuple(tuple(compare_text(before.get(key, ""), after.get(key, ""))) for key in columns)
    same = all(piece.change == Change.SAME for cell in cells for piece in cell)
    return RowDifference(RowChange.SAME if same else RowChange.EDITED, cells)


def _whole(row: Mapping[str, str], columns: Sequence[str], change: Change) -> RowDifference:
    cells = tuple((Piece(change, row[key]),) if row.get(key) else () for key in columns)
    return RowDifference(RowChange(change), cells)


def _words(rows: Sequence[RowDifference], change: Change) -> int:
    return sum(
        count_words(piece.text)
        for row in rows
        for cell in row.cells
        for piece in cell
        if piece.change == change
    )
