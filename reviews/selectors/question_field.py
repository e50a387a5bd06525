"""A question as the page where a dossier is written shows it: text, options, the answer, where its saving stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from imprimatur.dossier.answers import WrongAnswer, WrongCell, as_sent, read_answer, rows_as_sent, sent_rows
from imprimatur.dossier.questionnaire import Question, QuestionType, Value, codes
from reviews.models import Answer, AnswerFile
from reviews.rules.joining import join_codes, join_texts
from reviews.selectors.answer_words import answer_in_words
from reviews.selectors.dossier import Dossier
from reviews.selectors.dossier_words import fault_in_words, problem_in_words
from reviews.selectors.rows_field import NEW, RowField, blank_row, rows_of
from reviews.selectors.shown_proposals import ShownProposal


@dataclass(frozen=True, slots=True)
class Choice:
    """An option with whether it is chosen."""

    code: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two answers to one question, in words or Markdown: `theirs` is saved, `mine` is not; `sent` is mine as it came.

    `is_joined` says that the field proposes both together, `overlaps` that a sentence of both stands twice in it.
    """

    theirs: str
    mine: str
    sent: tuple[str, ...]
    is_joined: bool = False
    overlaps: bool = False


@dataclass(frozen=True, slots=True)
class QuestionField:
    """One question. `version` is that of the answer shown, 0 for none; `base` what a form would send for it.

    `error` says what is wrong with what was sent. `conflict` is there when somebody else saved another answer in the
    meantime; the field then holds both joined where that can be, else the writer's own. Neither is saved.
    `lacks` says which cells are still empty. A question of type rows has `rows`, a `blank` one to fill in, and
    `copied`, which scripts make new ones of.
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
    base: tuple[str, ...] = ("",)
    error: str = ""
    conflict: Conflict | None = None
    example: str = ""
    lacks: str = ""
    rows: tuple[RowField, ...] = ()
    blank: RowField | None = None
    copied: RowField | None = None
    proposals: tuple[ShownProposal, ...] = ()

    @property
    def key(self) -> str:
        """Return the key of the question."""
        return self.question.key

    @property
    def kind(self) -> str:
        """Return the type as templates compare it."""
        return self.question.type.value

    @property
    def is_given(self) -> bool:
        """Say whether there is an answer; one that was emptied is none."""
        return self.saved is not None and self.saved.value is not None

    @property
    def named(self) -> str:
        """Return what error messages call it."""
        return _("answer {number}").format(number=self.question.number)


def fields_of(
    dossier: Dossier, topic_key: str, proposals: Mapping[str, tuple[ShownProposal, ...]] | None = None
) -> list[QuestionField]:
    """Return the questions of the topic that are asked, with what is proposed for them."""
    offered = proposals or {}
    topic = dossier.questionnaire.topic(topic_key)
    asked = {question.key for question in dossier.asked}
    return [
        replace(field_of(dossier, question), proposals=offered.get(question.key, ()))
        for question in (topic.questions if topic else ())
        if question.key in asked
    ]


def field_of(dossier: Dossier, question: Question) -> QuestionField:
    """Return the question as it stands."""
    language = get_language() or "en"
    answer = dossier.answers.get(question.key)
    value = answer.value if answer else None
    problem = next((problem for problem in dossier.problems if problem.question.key == question.key), None)
    return QuestionField(
        question=question,
        label=question.text.in_language(language),
        help=question.help.in_language(language),
        unit=question.unit.in_language(language),
        choices=_choices(question, value, language),
        version=answer.version if answer else 0,
        files=tuple(dossier.files.get(question.key, [])),
        saved=answer,
        is_missing=problem is not None,
        lacks=problem_in_words(problem) if problem and problem.cells else "",
        base=_base(question, value),
        example=question.example.in_language(language),
        **(
            {"text": value if isinstance(value, str) else ""}
            | _rows(question, as_sent(question, value), language)
        ),
    )


def with_wrong(field: QuestionField, raw: Sequence[str], wrong: WrongAnswer) -> QuestionField:
    """Return the field with what was sent, which is kept, and why it isn't an answer."""
    error = fault_in_words(field.question, wrong.fault, wrong.cells)
    return replace(_with_raw(field, raw, wrong.cells), error=error)


def with_conflict(field: QuestionField, raw: Sequence[str], base: Sequence[str] | None) -> QuestionField:
    """Return the field with what was sent beside what somebody else saved; it saves on top of theirs.

    `base` is what the writer began with, as a form sends it; None when nobody knows, and what is no answer is none.
    """
    language, question = get_language() or "en", field.question
    if base is not None and not _is_answer(question, base):
        base = None
    theirs = field.saved.value if field.saved else None
    conflict = Conflict(
        theirs=answer_in_words(question, theirs, language) if field.saved else "",
        mine=answer_in_words(question, read_answer(question, raw), language),
        sent=tuple(raw),
    )
    joined, overlaps = _joined(question, base, theirs, raw)
    is_joined = joined is not None
    return replace(
        _with_raw(field, joined or raw), conflict=replace(conflict, is_joined=is_joined, overlaps=overlaps)
    )


def _is_answer(question: Question, raw: Sequence[str]) -> bool:
    """Say whether it could have been saved, and so isn't longer than answers are."""
    try:
        read_answer(question, raw)
    except WrongAnswer:
        return False
    return True


def changes_nothing(question: Question, raw: Sequence[str], base: Sequence[str] | None) -> bool:
    """Say whether what was sent is what the writer began with, so that there is nothing of theirs to lose."""
    try:
        return base is not None and read_answer(question, raw) == read_answer(question, base)
    except WrongAnswer:
        return False


def _joined(
    question: Question, base: Sequence[str] | None, theirs: Value, raw: Sequence[str]
) -> tuple[list[str] | None, bool]:
    """Return both answers as one, as a form sends it, or None where only one can stand; and whether they overlap."""
    if question.type == QuestionType.MARKDOWN:
        before = base[0].replace("\r\n", "\n") if base else None
        mine = raw[0].replace("\r\n", "\n").rstrip() if raw else ""
        joined = join_texts(before, theirs if isinstance(theirs, str) else "", mine)
        return [joined.text], joined.overlaps
    if question.type == QuestionType.CHOICES:
        both = join_codes(base, sorted(codes(theirs)), list(raw))
        alone = any(option.alone for option in question.options if option.code in both)
        return (None if alone and len(both) > 1 else both), False
    return None, False


def _with_raw(field: QuestionField, raw: Sequence[str], wrong: Sequence[WrongCell] = ()) -> QuestionField:
    language = get_language() or "en"
    text = {"text": raw[0] if raw else ""} | _rows(field.question, raw, language, wrong)
    return replace(field, choices=_choices(field.question, list(raw), language), **text)


def _rows(
    question: Question, raw: Sequence[str], language: str, wrong: Sequence[WrongCell] = ()
) -> dict[str, Any]:
    """Return the parts of a field of type rows; rows that can't be read at all are left out."""
    if question.type != QuestionType.ROWS:
        return {}
    try:
        rows = sent_rows(question, raw[0]) if raw and raw[0] else []
    except WrongAnswer:
        rows = []
    shown = rows_of(question, rows, language, wrong)
    return {
        "text": rows_as_sent(rows) if rows else "",
        "rows": shown,
        "blank": blank_row(question, str(len(shown) + 1), language),
        "copied": blank_row(question, NEW, language),
    }


def _base(question: Question, value: Value) -> tuple[str, ...]:
    """Return the value as a form sends it: at least one text."""
    return tuple(as_sent(question, value)) or ("",)


def _choices(question: Question, value: Value, language: str) -> tuple[Choice, ...]:
    if question.type not in {QuestionType.CHOICE, QuestionType.CHOICES}:
        return ()
    chosen = codes(value)
    return tuple(
        Choice(option.code, option.label.in_language(language), option.code in chosen)
        for option in question.options
    )
