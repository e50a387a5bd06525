"""Words for what is wrong with questions, for their types, and for the facts that conditions look at."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from imprimatur.dossier.questionnaire import QuestionType
from imprimatur.dossier.questionnaire_faults import Problem, Wrong
from reviews.rules.questionnaire_changes import Change

TYPES: dict[QuestionType, StrOrPromise] = {
    QuestionType.MARKDOWN: gettext_lazy("text of any length"),
    QuestionType.TEXT: gettext_lazy("one line of text"),
    QuestionType.CHOICE: gettext_lazy("one of several options"),
    QuestionType.CHOICES: gettext_lazy("any of several options"),
    QuestionType.NUMBER: gettext_lazy("number with a unit"),
    QuestionType.DATE: gettext_lazy("date"),
    QuestionType.FILE: gettext_lazy("file"),
    QuestionType.ROWS: gettext_lazy("rows of a table"),
}

CHANGES: dict[Change, tuple[str, str, StrOrPromise]] = {
    Change.ADDED: ("good", "plus", gettext_lazy("new question")),
    Change.CHANGED: ("live", "git-compare", gettext_lazy("changed question")),
    Change.REMOVED: ("bad", "minus", gettext_lazy("question taken out")),
}

PROBLEMS: dict[Wrong, StrOrPromise] = {
    Wrong.NO_VERSION: gettext_lazy("The version has no name."),
    Wrong.NO_TOPICS: gettext_lazy("There are no topics."),
    Wrong.SAME_TOPIC: gettext_lazy("Two topics have the same key."),
    Wrong.EMPTY_TOPIC: gettext_lazy("A topic needs a key of small letters, digits and _, and a question."),
    Wrong.UNKNOWN_ENTRY: gettext_lazy("“{name}” is nothing that can be said here."),
    Wrong.SAME_KEY: gettext_lazy("The key “{name}” is missing, or another question has it."),
    Wrong.BAD_KEY: gettext_lazy("The key “{name}” isn't made of small letters, digits and _, beginning with a letter."),
    Wrong.COLUMNS_OF_ROWS: gettext_lazy("Rows need 1 to {limit} columns, and nothing else has columns."),
    Wrong.SAME_COLUMN: gettext_lazy("Two columns have the same key."),
    Wrong.NO_CELL: gettext_lazy("A column can't be of the type “{name}”."),
    Wrong.BAD_FROM: gettext_lazy("Where files state the answer is a list of names for some of {name}."),
    Wrong.UNKNOWN_TYPE: gettext_lazy("There is no type “{name}”."),
    Wrong.ONLY_NUMBERS: gettext_lazy("Only a number has a unit, limits and places."),
    Wrong.NO_UNIT: gettext_lazy("A number needs its unit."),
    Wrong.OPTIONS_OF_CHOICES: gettext_lazy("A choice needs options, and nothing else has options."),
    Wrong.SAME_CODE: gettext_lazy("A code of an option is missing, or stands there twice."),
    Wrong.BAD_CONDITION: gettext_lazy("A condition names an earlier question or a fact, and codes."),
    Wrong.NOT_EARLIER: gettext_lazy("The condition looks at “{name}”, which is no question before this one."),
    Wrong.NO_OPTION: gettext_lazy("The condition looks for “{other}”, which is no option of “{name}”."),
    Wrong.TWO_LANGUAGES: gettext_lazy("“{name}” has to be there in English and in Chinese."),
    Wrong.NO_NUMBER: gettext_lazy("“{name}” is no number."),
    Wrong.NEITHER: gettext_lazy("“{name}” is neither true nor false."),
    Wrong.NO_LIST: gettext_lazy("“{name}” is no list."),
    Wrong.NO_MAPPING: gettext_lazy("The file is no list of keys with values."),
    Wrong.TOO_MANY: gettext_lazy("There are more than {limit}."),
    Wrong.TOO_LONG: gettext_lazy("“{name}” has more than {limit} characters."),
}  # fmt: skip


def problem_in_words(problem: Problem) -> str:
    """Return the fault with its place: "Line 12, 3.2: …"."""
    words = str(PROBLEMS[problem.wrong]).format(name=problem.name, other=problem.other, limit=problem.limit)
    if problem.line:
        return _("Line {line}, {place}: {words}").format(line=problem.line, place=problem.place, words=words)
    return _("{place}: {words}").format(place=problem.place, words=words)
