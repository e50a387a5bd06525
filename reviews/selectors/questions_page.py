"""Versions and drafts of the questions, as administrators read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import get_language, override

from imprimatur.dossier import shipped
from imprimatur.dossier.questionnaire import About, Given, Question, Questionnaire
from imprimatur.dossier.questionnaire_faults import Problem, QuestionnaireInvalid
from imprimatur.dossier.questionnaire_file import read_questionnaire
from reviews.models import QuestionnaireDraft, QuestionnaireMark, QuestionnaireVersion, ReviewRequest
from reviews.rules.questionnaire_changes import Change, ChangedQuestion, compare
from reviews.rules.questionnaire_edits import topics_of
from reviews.selectors.dossier import Dossier
from reviews.selectors.question_field import QuestionField, fields_of
from reviews.selectors.questionnaire_words import problem_in_words
from reviews.selectors.questionnaires import (
    in_use,
    questionnaire,
    retired,
)
from reviews.selectors.triage import rules_in_force


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version in the list: `own` is the row of one that the organisation published, None for a shipped one."""

    version: str
    sha256: str
    own: QuestionnaireVersion | None
    questions: int
    requests: int
    is_used: bool
    is_retired: bool
    used_since: QuestionnaireMark | None


def version_lines() -> list[VersionLine]:
    """Return all versions, newest first."""
    own = {
        row.version: row
        for row in QuestionnaireVersion.objects.select_related("published_by").defer("content")
    }
    counts = dict(ReviewRequest.objects.order_by().values_list("questionnaire").annotate(Count("id")))
    marks = QuestionnaireMark.objects.filter(kind="used").select_related("made_by").order_by("id")
    used, gone, since = in_use().version, retired(), {mark.version: mark for mark in marks}
    return [
        VersionLine(
            version=version,
            sha256=own[version].sha256 if version in own else shipped.digest_of(version),
            own=own.get(version),
            questions=len(questionnaire(version).questions),
            requests=counts.get(version, 0),
            is_used=version == used,
            is_retired=version in gone,
            used_since=since.get(version) if version == used else None,
        )
        for version in sorted([*shipped.versions(), *own], key=shipped.order, reverse=True)
    ]


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question as the researcher will see it; `when` says when it is asked, "" for always."""

    field: QuestionField
    when: str


@dataclass(frozen=True, slots=True)
class ShownTopic:
    """A topic of the preview."""

    number: int
    title: str
    questions: tuple[ShownQuestion, ...]


def preview(asked: Questionnaire, language: str) -> list[ShownTopic]:
    """Return all questions as the page of a dossier would show them in the language, those asked at times too."""
    empty = Dossier(asked, {}, {}, Given(), asked.questions)
    with override(language):
        return [
            ShownTopic(
                topic.number,
                topic.title.in_language(language),
                tuple(
                    ShownQuestion(field, _condition(field.question, asked, language))
                    for field in fields_of(empty, topic.key)
                ),
            )
            for topic in asked.topics
        ]


def _condition(question: Question, asked: Questionnaire, language: str) -> str:
    """Return when the question is asked: "1.2 = No; channel = api"."""
    parts = []
    for condition in question.when:
        earlier = asked.question(condition.key) if condition.about == About.QUESTION else None
        labels = [
            option.label.in_language(language)
            for option in (earlier.options if earlier else ())
            if option.code in condition.any_of
        ]
        name = earlier.number if earlier else condition.key
        parts.append(f"{name} = {' / '.join(labels or sorted(condition.any_of))}")
    return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class DraftQuestion:
    """A question in the list of a draft: what it says, its kind, what became of it, and its faults."""

    place: int
    key: str
    text: str
    kind: str
    is_required: bool
    change: Change | None
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DraftTopic:
    """A topic in the list of a draft."""

    place: int
    key: str
    title: str
    questions: tuple[DraftQuestion, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A draft; `faults` counts what keeps it from being published, `others` are those of no topic.

    `unasked`: the keys that the rules of triage in force look at, and that the draft doesn't ask.
    """

    draft: QuestionnaireDraft
    topics: tuple[DraftTopic, ...]
    others: tuple[str, ...]
    removed: tuple[Question, ...]
    changed: int
    faults: int
    unasked: tuple[str, ...]


def draft_questions_page(draft: QuestionnaireDraft) -> DraftPage:
    """Return the draft as its page lists it, whatever stands in it."""
    problems = faults_of(draft.content)
    changes = changes_of(draft)
    by_key = {changed.question.key: changed.change for changed in changes if changed.after}
    topics = tuple(
        _topic(place, topic if isinstance(topic, Mapping) else {}, problems, by_key)
        for place, topic in enumerate(topics_of(draft.content), 1)
    )
    others = tuple(problem_in_words(each) for each in problems if each.place in {"topics", "version", "file"})
    removed = tuple(changed.question for changed in changes if changed.change == Change.REMOVED)
    unasked = _unasked({question.key for topic in topics for question in topic.questions})
    return DraftPage(draft, topics, others, removed, len(changes), len(problems), unasked)


def _unasked(asked: set[str]) -> tuple[str, ...]:
    _version, rules = rules_in_force()
    return tuple(sorted({rule.question for rule in rules.rules if rule.active and rule.question} - asked))


def _topic(
    place: int, topic: Mapping[str, Any], problems: list[Problem], changes: Mapping[str, Change]
) -> DraftTopic:
    questions = topic.get("questions")
    return DraftTopic(
        place=place,
        key=str(topic.get("key", "")),
        title=_word(topic.get("title")),
        questions=tuple(
            _question(place, at, question if isinstance(question, Mapping) else {}, problems, changes)
            for at, question in enumerate(questions if isinstance(questions, list) else [], 1)
        ),
        problems=_at(problems, f"topic {place}"),
    )


def _question(
    topic: int,
    place: int,
    question: Mapping[str, Any],
    problems: list[Problem],
    changes: Mapping[str, Change],
) -> DraftQuestion:
    key = str(question.get("key", ""))
    return DraftQuestion(
        place=place,
        key=key,
        text=_word(question.get("text")),
        kind=str(question.get("type", "")),
        is_required=question.get("required") is True,
        change=changes.get(key),
        problems=_at(problems, f"{topic}.{place}"),
    )


def _at(problems: list[Problem], place: str) -> tuple[str, ...]:
    return tuple(
        problem_in_words(each)
        for each in problems
        if each.place == place or each.place.startswith(f"{place} ")
    )


def _word(value: object) -> str:
    language = "zh" if (get_language() or "en").startswith("zh") else "en"
    return str(value.get(language, "")) if isinstance(value, Mapping) else ""


def faults_at(content: Mapping[str, Any], place: str) -> tuple[str, ...]:
    """Return in words what is wrong with the data at a place and below it: "2.3" is the third question of topic 2."""
    return _at(faults_of(content), place)


def version_before(version: str) -> str:
    """Return the version that this one was made from, or the shipped one before it; "" for the first."""
    own = QuestionnaireVersion.objects.filter(version=version).values_list("based_on", flat=True).first()
    if own is not None:
        return own
    earlier = [each for each in shipped.versions() if shipped.order(each) < shipped.order(version)]
    return earlier[-1] if earlier else ""


def faults_of(content: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong with the data."""
    try:
        read_questionnaire({"version": "draft", **content})
    except QuestionnaireInvalid as invalid:
        return invalid.found
    return []


def changes_of(draft: QuestionnaireDraft) -> tuple[ChangedQuestion, ...]:
    """Return what differs from the version that the draft was made from; nothing while the draft is faulty."""
    try:
        return compare(questionnaire(draft.based_on), read_questionnaire(draft.content))
    except QuestionnaireInvalid:
        return ()


def drafts() -> list[QuestionnaireDraft]:
    """Return the drafts, the last changed first."""
    return list(
        QuestionnaireDraft.objects.select_related("changed_by")
        .defer("content")
        .order_by("-changed_at", "-id")
    )
