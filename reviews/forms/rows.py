"""Rows that a page without scripts sent, cell by cell: without those to be taken out, and in the order asked for."""

from django.http import QueryDict

from audit.selectors import whole_number
from imprimatur.dossier.answers import MOST_ROWS, rows_as_sent
from imprimatur.dossier.questionnaire import Question, QuestionType, Row

PLACE_DIGITS = 5


def rows_sent(question: Question, sent: QueryDict) -> list[str]:
    """Return the rows as one text, as `read_answer` takes them; nothing when the page sent no rows."""
    prefix = f"r-{question.key}-"
    places = {name.removeprefix(prefix).partition("-")[0] for name in sent if name.startswith(prefix)}
    numbers = sorted(
        number for place in places if (number := whole_number(place, digits=PLACE_DIGITS)) is not None
    )
    kept = [number for number in numbers if f"x-{question.key}-{number}" not in sent]
    ordered = sorted(kept, key=lambda number: _place(sent.get(f"o-{question.key}-{number}", ""), number))
    rows = [_row(question, f"{prefix}{number}-", sent) for number in ordered[: 2 * MOST_ROWS + 1]]
    while rows and not rows[-1]:
        rows.pop()
    return [rows_as_sent(rows)] if rows else []


def _row(question: Question, prefix: str, sent: QueryDict) -> Row:
    row: Row = {}
    for column in question.columns:
        cells = sent.getlist(prefix + column.key)
        if column.type == QuestionType.CHOICES:
            row[column.key] = cells
        elif cells:
            row[column.key] = cells[0]
    return {key: cell for key, cell in row.items() if cell}


def _place(said: str, number: int) -> float:
    """Return where the row goes: a number that was written moves it before the row that has it."""
    wanted = whole_number(said, digits=PLACE_DIGITS)
    if wanted is None or wanted == number:
        return float(number)
    return wanted - 0.5 if wanted < number else wanted + 0.5
