"""Workbooks for Excel: every cell is what it is, and a sheet ends before Excel's own end."""

import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from audit import workbooks
from audit.workbooks import Sheet, workbook


def written(*rows: Sequence[object], columns: Sequence[str] = ("a", "b")) -> list[list[list[Any]]]:
    """Return the cells of each sheet as they read back."""
    with workbook([Sheet("Rows", columns, rows)]) as file:
        return [[list(row) for row in page.iter_rows()] for page in load_workbook(file)]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        '=HYPERLINK("http://x","y")',
        "=cmd|' /C calc'!A0",
        "\t=1",
        "  =1",
        "＝1",
    ],
)
def test_no_text_becomes_a_formula_not_even_when_somebody_edits_the_cell(text: str) -> None:
    cell = written([text, ""])[0][1][0]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
    heading = written(columns=[text, "b"])[0][0][0]
    assert (heading.value, heading.data_type) == (text, "s")


def test_the_file_itself_has_no_formula() -> None:
    with workbook([Sheet("Rows", ["=a"], [["=1+1"], ["=A1"]])]) as file:
        sheet = zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert sheet.count(b"inlineStr") == 3


def test_whole_numbers_are_numbers_and_moments_are_utc() -> None:
    at = datetime(2026, 11, 24, 9, 30, 1, 5, tzinfo=UTC)
    row = written([41, at], [True, None], [10**15, 1.5])[0]
    assert [(cell.value, cell.data_type) for cell in row[1]] == [(41, "n"), ("2026-11-24 09:30:01", "s")]
    assert (row[2][0].value, row[2][1].value) == ("True", None)
    assert [cell.value for cell in row[3]] == ["1000000000000000", "1.5"]


def test_what_a_workbook_cannot_hold_is_marked_and_what_is_too_long_says_that_it_was_cut() -> None:
    row = written(["a\x00b\x07c\nd", "x" * 40_000])[0][1]
    assert row[0].value == "a�b�c\nd"
    assert len(row[1].value) == 32_767
    assert row[1].value.endswith("[…]")


def test_more_rows_than_a_sheet_holds_go_to_the_next_one_under_the_same_heading(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workbooks, "ROWS", 3)
    for amount, pages in ((0, [0]), (3, [3]), (4, [3, 1]), (7, [3, 3, 1])):
        sheets = written(*([number, ""] for number in range(amount)))
        assert [len(sheet) - 1 for sheet in sheets] == pages
        assert all(sheet[0][0].value == "a" for sheet in sheets)
        assert [row[0].value for sheet in sheets for row in sheet[1:]] == list(range(amount))


def test_rows_are_taken_one_by_one_and_not_gathered() -> None:
    alive = 0

    class Row(list[object]):
        def __init__(self) -> None:
            nonlocal alive
            super().__init__(["x", "y"])
            alive += 1
            assert alive < 5, "rows are kept in memory"

        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    def rows() -> Iterator[Row]:
        for _number in range(50):
            yield Row()

    with workbook([Sheet("Rows", ["a", "b"], rows())]) as file:
        assert len(list(load_workbook(file)["Rows"].rows)) == 51
