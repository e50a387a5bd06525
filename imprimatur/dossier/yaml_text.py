"""Writing values as YAML that people go on editing: blocks for long texts, quotation marks only where needed."""

import re
from collections.abc import Iterator, Sequence

import yaml

from imprimatur.dossier.questionnaire import Cell, Row, Value

_PLAIN = re.compile(r"[^\W_][^\t\n\x85\u2028\u2029\ufeff]*")
_WHOLE = re.compile(r"0|[1-9][0-9]{0,14}")
_NO_BLOCK = re.compile(
    "[^\n\t\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|[\u2028\u2029]"
)
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def entry(key: str, value: Value, indent: int) -> list[str]:
    """Return the lines of a key with its value; nothing follows the colon when there is none."""
    blank = " " * indent
    if value is None or value == []:
        return [f"{blank}{key}:"]
    if isinstance(value, str):
        return _text(f"{blank}{key}:", value, indent + 2)
    if all(isinstance(one, str) for one in value):
        return [f"{blank}{key}: [{', '.join(scalar(str(one), in_list=True) for one in value)}]"]
    rows = [row for row in value if isinstance(row, dict)]
    return [f"{blank}{key}:", *(line for row in rows for line in _row(row, indent + 2))]


def rows(key: str, values: Sequence[Row], columns: Sequence[str], indent: int) -> list[str]:
    """Return rows with every column, so that the empty ones can be filled in."""
    lines = [" " * indent + f"{key}:"]
    for row in values:
        lines += _row({column: row.get(column, "") for column in columns}, indent + 2)
    return lines


def scalar(text: str, *, in_list: bool = False) -> str:
    """Return a text of one line as YAML that every reader takes for this text, or for this whole number."""
    if _WHOLE.fullmatch(text):
        return text
    if _PLAIN.fullmatch(text) and not (in_list and set(text) & set(",[]{}")) and _reads_as(text):
        return text
    return _quoted(text)


def _row(row: Row, indent: int) -> Iterator[str]:
    blank = " " * indent
    lead = "- "
    for column, cell in row.items():
        yield from _cell(f"{blank}{lead}{column}:", cell, indent + 4)
        lead = "  "


def _cell(head: str, cell: Cell, indent: int) -> list[str]:
    if isinstance(cell, list):
        return [f"{head} [{', '.join(scalar(one, in_list=True) for one in cell)}]"] if cell else [head]
    return _text(head, cell, indent) if cell else [head]


def _text(head: str, text: str, indent: int) -> list[str]:
    if "\n" not in text:
        return [f"{head} {scalar(text)}"]
    if _NO_BLOCK.search(text) or text != text.strip("\n"):
        return [f"{head} {_quoted(text)}"]
    # The number says how far the block is indented, which blanks at its beginning would hide.
    mark = "|2-" if text.startswith((" ", "\t")) else "|-"
    return [f"{head} {mark}", *(" " * indent + line if line else "" for line in text.split("\n"))]


def _reads_as(text: str) -> bool:
    try:
        return bool(yaml.load(text, Loader=_LOADER) == text)  # noqa: S506  (a safe one)
    except yaml.YAMLError:
        return False


def _quoted(text: str) -> str:
    done = yaml.dump(text, default_style='"', allow_unicode=True, width=10**9)
    return str(done).rstrip("\n")
