"""Reading one answer: what a form or a program sends becomes the value that is kept, or a fault."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from imprimatur.dossier.questionnaire import Cell, Fault, Question, QuestionType, Row, Value

LONGEST = 20_000
LONGEST_LINE = 500
MOST_ROWS = 200
LONGEST_ROWS = 1_000_000
_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,12})?")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class WrongCell:
    """A cell that is no answer to its column; `row` counts from 1, as the rows were sent."""

    row: int
    column: Question
    fault: Fault


class WrongAnswer(ValueError):  # noqa: N818  (it's an answer to an answer)
    """The value is no answer to the question; `fault` says why, `cells` which cells when it is WRONG_CELLS."""

    def __init__(self, question: Question, fault: Fault, cells: Sequence[WrongCell] = ()) -> None:
        places = "".join(f" row {cell.row} {cell.column.key} {cell.fault.value}" for cell in cells)
        super().__init__(f"{question.key}: {fault.value}{places}")
        self.question = question
        self.fault = fault
        self.cells = tuple(cells)


def longest(question: Question) -> int:
    """Return how many characters an answer in words may have."""
    return LONGEST_LINE if question.type == QuestionType.TEXT else LONGEST


def as_sent(question: Question, value: Value) -> list[str]:
    """Return the value as a form sends it: texts, or the rows as one JSON text; nothing for none."""
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    if question.type != QuestionType.ROWS:
        return [code for code in value if isinstance(code, str)]
    rows = [row for row in value if isinstance(row, dict)]
    return [rows_as_sent([{c.key: row[c.key] for c in question.columns if c.key in row} for row in rows])]


def rows_as_sent(rows: Sequence[Row]) -> str:
    """Return rows as one text, byte for byte as a browser writes the same."""
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def read_answer(question: Question, raw: Sequence[str]) -> Value:
    """Return the value to keep for what was sent, None when nothing was; raises WrongAnswer.

    Files are no values: for a question of type file the answer is always None.
    """
    texts = [text.strip() for text in raw if text.strip()]
    if not texts or question.type == QuestionType.FILE:
        return None
    match question.type:
        case QuestionType.CHOICES:
            return _choices(question, texts)
        case QuestionType.CHOICE:
            return _choices(question, texts[:1])[0]
        case QuestionType.NUMBER:
            return _number(question, texts[0])
        case QuestionType.DATE:
            return _date(question, texts[0])
        case QuestionType.TEXT:
            return _clean(question, " ".join(_CONTROL.sub(" ", texts[0]).split())) or None
        case QuestionType.ROWS:
            return _rows(question, texts[0]) or None
    return _clean(question, raw[0]) or None


def _choices(question: Question, texts: list[str]) -> list[str]:
    """Return the codes in the order of the options, whatever order they came in."""
    options = {option.code: option for option in question.options}
    if not options.keys() >= set(texts):
        raise WrongAnswer(question, Fault.NOT_AN_OPTION)
    if len(set(texts)) > 1 and any(options[text].alone for text in texts):
        raise WrongAnswer(question, Fault.NOT_AN_OPTION)
    return [code for code in options if code in texts]


def _number(question: Question, text: str) -> str:
    """Return the number as plain decimal text without needless zeros ("2.50" is "2.5")."""
    try:
        number = Decimal(text) if _NUMBER.fullmatch(text) else None
    except InvalidOperation:
        number = None
    if number is None:
        raise WrongAnswer(question, Fault.NOT_A_NUMBER)
    if question.minimum and number < Decimal(question.minimum):
        raise WrongAnswer(question, Fault.TOO_SMALL)
    if question.maximum and number > Decimal(question.maximum):
        raise WrongAnswer(question, Fault.TOO_LARGE)
    plain = f"{number:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    if len(plain.partition(".")[2]) > question.places:
        raise WrongAnswer(question, Fault.TOO_MANY_PLACES)
    return "0" if plain in {"-0", ""} else plain


def _date(question: Question, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise WrongAnswer(question, Fault.NOT_A_DATE) from None


def _clean(question: Question, text: str) -> str:
    """Return the text with line feeds, without control characters and blanks at its end."""
    clean = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).rstrip()
    if len(clean) > longest(question):
        raise WrongAnswer(question, Fault.TOO_LONG)
    return clean


def _rows(question: Question, text: str) -> list[Row]:
    """Return the rows that say something; raises WrongAnswer with every cell that is wrong."""
    rows: list[Row] = []
    wrong: list[WrongCell] = []
    for number, sent in enumerate(sent_rows(question, text), 1):
        row: Row = {}
        for column in question.columns:
            try:
                cell = read_answer(column, _sent_cell(sent.get(column.key, "")))
            except WrongAnswer as found:
                wrong.append(WrongCell(number, column, found.fault))
                continue
            if isinstance(cell, str):
                row[column.key] = cell
            elif cell:
                row[column.key] = [code for code in cell if isinstance(code, str)]
        rows += [row] if row else []
    if wrong:
        raise WrongAnswer(question, Fault.WRONG_CELLS, wrong)
    if len(rows) > MOST_ROWS:
        raise WrongAnswer(question, Fault.TOO_MANY_ROWS)
    return rows


def sent_rows(question: Question, text: str) -> list[Row]:
    """Return rows as they were sent, cells not read yet; raises WrongAnswer for what are no rows of this question."""
    try:
        rows = json.loads(text) if len(text) <= LONGEST_ROWS else None
    except (ValueError, RecursionError):
        rows = None
    columns = {column.key for column in question.columns}
    if not isinstance(rows, list) or not all(isinstance(row, dict) and columns >= row.keys() for row in rows):
        raise WrongAnswer(question, Fault.NOT_ROWS)
    if not all(_is_cell(cell) for row in rows for cell in row.values()):
        raise WrongAnswer(question, Fault.NOT_ROWS)
    if len(rows) > 2 * MOST_ROWS:
        raise WrongAnswer(question, Fault.TOO_MANY_ROWS)
    return rows


def _is_cell(cell: object) -> bool:
    return isinstance(cell, str) or (isinstance(cell, list) and all(isinstance(code, str) for code in cell))


def _sent_cell(cell: Cell) -> list[str]:
    return [cell] if isinstance(cell, str) else cell
