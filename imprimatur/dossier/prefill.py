"""Which questions a file answers: what it states, brought into the shape of an answer, and nothing that it doesn't say.

Where a question finds its answer in files stands in the questionnaire (`from`). A text is taken over word for word; a
choice is made only when the file has the very code or label of an option.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from imprimatur.cards.stated import Card, Stated
from imprimatur.dossier.answers import LONGEST, LONGEST_LINE, MOST_ROWS, WrongAnswer, read_answer
from imprimatur.dossier.questionnaire import Cell, Option, Question, Questionnaire, QuestionType, Row, Value

_LISTS = {QuestionType.CHOICES}
_LINE = LONGEST_LINE - 2


@dataclass(frozen=True, slots=True)
class Match:
    """A question and what a file says about it; `value` is None when none of that is an answer as it stands."""

    question: Question
    value: Value
    stated: tuple[Stated, ...]


def matches(card: Card, questions: Iterable[Question]) -> list[Match]:
    """Return the questions that the file says something about, in the order of the questionnaire."""
    found = (_match(card, question) for question in questions if question.type != QuestionType.FILE)
    return [match for match in found if match is not None]


def unasked(card: Card, questionnaire: Questionnaire) -> list[Stated]:
    """Return what the file states although no question of the questionnaire looks there."""
    kind = card.kind.value
    parts = [part for question in questionnaire.questions for part in (question, *question.columns)]
    looked = {name for part in parts for name in part.stated_in(kind)}
    return [stated for stated in card.stated if stated.field not in looked]


def _match(card: Card, question: Question) -> Match | None:
    if question.type == QuestionType.ROWS:
        return _rows(card, question)
    stated = _statements(card, question)
    return Match(question, _value(question, stated), stated) if stated else None


def _statements(card: Card, question: Question) -> tuple[Stated, ...]:
    """Return what the file states where the question looks, best first; a passage under two names comes once."""
    found: dict[tuple[int, str], Stated] = {}
    for name in question.stated_in(card.kind.value):
        for stated in card.of(name):
            found.setdefault((stated.place.line, stated.text), stated)
    return tuple(found.values())


def _value(question: Question, stated: Sequence[Stated]) -> Value:
    if question.type == QuestionType.MARKDOWN:
        return _joined(stated)
    if question.type == QuestionType.TEXT:
        return _line(stated)
    for one in stated:
        said = [_code(question.options, text) for text in one.values] if question.options else [one.text]
        if "" in said or (len(said) > 1 and question.type not in _LISTS):
            continue
        try:
            return read_answer(question, said)
        except WrongAnswer:
            continue
    return None


def _joined(stated: Sequence[Stated]) -> str | None:
    """Return the passages one below the other, as many as an answer holds."""
    text = ""
    for one in stated:
        longer = f"{text}\n\n{one.text}" if text else one.text
        if len(longer) <= LONGEST:
            text = longer
    return text.strip() or None


def _line(stated: Sequence[Stated]) -> str | None:
    """Return what is stated on one line; what is too long ends with an ellipsis."""
    text = "; ".join(", ".join(" ".join(value.split()) for value in one.values) for one in stated)
    return (text if len(text) <= _LINE else text[:_LINE].rsplit(" ", 1)[0] + " …") or None


def _code(options: Sequence[Option], text: str) -> str:
    """Return the code of the option that the text names by code or label, nothing for any other text."""
    said = text.strip().casefold()
    names = {
        name.casefold(): option.code for option in options for name in (option.label.en, option.label.zh)
    }
    return next((option.code for option in options if option.code == said), names.get(said, ""))


def _rows(card: Card, question: Question) -> Match | None:
    """Return the file as one row, or as several when it lists several things for the first column."""
    by_column = {column.key: _statements(card, column) for column in question.columns}
    stated = tuple(dict.fromkeys(one for found in by_column.values() for one in found))
    first = question.columns[0]
    named = by_column[first.key]
    if not named:
        return Match(question, None, stated) if stated else None
    if len(named[0].values) > 1:
        lines = [Stated(one.field, value, one.place, one.quote) for one in named[:1] for value in one.values]
        rows = [_row([(first, [line])]) for line in lines[:MOST_ROWS]]
        stated = named[:1]
    else:
        rows = [_row([(column, by_column[column.key]) for column in question.columns])]
    kept: list[Row] = [row for row in rows if row]
    return Match(question, kept or None, stated)


def _row(cells: Iterable[tuple[Question, Sequence[Stated]]]) -> Row:
    row: dict[str, Cell] = {}
    for column, stated in cells:
        value = _value(column, stated) if stated else None
        if isinstance(value, str):
            row[column.key] = value
        elif value:
            row[column.key] = [code for code in value if isinstance(code, str)]
    return row


def missing(questions: Sequence[Question], answered: Iterable[str], found: Iterable[Match]) -> list[Question]:
    """Return the questions that have no answer and that no file answers, required ones first."""
    settled = {*answered, *(match.question.key for match in found if match.value is not None)}
    left = [question for question in questions if question.key not in settled]
    return sorted(left, key=lambda question: not question.required)
