"""What a frozen revision says, in a reader's words, and what changed since the revision before."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils import translation

from imprimatur.dossier.questionnaire import Given, Question, Questionnaire, QuestionType, Topic, Value
from reviews.models import Board, Decision, ReviewRequest, Revision
from reviews.models.decision import APPROVALS
from reviews.rules.boards_together import BoardKind
from reviews.rules.triage import Approved, Facts
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
    `previous_table` are there for an answer in rows. `older` is the question
    as it was asked there.
    """

    question: Question
    value: Value
    text: str
    files: tuple[FrozenFile, ...]
    changed: bool
    previous: str | None
    previous_value: Value = None
    is_gone: bool = False
    older: Question | None = None
    table: Table | None = None
    previous_table: Table | None = None

    @property
    def is_reshaped(self) -> bool:
        """Say whether the question took another kind of answer before."""
        return self.older is not None and self.older.type != self.question.type

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
    asked = questionnaire(revision.questionnaire)
    older = questionnaire(before.questionnaire) if before else asked
    with translation.override(language):

        def frozen(question: Question) -> FrozenAnswer:
            given, was = now.get(question.key), then.get(question.key)
            return _frozen(
                question, older.question(question.key), given, was, question.key in changed, language
            )

        topics = [
            FrozenTopic(
                topic,
                topic.title.in_language(language),
                tuple(frozen(question) for question in topic.questions if question.key in shown),
            )
            for topic in [*asked.topics, *(_dropped(older, asked) if gone else ())]
        ]
    return [topic for topic in topics if topic.answers]


def _dropped(older: Questionnaire, newer: Questionnaire) -> Iterator[Topic]:
    """Yield the topics of the older version with the questions that the newer one doesn't have."""
    for topic in older.topics:
        questions = tuple(question for question in topic.questions if newer.question(question.key) is None)
        if questions:
            yield replace(topic, questions=questions)


def triage_facts_of(revision: Revision) -> Facts:
    """Return what triage looks at in a frozen revision."""
    content = content_of(revision)
    flop = content["version"]["training_compute_flop"]
    answers = {key: answer["value"] for key, answer in _answers(content).items()}
    return Facts(
        Given(answers=answers),
        content["version"]["channel"],
        Decimal(flop) if flop else None,
        _amended(revision),
    )


def _amended(revision: Revision) -> Approved | None:
    """Return what was approved, for a revision of an amendment."""
    parent = revision.request.amends
    approved = approved_revision(parent) if parent else None
    if parent is None or approved is None:
        return None
    kinds = Board.objects.filter(reviews__request=parent).values_list("kind", flat=True)
    return Approved(
        parent.reference, parent.tier or 1, frozenset(map(BoardKind, kinds)),
        approved.manifest_sha256 == revision.manifest_sha256,
    )  # fmt: skip


def approved_revision(request: ReviewRequest) -> Revision | None:
    """Return the revision that the request's last approval is about, or None."""
    approvals = Decision.objects.filter(request=request, outcome__in=APPROVALS, approved_at__isnull=False)
    decision = approvals.select_related("revision").order_by("-id").first()
    return decision.revision if decision else None


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
    question: Question,
    older: Question | None,
    now: dict[str, Any] | None,
    then: dict[str, Any] | None,
    changed: bool,
    language: str,
) -> FrozenAnswer:
    """Put an answer into words; what it was before in those of the question that was asked then."""
    value = now["value"] if now else None
    was = then["value"] if changed and then else None
    older = older or question
    return FrozenAnswer(
        question=question,
        value=value,
        text=answer_in_words(question, value, language),
        files=tuple(FrozenFile(**file) for file in now["files"]) if now else (),
        changed=changed,
        previous=answer_in_words(older, was, language) if changed and then else None,
        previous_value=was,
        is_gone=now is None,
        older=older,
        table=table_of(question, value, language),
        previous_table=table_of(older, was, language),
    )
