"""Facts of a version in cards: which are stated, and which differ from what is registered."""

import pytest

from imprimatur.cards.model_card import read_model_card
from imprimatur.cards.stated import Card, Kind, Place, Stated
from imprimatur.dossier.facts import MODALITIES, RELATIONS, facts_of
from registry.models import ModelVersion
from registry.prefill import unlike
from registry.vocabulary import Modality, Relation


def card(header: str) -> Card:
    return read_model_card(f"---\n{header}\n---\n".encode())


def facts(*headers: str) -> dict[str, str | list[str]]:
    return {
        fact.field: fact.value
        for fact in facts_of((f"{at}.md", card(text)) for at, text in enumerate(headers))
    }


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("license: mit", {"licence": "mit"}),
        ("license: other\nlicense_name: harbor", {"licence": "harbor"}),
        ("license: [mit, cc0]", {"licence": "mit, cc0"}),
        (f"license: {'x' * 200}", {}),
        ("base_model: [a/b, c/d]\nbase_model_relation: merge", {"base_model": "a/b, c/d", "relation": "merged"}),
        ("base_model_relation: cousin", {}),
        ("pipeline_tag: automatic-speech-recognition", {"modalities": ["text", "audio"]}),
        ("pipeline_tag: any-to-any", {}),
        ("language: en", {}),
    ],
)  # fmt: skip
def test_facts_are_those_that_are_stated_and_no_others(
    header: str, found: dict[str, str | list[str]]
) -> None:
    assert facts(header) == found


def test_of_two_files_that_state_one_fact_the_first_counts() -> None:
    assert facts("license: mit", "license: gpl\nbase_model: a/b") == {"licence": "mit", "base_model": "a/b"}


def test_what_is_written_otherwise_or_rounded_does_not_differ() -> None:
    version = ModelVersion(
        licence="Apache 2.0",
        base_model="",
        relation="none",
        parameters=7 * 10**9,
        modalities=["text", "code"],
    )
    header = card("license: apache-2.0\nbase_model: a/b\npipeline_tag: text-generation")
    exact = Card(Kind.SAFETENSORS, (Stated("parameters", "7241732096", Place(), ""),))
    assert [fact.field for fact in unlike(version, facts_of([("a", header), ("b", exact)]))] == ["base_model"]
    version.parameters = 3 * 10**9
    assert [fact.field for fact in unlike(version, facts_of([("b", exact)]))] == ["parameters"]


def test_the_licence_of_a_dataset_is_none_of_the_version() -> None:
    dataset = Card(Kind.CROISSANT, (Stated("license", "CC0", Place(), "CC0"),))
    assert not facts_of([("logs.json", dataset)])


def test_facts_are_told_in_the_codes_of_the_registry() -> None:
    assert {code for codes in MODALITIES.values() for code in codes} <= set(Modality.values)
    assert set(RELATIONS.values()) <= set(Relation.values)
