"""Differences of chosen options, numbers and tables."""

import pytest

from imprimatur.wording import Change, Piece
from reviews.rules.value_difference import RowChange, RowsDifference, compare_items, compare_rows

COLUMNS = ("name", "source", "size")
SIGNS = {Change.SAME: "{}", Change.ADDED: "{{+{}+}}", Change.REMOVED: "[-{}-]"}


def written(pieces: tuple[Piece, ...]) -> str:
    return "".join(SIGNS[piece.change].format(piece.text) for piece in pieces)


def table(found: RowsDifference) -> list[tuple[str, ...]]:
    return [(row.change.value, *map(written, row.cells)) for row in found.rows]


def rows(*cells: tuple[str, str, str]) -> list[dict[str, str]]:
    return [dict(zip(COLUMNS, row, strict=True)) for row in cells]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (["40 GB"], ["60 GB"], "[-40 GB-] {+60 GB+}"),
        (["Chinese", "English"], ["Chinese", "Hindi", "English"], "Chinese, {+Hindi+}, English"),
        (["Chinese", "English"], ["English"], "[-Chinese-], English"),
        ([], ["Yes, some"], "{+Yes, some+}"),
        (["Yes"], [], "[-Yes-]"),
        (["Yes"], ["Yes"], "Yes"),
    ],
)
def test_whole_options_come_and_go(before: list[str], after: list[str], expected: str) -> None:
    found = compare_items(before, after, ", ")
    assert "".join(map(written, (block.pieces for block in found.blocks))) == expected
    assert (found.added, found.removed) == (0, 0)


def test_no_answer_before_and_after_has_no_block() -> None:
    assert compare_items([], [], ", ").blocks == ()


def test_a_row_is_known_by_its_first_column_and_compared_cell_by_cell() -> None:
    before = rows(
        ("Ledger", "public", "40 GB"), ("Port log", "partner", "2 GB"), ("Forum", "crawled", "9 GB")
    )
    after = rows(
        ("Forum", "crawled", "9 GB"), ("Ledger", "public domain", "40 GB"), ("Tide tables", "partner", "1 GB")
    )
    assert table(compare_rows(before, after, COLUMNS)) == [
        ("removed", "[-Port log-]", "[-partner-]", "[-2 GB-]"),
        ("same", "Forum", "crawled", "9 GB"),
        ("edited", "Ledger", "public{+ domain+}", "40 GB"),
        ("added", "{+Tide tables+}", "{+partner+}", "{+1 GB+}"),
    ]


def test_a_row_under_another_name_with_the_same_cells_was_renamed_and_others_were_not() -> None:
    before = rows(("Forum dump", "crawled", "9 GB"))
    renamed = compare_rows(before, rows(("Forum dump 2019", "crawled", "9 GB")), COLUMNS)
    assert table(renamed) == [("edited", "Forum dump{+ 2019+}", "crawled", "9 GB")]
    other = compare_rows(before, rows(("Ledger", "public", "40 GB")), COLUMNS)
    assert [row.change for row in other.rows] == [RowChange.ADDED, RowChange.REMOVED]
    assert (other.count(RowChange.REMOVED), other.count(RowChange.SAME)) == (1, 0)
    assert (other.added, other.removed) == (4, 5)


def test_two_rows_of_one_name_are_compared_in_their_order_and_a_missing_cell_is_empty() -> None:
    before = [{"name": "Log", "size": "1"}, {"name": "log ", "size": "2"}]
    after = [{"name": "Log", "size": "1"}, {"name": "Log", "size": "3", "source": "public"}]
    found = compare_rows(before, after, COLUMNS)
    assert [row.change for row in found.rows] == [RowChange.SAME, RowChange.EDITED]
    assert written(found.rows[1].cells[1]) == "{+public+}"
