"""Words for what is wrong with an answer, and for what a dossier still needs."""

from collections.abc import Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from imprimatur.dossier.answers import MOST_ROWS, WrongCell, longest
from imprimatur.dossier.questionnaire import AnswerProblem, Fault, Question
from reviews.selectors.gaps import Gap

CELLS_NAMED = 5


def fault_in_words(question: Question, fault: Fault, cells: Sequence[WrongCell] = ()) -> str:
    """Return what is wrong with the answer, and what would be right; of rows the first wrong cells are named."""
    if fault == Fault.WRONG_CELLS:
        return " ".join(
            _("Row {row}, {column}: {fault}").format(
                row=cell.row, column=_heading(cell.column), fault=fault_in_words(cell.column, cell.fault)
            )
            for cell in cells[:CELLS_NAMED]
        )
    unit = question.unit.in_language(get_language() or "en")
    return {
        Fault.MISSING: _("An answer is required."),
        Fault.NO_FILE: _("A file is required."),
        Fault.NOT_AN_OPTION: _("Choose among the options; “none of these” stands alone."),
        Fault.NOT_A_NUMBER: _("Write a number with a point, for example 2.5."),
        Fault.TOO_SMALL: _("Write at least {number} {unit}.").format(number=question.minimum, unit=unit),
        Fault.TOO_LARGE: _("Write at most {number} {unit}.").format(number=question.maximum, unit=unit),
        Fault.TOO_MANY_PLACES: _("Write at most {count} digits after the point.").format(
            count=question.places
        ),
        Fault.NOT_A_DATE: _("Write a day as year-month-day, for example 2026-11-24."),
        Fault.TOO_LONG: _("Shorten it to {count} characters, and attach the rest as a file.").format(
            count=longest(question)
        ),
        Fault.NOT_ROWS: _("These are no rows of this table. Load the page again."),
        Fault.TOO_MANY_ROWS: _("Write at most {count} rows, and attach the rest as a file.").format(
            count=MOST_ROWS
        ),
        Fault.EMPTY_CELLS: _("A row isn't complete."),
    }[fault]


def problem_in_words(problem: AnswerProblem) -> str:
    """Return what the answer still needs, cell by cell for the first ones."""
    if problem.fault != Fault.EMPTY_CELLS:
        return fault_in_words(problem.question, problem.fault)
    return " ".join(
        _("Row {row}, {column}: it is required and empty.").format(row=row, column=_heading(column))
        for row, column in problem.cells[:CELLS_NAMED]
    )


def _heading(column: Question) -> str:
    return column.text.in_language(get_language() or "en")


def gap_in_words(gap: Gap) -> str:
    """Return what the dossier still needs besides answers."""
    return {
        Gap.MANIFEST: _("The manifest is missing: it names each file of the version by its digest."),
        Gap.WHY: _("Say why there is a new revision and what changed in it."),
        Gap.NOTHING_CHANGED: _("Nothing has changed since the last revision, so there is nothing to submit."),
    }[gap]
