"""What a frozen revision says, in a reader's words, and what changed since the revision before."""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import translation

from reviews.models import Revision
from reviews.rules.questionnaire import Given, Question, QuestionType, Topic, Value
from reviews.rules.triage import Facts
from reviews.selectors.answer_words import Table, answer_in_words, table_of
from reviews.selectors.questionnaires import questionnaire


@dataclass(frozen=True, slots=True)
class FrozenFile:
    """A file of a revision; `id` is that of the AnswerFile, `size` in bytes."""

    id: int
    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class FrozenAnswer:
    """An answer of a revision; `text` is what a reader sees (Markdown where `is_markdown`).

    `changed` since the revision before, `previous` its text there (None: it wasn't asked or there is none before) and
    `previous_value` its value. `is_gone`: it was asked in the revision before, and isn't any more. `table` and
    `previous_table` are there for an answer in rows.
    """

    question: Question
    value: Value
    text: str
    files: tuple[FrozenFile, ...]
    changed: bool
    previous: str | None
    previous_value: Value = None
    is_gone: bool = False
    table: Table | None = None
    previous_table: Table | None = None

    @property
    def is_markdown(self) -> bool:
        """Say whether the text is Markdown, not words for a choice, number or date."""
        return self.question.type == QuestionType.MARKDOWN


@dataclass(frozen=True, slots=True)
class FrozenTopic:
    """A topic with the answers to its questions that were asked, also those left empty."""

    topic: Topic
    title: str
    answers: tuple[FrozenAnswer, ...]


def content_of(revision: Revision) -> dict[str, Any]:
    """Return the frozen content as it was hashed."""
    content: dict[str, Any] = json.loads(bytes(revision.content))
    return content


def previous_of(revision: Revision) -> Revision | None:
    """Return the revision before, or None."""
    return Revision.objects.filter(request=revision.request_id, number=revision.number - 1).first()


def changes(revision: Revision) -> frozenset[str]:
    """Return the questions whose answer or files differ from the revision before; none in the first revision."""
    before = previous_of(revision)
    return _changed(_answers(content_of(revision)), _answers(content_of(before))) if before else frozenset()


def changed_between(before: Revision, after: Revision) -> frozenset[str]:
    """Return the questions whose answer or files differ between two revisions."""
    return _changed(_answers(content_of(after)), _answers(content_of(before)))


def dossier_in_words(
    revision: Revision, language: str, *, before: Revision | None = None, gone: bool = False
) -> list[FrozenTopic]:
    """Return the dossier in the language ("en", "zh-hans"), topic by topic.

    `before` is the revision to compare with; left out, it is the one before, if there is one. With `gone`, questions
    that were answered there and are not asked any more stand in their place, without an answer.
    """
    now = _answers(content_of(revision))
    before = before or previous_of(revision)
    then = _answers(content_of(before)) if before else {}
    changed = _changed(now, then) if before else frozenset()
    shown = now.keys() | (then.keys() if gone else frozenset())
    with translation.override(language):
        topics = [
            FrozenTopic(
                topic,
                topic.title.in_language(language),
                tuple(
                    _frozen(
                        question,
                        now.get(question.key),
                        then.get(question.key),
                        question.key in changed,
                        language,
                    )
                    for question in topic.questions
                    if question.key in shown
                ),
            )
            for topic in questionnaire(revision.questionnaire).topics
        ]
    return [topic for topic in topics if topic.answers]


def triage_facts_of(revision: Revision) -> Facts:
    """Return what triage looks at in a frozen revision."""
    content = content_of(revision)
    flop = content["version"]["training_compute_flop"]
    answers = {key: answer["value"] for key, answer in _answers(content).items()}
    return Facts(Given(answers=answers), content["version"]["channel"], Decimal(flop) if flop else None)


def file_ids(revision: Revision) -> frozenset[int]:
    """Return the ids of the files that belong to the revision."""
    return frozenset(
        int(file["id"]) for answer in _answers(content_of(revision)).values() for file in answer["files"]
    )


def _answers(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {answer["question"]: answer for answer in content["answers"]}


def _changed(now: dict[str, dict[str, Any]], then: dict[str, dict[str, Any]]) -> frozenset[str]:
    empty: dict[str, Any] = {"value": None, "files": []}
    return frozenset(
        key
        for key in now.keys() | then.keys()
        if _substance(now.get(key, empty)) != _substance(then.get(key, empty))
    )


def _substance(answer: dict[str, Any]) -> tuple[object, list[tuple[str, str]]]:
    return answer["value"], [(file["name"], file["sha256"]) for file in answer["files"]]


def _frozen(
    question: Question, now: dict[str, Any] | None, then: dict[str, Any] | None, changed: bool, language: str
) -> FrozenAnswer:
    value = now["value"] if now else None
    return FrozenAnswer(
        question=question,
        value=value,
        text=answer_in_words(question, value, language),
        files=tuple(FrozenFile(**file) for file in now["files"]) if now else (),
        changed=changed,
        previous=answer_in_words(question, then["value"], language) if changed and then else None,
        previous_value=then["value"] if changed and then else None,
        is_gone=now is None,
        table=table_of(question, value, language),
        previous_table=table_of(question, then["value"], language) if changed and then else None,
    )
