"""A new draft: what files state stands in it with its source, everything else is empty, and it reads as meant."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from imprimatur.cards.located import Items, Node, Table
from imprimatur.cards.yaml_header import read_header
from imprimatur.dossier.draft_file import CODES, load
from imprimatur.dossier.draft_reading import read_draft
from imprimatur.dossier.yaml_text import entry, rows
from registry.vocabulary import Channel, Market, Modality, Relation
from tests.imprimatur.drafts import a_model, writing


def bare(value: Node) -> Any:
    if isinstance(value, Table):
        return {key: bare(inner) for key, inner in value.items()}
    return [bare(inner) for inner in value] if isinstance(value, Items) else value


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_the_cards_state_is_filled_in_with_its_place_and_nothing_else_is(
    tmp_path: Path, language: str
) -> None:
    one = writing(a_model(tmp_path), language)
    text = one.text()
    draft = read_draft(load(text.encode()), one.questionnaire)
    assert draft.version == {
        "modalities": ["text"], "relation": "finetuned", "base_model": "lighthouse/渡船-base",
        "parameters": "10000", "licence": "apache-2.0",
    }  # fmt: skip
    assert (draft.project, draft.model, draft.files) == ("", "", {})
    assert draft.request == {"language": language}
    assert draft.cards == ("README.md", "croissant.json", "model.safetensors")
    stated = {found.question.key for found in one.found.answers if found.value is not None}
    assert set(draft.answers) == stated
    assert draft.answers["datasets"] == [{"name": "harbour-news"}, {"name": "港口问答"}]
    place = "from README.md, line 7, datasets" if language == "en" else "出自 README.md，第 7 行，datasets"
    assert f"# {place}" in text
    assert all(f"\n  {question.key}:" in text for question in one.questionnaire.questions)


def test_without_any_card_everything_is_empty() -> None:
    one = writing()
    draft = read_draft(load(one.text().encode()), one.questionnaire)
    assert (draft.answers, draft.version, draft.cards) == ({}, {}, ())


def test_what_a_card_says_and_is_no_answer_stands_as_its_words(tmp_path: Path) -> None:
    folder = a_model(tmp_path)
    one = writing(folder)
    without = [found for found in one.found.answers if found.value is None]
    assert without
    text = one.text()
    for found in without:
        assert "README.md, line" in text
        assert f"\n  {found.question.key}:\n" in text


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="".join(map(chr, [*range(9), 11, 12,
                  *range(13, 32), 127]))), min_size=1, max_size=60,
)  # fmt: skip


@given(TEXTS)
@example("no")
@example("1e3")
@example("a: b # c")
@example(" begins with a blank\nsecond")
@example("\n\nlines before")
@example("lines after\n\n")
@example("- a list?\n\tand a tab ")
@example("a tab\tin a line, which some readers take in no plain text")
@example("|")
@example("中文：冒号\u3000全角\n第二行")
@example("\x85\u2028\u2029")
@example("…\n… \n")
@example("---\nno: document\n...")
@example("#\n#")
def test_every_text_reads_as_it_was_written_by_this_and_by_other_readers(text: str) -> None:
    lines = [*entry("one", text, 2), *rows("rows", [{"a": text}, {"b": text}], ["a", "b"], 2)]
    document = "top:\n" + "\n".join(lines) + "\n  last: end\n"
    wanted = {
        "top": {"one": text, "rows": [{"a": text, "b": None}, {"a": None, "b": text}], "last": "end"}
    }  # fmt: skip
    assert bare(read_header(document, 1)) == wanted
    other = yaml.safe_load(document)
    other["top"]["one"] = str(other["top"]["one"])
    for row in other["top"]["rows"]:
        row.update({key: str(cell) for key, cell in row.items() if isinstance(cell, int)})
    assert other == wanted


def test_lists_of_codes_read_as_they_were_written() -> None:
    codes = ["no", "a, b", "[x]", "yes: 1", "港"]
    document = "\n".join(entry("codes", codes, 0))
    assert bare(read_header(document, 1)) == yaml.safe_load(document) == {"codes": codes}


def test_the_codes_are_those_of_the_registry() -> None:
    assert {name: list(codes) for name, codes in CODES.items()} == {
        "channel": Channel.values, "modalities": Modality.values, "relation": Relation.values,
        "markets": Market.values,
    }  # fmt: skip
