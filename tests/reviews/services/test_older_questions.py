"""Revisions that were asked different versions of the questions, compared without a database."""

import json
from typing import Any

import pytest

from imprimatur.dossier.questionnaire import Option, Question, Questionnaire, QuestionType, Text, Topic
from reviews.models import Revision
from reviews.selectors import revisions
from reviews.selectors.answer_difference import difference_of
from reviews.selectors.revisions import FrozenAnswer, FrozenFile, dossier_in_words
from reviews.selectors.shown_answer import shown_answer


def a_question(key: str, kind: QuestionType, *options: str) -> Question:
    labels = tuple(Option(code, Text(code.title(), code)) for code in options)
    return Question(key, "1.1", Text(key, key), Text("", ""), kind, required=False, options=labels)


OLDER = Questionnaire("1", (
    Topic("data", 1, Text("Data", "数据"), (
        a_question("kept", QuestionType.CHOICE, "yes", "partly"), a_question("turned", QuestionType.MARKDOWN),
    )),
    Topic("gone", 2, Text("Gone", "去"), (a_question("dropped", QuestionType.MARKDOWN),)),
))  # fmt: skip
NEWER = Questionnaire("2", (
    Topic("data", 1, Text("Data", "数据"), (
        a_question("kept", QuestionType.CHOICE, "yes", "no"), a_question("turned", QuestionType.CHOICE, "none", "some"),
    )),
))  # fmt: skip


def a_revision(number: int, **answers: str) -> Revision:
    content: dict[str, Any] = {
        "answers": [{"question": key, "value": value, "files": []} for key, value in answers.items()]
    }
    return Revision(number=number, questionnaire=str(number), content=json.dumps(content).encode())


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> dict[str, FrozenAnswer]:
    monkeypatch.setattr(revisions, "questionnaire", {"1": OLDER, "2": NEWER}.__getitem__)
    before = a_revision(1, kept="partly", turned="Some of it.", dropped="It was asked.")
    topics = dossier_in_words(a_revision(2, kept="no", turned="some"), "en", before=before, gone=True)
    return {answer.question.key: answer for topic in topics for answer in topic.answers}


def written(answer: FrozenAnswer) -> list[tuple[str, str]]:
    blocks = difference_of(answer, "en").blocks
    return [
        (piece.change.value, piece.text.strip())
        for block in blocks
        for piece in block.pieces
        if piece.text.strip()
    ]


def test_an_option_that_is_not_offered_any_more_is_named_as_it_was(answers: dict[str, FrozenAnswer]) -> None:
    assert written(answers["kept"]) == [("removed", "Partly"), ("added", "No")]


def test_an_answer_of_another_kind_is_compared_as_text(answers: dict[str, FrozenAnswer]) -> None:
    assert written(answers["turned"]) == [("same", "Some"), ("removed", "of it.")]


def test_a_question_that_the_newer_version_does_not_have_stands_with_what_it_said(
    answers: dict[str, FrozenAnswer],
) -> None:
    assert answers["dropped"].is_gone
    assert written(answers["dropped"]) == [("removed", "It was asked.")]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (["a:1"], ["a:1", "b:2"], ["a ", "b new"]),
        (["a:1"], ["a:2"], ["a replaced"]),
        (["a:1"], [], ["a removed"]),
        (["a:1", "a:2"], ["a:2"], ["a ", "a removed"]),
        (["a:1", "a:2"], ["a:2", "a:3"], ["a ", "a replaced"]),
        (["a:1"], ["a:1", "a:2"], ["a ", "a new"]),
    ],
)
def test_files_of_one_name_are_told_apart_by_their_digests(
    before: list[str], after: list[str], expected: list[str]
) -> None:
    files = [
        FrozenFile(place, name=name.split(":")[0], sha256=name.split(":")[1], size=1)
        for place, name in enumerate(after)
    ]
    question = OLDER.questions[1]
    answer = FrozenAnswer(question, "", "", tuple(files), changed=True, previous="")
    old: dict[str, list[str]] = {}
    for name in before:
        old.setdefault(name.split(":")[0], []).append(name.split(":")[1])
    shown = shown_answer(answer, (), {question.key: old}, True, "en")
    assert [f"{file.file.name} {file.change}" for file in shown.files] == expected
