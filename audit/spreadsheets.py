"""Rows as CSV for spreadsheets, written while it is read; no cell can become a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse

BOM = "\ufeff"  # tells spreadsheets that it is UTF-8
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class _Line:
    """A file for csv.writer that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_download(
    name: str, columns: Sequence[object], rows: Iterable[Sequence[object]]
) -> StreamingHttpResponse:
    """Return the file as a download called `name`, without its ending."""
    response = StreamingHttpResponse(csv_lines(columns, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def csv_lines(columns: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the lines of the file: the columns' names, then the rows."""
    writer = csv.writer(_Line())
    yield BOM + writer.writerow([harmless_cell(column) for column in columns])
    for row in rows:
        yield writer.writerow([harmless_cell(cell) for cell in row])


def harmless_cell(cell: object) -> str:
    """Return the text of a cell with an apostrophe before what a spreadsheet would take for a formula."""
    text = str(cell)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
