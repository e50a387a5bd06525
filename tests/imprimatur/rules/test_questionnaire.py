"""Questions: which apply, what is missing, how far a dossier is; and the file that is shipped."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imprimatur.dossier import shipped
from imprimatur.dossier.questionnaire import (
    Fault,
    Given,
    Questionnaire,
    QuestionType,
    applicable,
    problems,
    progress,
)
from imprimatur.dossier.questionnaire_file import QuestionnaireInvalid, read_questionnaire

WORDS = {"en": "words", "zh": "文字"}


def choice(key: str, *codes: str, **more: Any) -> dict[str, Any]:
    options = [{"code": code, "label": WORDS} for code in codes]
    return {"key": key, "text": WORDS, "type": "choice", "options": options, **more}


def made(*questions: dict[str, Any]) -> Questionnaire:
    topics = [{"key": "topic", "title": WORDS, "questions": list(questions)}]
    return read_questionnaire({"version": "2026-9", "topics": topics})


CHAIN = made(
    choice("people", "none", "some", required=True),
    choice("kind", "plain", "sensitive", required=True, when=[{"question": "people", "any_of": ["some"]}]),
    {"key": "report", "text": WORDS, "type": "file", "required": True,
     "when": [{"question": "kind", "any_of": ["sensitive"]}, {"fact": "channel", "any_of": ["api", "device"]}]},
)  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "channel", "asked"),
    [
        ({}, "api", ["people"]),
        ({"people": "none"}, "api", ["people"]),
        ({"people": "some"}, "api", ["people", "kind"]),
        ({"people": "some", "kind": "sensitive"}, "api", ["people", "kind", "report"]),
        ({"people": "some", "kind": "sensitive"}, "internal", ["people", "kind"]),
        ({"people": "some", "kind": "plain"}, "api", ["people", "kind"]),
        ({"people": "none", "kind": "sensitive"}, "api", ["people"]),
    ],
)
def test_a_question_is_asked_when_all_its_conditions_hold(
    answers: dict[str, Any], channel: str, asked: list[str]
) -> None:
    found = applicable(CHAIN, Given(answers=answers, facts={"channel": frozenset({channel})}))
    assert [question.key for question in found] == asked


def test_what_is_required_and_missing_is_named_in_the_order_of_the_questions() -> None:
    said = Given(answers={"people": "some", "kind": "sensitive"}, facts={"channel": frozenset({"api"})})
    assert [(p.question.key, p.fault) for p in problems(CHAIN, Given())] == [("people", Fault.MISSING)]
    assert [(p.question.key, p.fault) for p in problems(CHAIN, said)] == [("report", Fault.NO_FILE)]
    with_file = Given(answers=said.answers, facts=said.facts, files={"report": 1})
    assert problems(CHAIN, with_file) == ()


def test_an_empty_list_is_no_answer() -> None:
    several = made({**choice("several", "a", "b"), "type": "choices", "required": True})
    assert problems(several, Given(answers={"several": []}))
    assert not problems(several, Given(answers={"several": ["a"]}))


def test_progress_counts_the_questions_that_are_asked() -> None:
    (topic,) = progress(CHAIN, Given(answers={"people": "some"}))
    assert (topic.asked, topic.answered, topic.missing, topic.is_complete) == (2, 1, 1, False)
    (topic,) = progress(CHAIN, Given(answers={"people": "none", "kind": "plain"}))
    assert (topic.asked, topic.answered, topic.missing, topic.is_complete) == (1, 1, 0, True)


SHIPPED = shipped.newest()
ANSWERS = st.fixed_dictionaries({}, optional={
    question.key: st.sampled_from([option.code for option in question.options])
    for question in SHIPPED.questions if question.type == QuestionType.CHOICE
})  # fmt: skip
FACTS = st.fixed_dictionaries({
    "channel": st.sampled_from(["open_weights", "api", "internal", "device"]).map(lambda code: frozenset({code})),
    "relation": st.sampled_from(["none", "finetuned"]).map(lambda code: frozenset({code})),
    "compute": st.sampled_from([frozenset(), frozenset({"above_1e25"})]),
})  # fmt: skip


@given(ANSWERS, FACTS)
def test_progress_and_problems_agree_whatever_was_answered(
    answers: dict[str, str], facts: dict[str, frozenset[str]]
) -> None:
    said = Given(answers=dict(answers), facts=facts)
    topics = progress(SHIPPED, said)
    assert sum(topic.missing for topic in topics) == len(problems(SHIPPED, said))
    assert sum(topic.asked for topic in topics) == len(applicable(SHIPPED, said))
    assert {problem.question for problem in problems(SHIPPED, said)} <= set(applicable(SHIPPED, said))


def test_each_shipped_version_is_sound_and_says_which_it_is() -> None:
    assert shipped.versions()[-1] == SHIPPED.version
    for version in shipped.versions():
        assert read_questionnaire(shipped.content_of(version)).version == version


def test_the_present_one_has_the_fifteen_topics_in_both_languages() -> None:
    assert len(SHIPPED.topics) == 15
    assert {question.type for question in SHIPPED.questions} <= set(QuestionType)
    for question in SHIPPED.questions:
        assert question.text.en != question.text.zh
        assert question.text.in_language("zh-hans") == question.text.zh
        assert all(option.label.zh for option in question.options)


def test_conditions_look_only_at_facts_that_a_version_has() -> None:
    known = {"channel", "modality", "market", "relation", "compute"}
    facts = {c.key for question in SHIPPED.questions for c in question.when if c.about.value == "fact"}
    assert facts <= known


def test_the_file_holds_nothing_that_yaml_turns_into_something_else() -> None:
    for version in shipped.versions():
        for topic in shipped.content_of(version)["topics"]:
            for question in topic["questions"]:
                codes = [option["code"] for option in question.get("options", [])]
                codes += [code for condition in question.get("when", []) for code in condition["any_of"]]
                assert all(isinstance(code, str) for code in codes), question["key"]


@pytest.mark.parametrize(
    ("question", "fault"),
    [
        ({"key": "a", "text": WORDS, "type": "poem"}, "unknown type"),
        ({"key": "a", "text": {"en": "only"}, "type": "date"}, "text needs en and zh"),
        ({"key": "a", "text": WORDS, "type": "choice"}, "options belong to choices"),
        (
            {"key": "a", "text": WORDS, "type": "date", "options": [{"code": "x", "label": WORDS}]},
            "options belong",
        ),
        ({"key": "a", "text": WORDS, "type": "number"}, "a number needs its unit"),
        ({"key": "a", "text": WORDS, "type": "date", "unit": WORDS}, "only a number has unit"),
        ({"key": "a", "text": WORDS, "type": "date", "colour": "red"}, "unknown entry colour"),
        ({"key": "", "text": WORDS, "type": "date"}, "is missing or used twice"),
        (choice("a", "x", "x"), "codes of options are missing or used twice"),
        (choice("a", False), "codes of options are missing or used twice"),  # type: ignore[arg-type]
        (choice("a", "x", when=[{"question": "later", "any_of": ["y"]}]), "no earlier question"),
        (choice("a", "x", when=[{"fact": "channel"}]), "names a question or a fact, and codes"),
    ],
)
def test_each_fault_of_a_file_is_named(question: dict[str, Any], fault: str) -> None:
    with pytest.raises(QuestionnaireInvalid) as caught:
        made(question)
    assert any(fault in problem for problem in caught.value.problems)


def test_a_condition_names_an_option_that_exists() -> None:
    with pytest.raises(QuestionnaireInvalid, match="a has no option z"):
        made(choice("a", "x"), choice("b", "x", when=[{"question": "a", "any_of": ["z"]}]))


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(QuestionnaireInvalid) as caught:
        read_questionnaire({"topics": [{"key": "", "title": WORDS, "questions": []}]})
    assert len(caught.value.problems) == 2
