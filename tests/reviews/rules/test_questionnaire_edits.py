"""Topics and questions are put in, replaced, moved and taken out; what was there before stays as it was."""

from copy import deepcopy
from typing import Any

import pytest

from reviews.rules.questionnaire_edits import NoSuchPlace, moved, part_of, with_question, with_topic

CONTENT: dict[str, Any] = {
    "topics": [
        {"key": "a", "questions": [{"key": "a1"}, {"key": "a2"}]},
        {"key": "b", "questions": [{"key": "b1"}]},
    ]
}


def keys(content: dict[str, Any]) -> str:
    return " ".join(
        f"{topic['key']}({','.join(question['key'] for question in topic['questions'])})"
        for topic in content["topics"]
    )


@pytest.mark.parametrize(
    ("topic", "question", "to", "found"),
    [
        (1, 0, "down", "b(b1) a(a1,a2)"),
        (2, 0, "up", "b(b1) a(a1,a2)"),
        (1, 0, "up", "a(a1,a2) b(b1)"),
        (2, 0, "down", "a(a1,a2) b(b1)"),
        (1, 0, "out", "b(b1)"),
        (1, 1, "down", "a(a2,a1) b(b1)"),
        (1, 2, "up", "a(a2,a1) b(b1)"),
        (1, 2, "down", "a(a1) b(a2,b1)"),
        (2, 1, "up", "a(a1,a2,b1) b()"),
        (1, 1, "up", "a(a1,a2) b(b1)"),
        (2, 1, "down", "a(a1,a2) b(b1)"),
        (2, 1, "out", "a(a1,a2) b()"),
    ],
)
def test_parts_are_moved(topic: int, question: int, to: str, found: str) -> None:
    before = deepcopy(CONTENT)
    assert keys(moved(CONTENT, topic, question, to)) == found
    assert before == CONTENT


def test_parts_are_put_in_and_replaced() -> None:
    assert keys(with_question(CONTENT, 2, 0, {"key": "b2"})) == "a(a1,a2) b(b1,b2)"
    assert keys(with_question(CONTENT, 1, 2, {"key": "x"})) == "a(a1,x) b(b1)"
    assert keys(with_topic(CONTENT, 1, {"key": "x"})) == "x(a1,a2) b(b1)"
    assert keys(with_topic({}, 0, {"key": "x"})) == "x()"
    assert part_of(CONTENT, 1, 2) == {"key": "a2"}


@pytest.mark.parametrize(("topic", "question"), [(0, 0), (3, 0), (1, 3), (1, -1), (-1, 1)])
def test_what_is_not_there_is_said(topic: int, question: int) -> None:
    with pytest.raises(NoSuchPlace):
        part_of(CONTENT, topic, question)
    with pytest.raises(NoSuchPlace):
        moved(CONTENT, topic, question, "out")
    with pytest.raises(NoSuchPlace):
        moved(CONTENT, 1, 1, "sideways")
    with pytest.raises(NoSuchPlace):
        part_of({"topics": "x"}, 1)
