"""An answer in rows as the page where a dossier is written shows it: each row with its cells, and a blank one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import pgettext

from imprimatur.dossier.answers import WrongCell
from imprimatur.dossier.questionnaire import Cell, Question, QuestionType, Row, codes
from reviews.selectors.answer_words import answer_in_words
from reviews.selectors.dossier_words import fault_in_words

MOST_TOLD = 3
NEW = "new"
"""Stands for the number of a row in the one that scripts copy."""


@dataclass(frozen=True, slots=True)
class CellChoice:
    """An option of a cell with whether it is chosen."""

    code: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class CellField:
    """One cell; `name` is that of its control, `error` what is wrong with it."""

    column: Question
    name: str
    label: str
    help: str
    unit: str
    text: str
    choices: tuple[CellChoice, ...]
    error: str = ""

    @property
    def kind(self) -> str:
        """Return the type as templates compare it."""
        return self.column.type.value


@dataclass(frozen=True, slots=True)
class RowField:
    """One row; `place` is its number in the names of controls, `number` the one that people read, 0 for a blank row.

    `told` says what it chooses and measures, `lacks` that something required is empty.
    """

    place: str
    number: int
    cells: tuple[CellField, ...]
    title: str
    told: str
    lacks: bool
    is_wrong: bool


def rows_of(
    question: Question, rows: Sequence[Row], language: str, wrong: Sequence[WrongCell] = ()
) -> tuple[RowField, ...]:
    """Return the rows as they were saved or sent, with the faults of their cells."""
    if question.type != QuestionType.ROWS:
        return ()
    faults = {(cell.row, cell.column.key): fault_in_words(cell.column, cell.fault) for cell in wrong}
    return tuple(
        _row(
            question, str(number), number, row, language,
            {column: fault for (place, column), fault in faults.items() if place == number},
        )
        for number, row in enumerate(rows, 1)
    )  # fmt: skip


def blank_row(question: Question, place: str, language: str) -> RowField:
    """Return a row to be filled in."""
    return _row(question, place, 0, {}, language, {})


def _row(
    question: Question, place: str, number: int, row: Row, language: str, faults: Mapping[str, str]
) -> RowField:
    cells = tuple(
        _cell(
            column,
            f"r-{question.key}-{place}-{column.key}",
            row.get(column.key, ""),
            language,
            faults.get(column.key, ""),
        )
        for column in question.columns
    )
    said = [(column, _in_words(column, row.get(column.key), language)) for column in question.columns]
    return RowField(
        place=place,
        number=number,
        cells=cells,
        title=said[0][1],
        told=" · ".join(_told(said[1:], language)),
        lacks=bool(row) and any(column.required and not row.get(column.key) for column in question.columns),
        is_wrong=bool(faults),
    )


def _told(said: Sequence[tuple[Question, str]], language: str) -> list[str]:
    """Return the first cells that hold few words, each with its heading."""
    sign = pgettext("between the heading of a cell and what it says", ": ")
    short = [(column, words) for column, words in said if words and column.type != QuestionType.TEXT]
    return [f"{column.text.in_language(language)}{sign}{words}" for column, words in short[:MOST_TOLD]]


def _in_words(column: Question, value: Cell | None, language: str) -> str:
    """Return the cell in words; one that is no answer as it was sent."""
    known = not column.options or codes(value) <= {option.code for option in column.options}
    return (
        answer_in_words(column, value, language)
        if known and column.type != QuestionType.DATE
        else str(value or "")
    )


def _cell(column: Question, name: str, value: Cell, language: str, error: str) -> CellField:
    chosen = codes(value)
    return CellField(
        column=column,
        name=name,
        label=column.text.in_language(language),
        help=column.help.in_language(language),
        unit=column.unit.in_language(language),
        text=value if isinstance(value, str) else "",
        choices=tuple(
            CellChoice(option.code, option.label.in_language(language), option.code in chosen)
            for option in column.options
        ),
        error=error,
    )
