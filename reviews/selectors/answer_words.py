"""Answers in a reader's words: choices by their labels, numbers with units, days, and rows as a table."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import pgettext

from imprimatur.dossier.questionnaire import Question, QuestionType, Value, codes


@dataclass(frozen=True, slots=True)
class Table:
    """An answer in rows: every cell in words, "" where it is empty; `narrow` says which columns hold few words."""

    headings: tuple[str, ...]
    narrow: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]


def answer_in_words(question: Question, value: Value, language: str) -> str:
    """Return the answer as a reader sees it; call it inside `translation.override(language)` for dates.

    A row is a line: "Name: Port log; Size: 2 GB". `table_of` has its cells apart.
    """
    if value is None or value == []:
        return ""
    if question.type in {QuestionType.CHOICE, QuestionType.CHOICES}:
        return between_members().join(items_in_words(question, value, language))
    match question.type:
        case QuestionType.NUMBER:
            return f"{value} {question.unit.in_language(language)}".strip()
        case QuestionType.DATE:
            pattern = pgettext("pattern of a date with year, in Django's letters", "j M Y")
            return date_format(date.fromisoformat(str(value)), pattern)
        case QuestionType.ROWS:
            table = table_of(question, value, language)
            return "\n".join(_line(table, row) for row in table.rows) if table else ""
    return str(value)


def items_in_words(question: Question, value: Value, language: str) -> list[str]:
    """Return the chosen options in their order, or the one number or date; like `answer_in_words`."""
    if question.type in {QuestionType.CHOICE, QuestionType.CHOICES}:
        chosen = codes(value) if value else frozenset()
        return [option.label.in_language(language) for option in question.options if option.code in chosen]
    text = answer_in_words(question, value, language)
    return [text] if text else []


def between_members() -> str:
    """Return the sign between members of a list in the active language."""
    return pgettext("between members of a list", ", ")


def table_of(question: Question, value: Value, language: str) -> Table | None:
    """Return an answer in rows as a table of words, None for other answers and for none; like `answer_in_words`."""
    if question.type != QuestionType.ROWS or not isinstance(value, list) or not value:
        return None
    return Table(
        headings=tuple(column.text.in_language(language) for column in question.columns),
        narrow=tuple(column.type != QuestionType.TEXT for column in question.columns),
        rows=tuple(
            tuple(answer_in_words(column, row.get(column.key), language) for column in question.columns)
            for row in value
            if isinstance(row, dict)
        ),
    )


def _line(table: Table, row: tuple[str, ...]) -> str:
    between = pgettext("between cells of a row", "; ")
    sign = pgettext("between the heading of a cell and what it says", ": ")
    return between.join(
        f"{heading}{sign}{cell}" for heading, cell in zip(table.headings, row, strict=True) if cell
    )
