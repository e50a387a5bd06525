"""Rows of a CSV file or of an Excel workbook, read within limits; what tries to be more than rows is refused."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from itertools import islice
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook

from compliance.rules.import_faults import LARGEST, MOST_CONTROLS, UNPACKED, Fault, Unreadable, Why
from compliance.rules.import_table import WIDEST

MOST_PARTS = 200
"""Files inside a workbook."""
MOST_ROWS = 20_000
"""Rows of a sheet, empty ones too."""
_FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY")


def rows_of(content: bytes) -> list[Sequence[object]]:
    """Return the rows of the first sheet, or of CSV in UTF-8; raise Unreadable with what is wrong."""
    if len(content) > LARGEST:
        raise Unreadable(Fault(Why.TOO_LARGE, "", "", str(LARGEST // 1_000_000)))
    rows = _workbook(content) if content.startswith(b"PK\x03\x04") else list(_csv(content))
    if len(rows) > MOST_ROWS:
        raise Unreadable(Fault(Why.TOO_MANY, str(MOST_ROWS), "", str(MOST_CONTROLS)))
    return rows


def _csv(content: bytes) -> Iterator[Sequence[object]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        row = content.count(b"\n", 0, fault.start) + 1
        raise Unreadable(Fault(Why.NOT_TEXT, str(row))) from None
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for line in islice(reader, MOST_ROWS + 1):
            yield line[: WIDEST + 1]
    except csv.Error:
        raise Unreadable(Fault(Why.NOT_READABLE, str(reader.line_num))) from None


def _workbook(content: bytes) -> list[Sequence[object]]:
    try:
        _check_parts(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        return list(sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=WIDEST + 1, values_only=True))
    except Unreadable:
        raise
    except (
        zipfile.BadZipFile,
        ParseError,
        KeyError,
        ValueError,
        IndexError,
        TypeError,
        AttributeError,
        OSError,
        NotImplementedError,
        RuntimeError,
        OverflowError,
        EOFError,
    ):  # fmt: skip  (whatever a broken workbook makes of it)
        raise Unreadable(Fault(Why.NOT_READABLE)) from None


def _check_parts(content: bytes) -> None:
    """Refuse a workbook that unpacks to more than it may, or whose XML declares entities."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = packed.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > UNPACKED:
            raise Unreadable(Fault(Why.TOO_LARGE, "", "", str(UNPACKED // 1_000_000)))
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                plain = packed.read(part).replace(b"\0", b"")
                if any(mark in plain for mark in _FORBIDDEN):
                    raise Unreadable(Fault(Why.NOT_READABLE, part.filename[:60]))
