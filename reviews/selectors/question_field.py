"""A question as the page where a dossier is written shows it: text, options, the answer, where its saving stands."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reviews.models import Answer, AnswerFile
from reviews.rules.questionnaire import Fault, Question, QuestionType, Value, codes
from reviews.selectors.dossier import Dossier
from reviews.selectors.dossier_words import fault_in_words
from reviews.selectors.revisions import answer_in_words


@dataclass(frozen=True, slots=True)
class Choice:
    """An option with whether it is chosen."""

    code: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class QuestionField:
    """One question. `version` is that of the answer shown, 0 for none.

    `error` says what is wrong with what was sent. `theirs` is the answer that somebody else saved in the meantime
    (Markdown or words); the field then holds the writer's own, which is not saved.
    """

    question: Question
    label: str
    help: str
    unit: str
    choices: tuple[Choice, ...]
    text: str
    version: int
    files: tuple[AnswerFile, ...]
    saved: Answer | None
    is_missing: bool
    error: str = ""
    theirs: str | None = None

    @property
    def key(self) -> str:
        """Return the key of the question."""
        return self.question.key

    @property
    def kind(self) -> str:
        """Return the type as templates compare it."""
        return self.question.type.value

    @property
    def named(self) -> str:
        """Return what error messages call it."""
        return _("answer {number}").format(number=self.question.number)


def fields_of(dossier: Dossier, topic_key: str) -> list[QuestionField]:
    """Return the questions of the topic that are asked."""
    topic = next(topic for topic in dossier.questionnaire.topics if topic.key == topic_key)
    asked = {question.key for question in dossier.asked}
    return [field_of(dossier, question) for question in topic.questions if question.key in asked]


def field_of(dossier: Dossier, question: Question) -> QuestionField:
    """Return the question as it stands."""
    language = get_language() or "en"
    answer = dossier.answers.get(question.key)
    value = answer.value if answer else None
    return QuestionField(
        question=question,
        label=question.text.in_language(language),
        help=question.help.in_language(language),
        unit=question.unit.in_language(language),
        choices=_choices(question, value, language),
        text=value if isinstance(value, str) else "",
        version=answer.version if answer else 0,
        files=tuple(dossier.files.get(question.key, [])),
        saved=answer,
        is_missing=any(problem.question.key == question.key for problem in dossier.problems),
    )


def with_wrong(field: QuestionField, raw: Sequence[str], fault: Fault) -> QuestionField:
    """Return the field with what was sent, which is kept, and why it isn't an answer."""
    return replace(_with_raw(field, raw), error=fault_in_words(field.question, fault))


def with_conflict(field: QuestionField, raw: Sequence[str]) -> QuestionField:
    """Return the field with what was sent beside what somebody else saved; it saves on top of theirs."""
    language = get_language() or "en"
    theirs = answer_in_words(field.question, field.saved.value, language) if field.saved else ""
    return replace(_with_raw(field, raw), theirs=theirs)


def _with_raw(field: QuestionField, raw: Sequence[str]) -> QuestionField:
    language = get_language() or "en"
    return replace(
        field,
        text=raw[0] if raw else "",
        choices=_choices(field.question, list(raw), language),
    )


def _choices(question: Question, value: Value, language: str) -> tuple[Choice, ...]:
    if question.type not in {QuestionType.CHOICE, QuestionType.CHOICES}:
        return ()
    chosen = codes(value)
    return tuple(
        Choice(option.code, option.label.in_language(language), option.code in chosen)
        for option in question.options
    )
