"""What changed in one answer: prose word by word, chosen options, numbers and dates whole, tables cell by cell."""

from dataclasses import dataclass

from imprimatur.dossier.questionnaire import QuestionType
from imprimatur.wording import Change, Piece
from reviews.rules.difference import Difference, compare
from reviews.rules.value_difference import (
    RowChange,
    RowDifference,
    RowsDifference,
    compare_items,
    compare_rows,
)
from reviews.selectors.answer_words import Table, between_members, items_in_words
from reviews.selectors.revisions import FrozenAnswer

WHOLE = (QuestionType.CHOICE, QuestionType.CHOICES, QuestionType.NUMBER, QuestionType.DATE)


@dataclass(frozen=True, slots=True)
class ShownTable:
    """An answer in rows, with what came and went; `narrow` says which columns hold few words."""

    headings: tuple[str, ...]
    narrow: tuple[bool, ...]
    rows: tuple[RowDifference, ...]


def difference_of(answer: FrozenAnswer, language: str) -> Difference:
    """Return what changed since the revision before; in the words of the language. Of a table only how much."""
    if answer.is_reshaped:
        return compare(answer.previous or "", answer.text)
    if answer.question.type == QuestionType.ROWS:
        rows = _rows_of(answer)
        return Difference((), rows.added, rows.removed)
    if answer.question.type in WHOLE:
        return compare_items(
            items_in_words(answer.older or answer.question, answer.previous_value, language),
            items_in_words(answer.question, answer.value, language),
            between_members(),
        )
    return compare(answer.previous or "", answer.text)


def table_shown(answer: FrozenAnswer, *, diff: bool) -> ShownTable | None:
    """Return an answer in rows as it is shown, with `diff` beside what it was before; None for other answers."""
    table = answer.table or (answer.previous_table if diff else None)
    if table is None or (diff and answer.changed and answer.is_reshaped):
        return None
    if diff and answer.changed and answer.previous is not None:
        return ShownTable(table.headings, table.narrow, _rows_of(answer).rows)
    rows = tuple(
        RowDifference(RowChange.SAME, tuple((Piece(Change.SAME, cell),) for cell in row))
        for row in table.rows
    )
    return ShownTable(table.headings, table.narrow, rows)


def _rows_of(answer: FrozenAnswer) -> RowsDifference:
    columns = [str(place) for place, _column in enumerate(answer.question.columns)]
    return compare_rows(
        _by_column(answer.previous_table, columns), _by_column(answer.table, columns), columns
    )


def _by_column(table: Table | None, columns: list[str]) -> list[dict[str, str]]:
    return [dict(zip(columns, row, strict=True)) for row in table.rows] if table else []
