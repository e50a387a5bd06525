"""The questions of a dossier: which apply, what is wrong with an answer, and how far a dossier has come."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Cell = str | list[str]
Row = dict[str, Cell]
"""The filled cells of a row by column, each as the answer to a question of its type."""
Value = str | list[str] | list[Row] | None
"""An answer: text, number or date as text; codes for choices (one: text, several: list); rows; None: none."""


class QuestionType(StrEnum):
    """What an answer looks like; `text` is one line, `rows` a table whose columns are questions themselves."""

    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    DATE = "date"
    MARKDOWN = "markdown"
    FILE = "file"
    ROWS = "rows"


class About(StrEnum):
    """What a condition looks at: an earlier answer, or a fact of the model version (`channel`, `modality`, …)."""

    QUESTION = "question"
    FACT = "fact"


class Fault(StrEnum):
    """What is wrong with an answer."""

    MISSING = "missing"
    NO_FILE = "no_file"
    NOT_AN_OPTION = "not_an_option"
    NOT_A_NUMBER = "not_a_number"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    TOO_MANY_PLACES = "too_many_places"
    NOT_A_DATE = "not_a_date"
    TOO_LONG = "too_long"
    NOT_ROWS = "not_rows"
    TOO_MANY_ROWS = "too_many_rows"
    WRONG_CELLS = "wrong_cells"
    EMPTY_CELLS = "empty_cells"


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in both languages."""

    en: str
    zh: str

    def in_language(self, code: str) -> str:
        """Return the words in the language ("en", "zh-hans")."""
        return self.zh if code.startswith("zh") else self.en


@dataclass(frozen=True, slots=True)
class Option:
    """A choice that an answer may make; `alone` excludes all others ("none of these")."""

    code: str
    label: Text
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds when the answer (or the fact) has at least one of the codes."""

    about: About
    key: str
    any_of: frozenset[str]


@dataclass(frozen=True, slots=True)
class Question:
    """A question; `number` is its place in print ("4.2"). It applies when all its conditions hold.

    A column of a question of type rows is a question too: `text` is its heading, and `required` holds for each row.
    `found_in` says where files state the answer, by kind of file, best first; see `stated_in`. `afresh`: it is about
    this version only, so what an earlier dossier said is no proposal.
    """

    key: str
    number: str
    text: Text
    help: Text
    type: QuestionType
    required: bool
    takes_files: bool = False
    options: tuple[Option, ...] = ()
    unit: Text = Text("", "")
    minimum: str = ""
    maximum: str = ""
    places: int = 0
    when: tuple[Condition, ...] = ()
    example: Text = Text("", "")
    columns: "tuple[Question, ...]" = ()
    found_in: tuple[tuple[str, tuple[str, ...]], ...] = ()
    afresh: bool = False

    def stated_in(self, source: str) -> tuple[str, ...]:
        """Return where a file of this kind ("model_card") states the answer: names of fields, best first."""
        return dict(self.found_in).get(source, ())

    def column(self, key: str) -> "Question | None":
        """Return the column with this key."""
        return next((column for column in self.columns if column.key == key), None)

    def option(self, code: str) -> Option | None:
        """Return the option with this code."""
        return next((option for option in self.options if option.code == code), None)


@dataclass(frozen=True, slots=True)
class Topic:
    """A part of the questionnaire."""

    key: str
    number: int
    title: Text
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """One version of the questions; never changed after a request has used it."""

    version: str
    topics: tuple[Topic, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """Return all questions in their order."""
        return tuple(question for topic in self.topics for question in topic.questions)

    def question(self, key: str) -> Question | None:
        """Return the question with this key."""
        return next((question for question in self.questions if question.key == key), None)

    def topic(self, key: str) -> Topic | None:
        """Return the topic with this key."""
        return next((topic for topic in self.topics if topic.key == key), None)

    def topic_of(self, question: str) -> Topic | None:
        """Return the topic to which the question with this key belongs."""
        return next(
            (topic for topic in self.topics if any(each.key == question for each in topic.questions)), None
        )


@dataclass(frozen=True, slots=True)
class Given:
    """What a dossier says: answers and number of files by question, and the facts of the version by name."""

    answers: Mapping[str, Value] = field(default_factory=dict)
    files: Mapping[str, int] = field(default_factory=dict)
    facts: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnswerProblem:
    """A question and what is wrong with its answer; `cells` are (row from 1, column) that are required and empty."""

    question: Question
    fault: Fault
    cells: "tuple[tuple[int, Question], ...]" = ()


@dataclass(frozen=True, slots=True)
class TopicProgress:
    """How far a topic has come, counted over the questions that apply; `missing` keep it from being submitted."""

    topic: Topic
    asked: int
    answered: int
    missing: int

    @property
    def is_complete(self) -> bool:
        """Say whether nothing that is required is missing."""
        return self.missing == 0


def codes(value: Value) -> frozenset[str]:
    """Return the codes that an answer chose."""
    if value is None:
        return frozenset()
    return frozenset([value] if isinstance(value, str) else (code for code in value if isinstance(code, str)))


def applicable(questionnaire: Questionnaire, given: Given) -> tuple[Question, ...]:
    """Return the questions that are asked; an answer to a question that isn't asked satisfies no condition."""
    asked: dict[str, Question] = {}
    for question in questionnaire.questions:
        if all(_holds(condition, given, asked) for condition in question.when):
            asked[question.key] = question
    return tuple(asked.values())


def _holds(condition: Condition, given: Given, asked: Mapping[str, Question]) -> bool:
    if condition.about == About.FACT:
        return bool(given.facts.get(condition.key, frozenset()) & condition.any_of)
    return condition.key in asked and bool(codes(given.answers.get(condition.key)) & condition.any_of)


def is_answered(question: Question, given: Given) -> bool:
    """Say whether the question has an answer: a file for one of type file, rows without gaps for one of type rows."""
    if question.type == QuestionType.FILE:
        return given.files.get(question.key, 0) > 0
    value = given.answers.get(question.key)
    return bool(value) and not empty_cells(question, value)


def empty_cells(question: Question, value: Value) -> tuple[tuple[int, Question], ...]:
    """Return the cells that are required and empty, as (row from 1, column)."""
    if question.type != QuestionType.ROWS or not isinstance(value, list):
        return ()
    return tuple(
        (number, column)
        for number, row in enumerate(value, 1)
        for column in question.columns
        if column.required and isinstance(row, dict) and not row.get(column.key)
    )


def problem_of(question: Question, given: Given) -> AnswerProblem | None:
    """Return what keeps the answer from being submitted; rows that are begun are finished, even optional ones."""
    if cells := empty_cells(question, given.answers.get(question.key)):
        return AnswerProblem(question, Fault.EMPTY_CELLS, cells)
    if not question.required or is_answered(question, given):
        return None
    return AnswerProblem(question, Fault.NO_FILE if question.type == QuestionType.FILE else Fault.MISSING)


def problems(questionnaire: Questionnaire, given: Given) -> tuple[AnswerProblem, ...]:
    """Return everything that keeps the dossier from being submitted, in the order of the questions."""
    found = (problem_of(question, given) for question in applicable(questionnaire, given))
    return tuple(problem for problem in found if problem is not None)


def progress(questionnaire: Questionnaire, given: Given) -> tuple[TopicProgress, ...]:
    """Return how far each topic has come."""
    asked = {question.key for question in applicable(questionnaire, given)}
    return tuple(_topic_progress(topic, asked, given) for topic in questionnaire.topics)


def _topic_progress(topic: Topic, asked: set[str], given: Given) -> TopicProgress:
    questions = [question for question in topic.questions if question.key in asked]
    answered = sum(is_answered(question, given) for question in questions)
    missing = sum(problem_of(question, given) is not None for question in questions)
    return TopicProgress(topic, len(questions), answered, missing)
