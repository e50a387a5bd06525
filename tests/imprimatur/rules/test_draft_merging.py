"""Filling in a draft that a person has worked on: what is empty is filled, and what they wrote stays to the letter."""

from dataclasses import replace

import pytest

from imprimatur.dossier.draft_file import DraftInvalid, load
from imprimatur.dossier.draft_merging import merge
from imprimatur.dossier.draft_reading import read_draft
from imprimatur.dossier.draft_text import Bytes, Writing
from tests.imprimatur.drafts import a_model, writing


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Writing:
    """What the folder with all its cards states."""
    return writing(a_model(tmp_path_factory.mktemp("drafts")))


def test_a_draft_that_is_there_already_is_not_changed(full: Writing) -> None:
    text = full.text()
    merged = merge(text, full)
    assert (merged.text, merged.filled, merged.left) == (text, (), ())


def test_a_draft_made_before_there_were_cards_becomes_the_one_with_them(full: Writing) -> None:
    merged = merge(replace(writing(), name=full.name).text(), full)
    assert merged.left == ()
    questions = full.questionnaire
    assert (
        read_draft(load(merged.text.encode()), questions).answers
        == read_draft(load(full.text().encode()), questions).answers
    )
    assert {"version.licence", "answers.datasets", "cards"} <= set(merged.filled)
    assert merge(merged.text, full).filled == ()


MINE = """# My own words.
imprimatur: draft/v1
questionnaire: 2026-2
version:
    licence: 'mine'   # agreed with Legal, 2026-11-02
    parameters:
answers:
    # about data
    datasets:    # to do
    data_rights: >-
      We asked
      everybody.
    need: ""

# the end
"""


def test_what_a_person_wrote_stays_with_comments_quotes_and_order(full: Writing) -> None:
    merged = merge(MINE, full)
    assert {"version.parameters", "answers.datasets"} <= set(merged.filled)
    assert "answers.data_rights" not in merged.filled
    kept = [
        line
        for line in MINE.split("\n")
        if line.strip() not in {"parameters:", "datasets:    # to do", 'need: ""'}
    ]
    rest = iter(merged.text.split("\n"))
    assert all(line in rest for line in kept), "a line of theirs went or moved"
    assert "\n    # to do\n" in merged.text
    draft = read_draft(load(merged.text.encode()), full.questionnaire)
    assert draft.version["licence"] == "mine"
    assert draft.answers["data_rights"] == "We asked everybody."
    assert draft.version["parameters"] == "10000"
    assert draft.answers["datasets"] == [{"name": "harbour-news"}, {"name": "港口问答"}]


def test_what_is_written_in_another_way_is_left_and_named(full: Writing) -> None:
    text = "imprimatur: draft/v1\nquestionnaire: 2026-2\nversion: {licence: , parameters: }\nanswers: {}\n"
    merged = merge(text, full)
    assert {"version.licence", "version.parameters", "answers.datasets"} <= set(merged.left)
    assert merged.text.startswith(text)


def test_the_digest_of_the_bytes_is_always_the_present_one(full: Writing) -> None:
    old = replace(full, bytes=Bytes("a" * 64, 3, 10))
    new = replace(full, bytes=Bytes("b" * 64, 4, 20))
    merged = merge(old.text(), new)
    assert merged.filled == ("manifest",)
    assert merged.text == old.text().replace("a" * 64, "b" * 64).replace("files: 3", "files: 4").replace(
        "bytes: 10", "bytes: 20"
    )
    assert merge(full.text(), new).filled == ("manifest",)
    assert merge(old.text(), full).filled == (), "without hashing nothing is said of the bytes"


def test_a_text_that_can_not_be_read_is_refused(full: Writing) -> None:
    with pytest.raises(DraftInvalid):
        merge("imprimatur: draft/v1\nanswers: [\n", full)
