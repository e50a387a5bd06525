"""The version in use asks what boards ask: each of their questions, by topic, and more."""

import pytest

from imprimatur.dossier.questionnaire import Given, Value, applicable, problems
from reviews.rules.triage import Facts
from reviews.selectors.questionnaires import current, questionnaire

ASKED_BY_BOARDS = {
    "data_acquisition": ("datasets", "opt_outs", "harmful_sources", "removal"),
    "data_quality": ("error_method", "annotation", "synthetic", "test_overlap"),
    "algorithm_choice": ("need", "subgroups", "explainable"),
    "optimisation": ("what_changed", "refusals", "base_model", "repeatable"),
    "compute": ("compute_threshold", "supply", "energy"),
    "scheduling_compression": ("compressed_build", "tenant_tests", "overload"),
    "people_partners": ("accountable", "partner_interests", "duties"),
    "training_people": ("trained_roles", "understanding", "not_trained"),
    "encryption": ("encrypted", "key_holders", "key_rotation"),
    "privacy_techniques": ("epsilon_unit", "attacks", "plaintext"),
    "compliance_assessment": ("laws", "filings", "overdue"),
    "ethics_review": ("harmed", "second_review", "open_conditions"),
    "cloud_edge": ("recall", "edge_logs", "edge_digest"),
    "modalities": ("modality_tests", "labelled", "biometric"),
    "trust": ("limits_told", "appeal", "stop_signal"),
}
"""Which question of ours stands for each question that boards ask, in their order."""
SHIPPED = current()
READ_BY_TRIAGE = {
    "personal_data", "minors", "biometric", "public_opinion", "medical_use", "autonomy", "refusals", "change",
}  # fmt: skip
SMALL: dict[str, Value] = {
    "change": "first", "personal_data": "none", "compressed_build": "not_compressed", "overdue": "none",
    "filings": "not_needed", "minors": "excluded", "autonomy": "no", "biometric": "none",
}  # fmt: skip


def facts(channel: str, relation: str = "none", *modalities: str) -> dict[str, frozenset[str]]:
    return {
        "channel": frozenset({channel}), "relation": frozenset({relation}),
        "modality": frozenset(modalities or ("text",)), "market": frozenset({"cn"}),
    }  # fmt: skip


def test_each_question_of_the_boards_has_one_of_ours_in_its_topic_and_boards_ask_more() -> None:
    assert sum(map(len, ASKED_BY_BOARDS.values())) == 48
    assert [topic.key for topic in SHIPPED.topics] == list(ASKED_BY_BOARDS)
    for topic in SHIPPED.topics:
        keys = [question.key for question in topic.questions]
        assert set(ASKED_BY_BOARDS[topic.key]) <= set(keys), topic.key
    assert 60 <= len(SHIPPED.questions) <= 80


def test_nearly_every_question_has_help_and_the_hard_ones_an_example_in_both_languages() -> None:
    helped = [question for question in SHIPPED.questions if question.help.en]
    assert len(helped) >= 0.9 * len(SHIPPED.questions)
    examples = [question for question in SHIPPED.questions if question.example.en]
    assert len(examples) >= 8
    for question in SHIPPED.questions:
        for text in (question.text, question.help, question.example):
            assert bool(text.en) == bool(text.zh), question.key
            assert "请填写" not in text.zh, question.key


def test_data_sets_are_rows_with_everything_that_a_board_asks_of_each() -> None:
    datasets = SHIPPED.question("datasets")
    assert datasets is not None
    assert [column.key for column in datasets.columns] == [
        "name", "right", "source", "size", "personal", "opt_outs", "cleaning", "agreement",
    ]  # fmt: skip
    source = datasets.column("source")
    assert source is not None
    assert {"crawled", "partner", "public"} <= {option.code for option in source.options}


def test_a_small_internal_model_is_not_asked_everything() -> None:
    small = Given(answers=dict(SMALL), facts=facts("internal", "finetuned"))
    asked = applicable(SHIPPED, small)
    assert len(asked) <= 46
    assert len(problems(SHIPPED, Given(facts=small.facts))) <= 38
    assert not {"recall", "tenant_tests", "plaintext", "misuse", "edge_logs"} & {q.key for q in asked}
    wide: dict[str, Value] = {
        **SMALL, "personal_data": "personal", "privacy_used": ["differential"], "change": "weights",
        "overdue": "some", "minors": "intended", "autonomy": "alone", "biometric": "identify",
    }  # fmt: skip
    device = applicable(SHIPPED, Given(answers=wide, facts=facts("device", "finetuned", "audio")))
    assert len(device) > len(asked) + 20


@pytest.mark.parametrize("version", ["2026-1", "2026-2"])
def test_what_triage_reads_is_asked_with_the_same_codes_in_both_versions(version: str) -> None:
    asked = questionnaire(version)
    for key in READ_BY_TRIAGE:
        question, now = asked.question(key), SHIPPED.question(key)
        assert question is not None, key
        assert now is not None, key
        assert {option.code for option in question.options} == {option.code for option in now.options}, key
    says = Facts(Given(answers={"personal_data": "sensitive"}), "internal", None)
    assert says.says("personal_data", "sensitive")


def test_what_the_first_version_asked_is_asked_again_in_the_same_shape() -> None:
    for question in questionnaire("2026-1").questions:
        now = SHIPPED.question(question.key)
        assert now is not None, question.key
        assert now.type == question.type, question.key
        assert {option.code for option in now.options} == {option.code for option in question.options}
