"""Rows as a workbook for Excel, written row by row to the disk and not held in memory; no cell can become a formula."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, islice
from typing import IO, Any

from django.http import FileResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST = 32_767
"""Characters in a cell of Excel."""
ROWS = 1_000_000
"""Rows on a sheet below its heading; a sheet of Excel ends at 1,048,576, and what is more goes to the next one."""
WIDEST = 60
CUT = " […]"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet; `widths` of the columns in characters. A cell holds text, a whole number, or a moment (shown in UTC)."""

    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[object]]
    widths: Sequence[int] = ()


def workbook_download(name: str, sheets: Iterable[Sheet]) -> FileResponse:
    """Return the workbook as a download called `name`, without its ending."""
    return FileResponse(
        workbook(sheets), as_attachment=True, filename=f"{name}.xlsx", content_type=CONTENT_TYPE
    )


def workbook(sheets: Iterable[Sheet]) -> IO[bytes]:
    """Return the workbook in a file that is gone when it is closed; raises OSError when the disk is full."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        _write(book, sheet)
    file = tempfile.TemporaryFile()  # noqa: SIM115  (the answer closes it when it has gone out)
    try:
        book.save(file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _write(book: Any, sheet: Sheet) -> None:  # noqa: ANN401  (openpyxl has no types)
    rest = iter(sheet.rows)
    for number, first in enumerate(_beginnings(rest), 1):
        title = sheet.title if number == 1 else f"{sheet.title} {number}"
        page = book.create_sheet(title[:31])
        page.freeze_panes = "A2"
        for at, width in enumerate(sheet.widths, 1):
            page.column_dimensions[get_column_letter(at)].width = min(width, WIDEST)
        page.append([_heading(page, column) for column in sheet.columns])
        for row in chain(first, islice(rest, ROWS - len(first))):
            page.append([_cell(page, value) for value in row])


def _beginnings(rest: Iterator[Sequence[object]]) -> Iterator[list[Sequence[object]]]:
    """Yield the first row of each sheet; of the first sheet also when there is none."""
    first = list(islice(rest, 1))
    yield first
    while first := list(islice(rest, 1)):
        yield first


def _heading(page: Any, text: str) -> Any:  # noqa: ANN401
    cell = _cell(page, text)
    cell.font = Font(bold=True)
    return cell


def _cell(page: Any, value: object) -> Any:  # noqa: ANN401
    """Return a cell that a spreadsheet takes for what it is: text stays text, whatever it begins with."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**15:
        return WriteOnlyCell(page, value)
    cell = WriteOnlyCell(page, _text(value))
    if cell.value is not None:
        cell.data_type = "s"
        cell.quotePrefix = True
    return cell


def _text(value: object) -> str:
    """Return the text of a cell: a moment in UTC, without characters that a workbook can't hold."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    text: str = ILLEGAL_CHARACTERS_RE.sub("�", str(value))
    return text if len(text) <= LONGEST else text[: LONGEST - len(CUT)] + CUT
