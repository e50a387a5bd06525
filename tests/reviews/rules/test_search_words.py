"""Words under which a text is found, and what a query asks for."""

import pytest

from reviews.rules.search_snippets import snippet
from reviews.rules.search_words import MOST_ASKED, Word, asked_for, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Harbor-7B, IMP-2026-0147", ["harbor", "7b", "imp", "2026", "0147"]),
        ("Café ﬁne ＡＢＣ", ["cafe", "fine", "abc"]),
        ("模型发布", ["模型", "型发", "发布", "布"]),
        ("用Harbor模", ["用", "harbor", "模"]),
        ("two two", ["two"]),
        ("_ - ' \" \0 ()", []),
    ],
)
def test_a_text_is_found_by_its_words_and_by_pairs_where_no_blanks_part_them(
    text: str, words: list[str]
) -> None:
    assert words_of(text) == words


def test_a_word_of_three_letters_finds_longer_ones_and_a_shorter_one_only_itself() -> None:
    assert asked_for("port 7B") == (Word("port", is_start=True), Word("7b", is_start=False))


def test_one_character_is_the_beginning_of_a_pair_and_more_are_pairs() -> None:
    assert asked_for("模") == (Word("模", is_start=True, is_pair=True),)
    assert [word.text for word in asked_for("模型发")] == ["模型", "型发"]


@pytest.mark.parametrize(
    "query", ["", "   ", "\0", "'\"&|!():*<->", '"', "%_\\", "AND OR NOT NEAR(", "x" * 10_000, "模" * 10_000]
)
def test_any_text_is_a_query(query: str) -> None:
    found = asked_for(query)
    assert len(found) <= MOST_ASKED
    assert all(word.text.isalnum() and len(word.text) <= 60 for word in found)


def test_a_passage_marks_words_their_beginnings_and_english_forms_but_no_others() -> None:
    found = snippet(
        "The portal was released; a release of ports. Sport is not meant.", asked_for("port releases")
    )
    marked = [piece.text for piece in found.pieces if piece.is_hit]
    assert marked == ["portal", "released", "release", "ports"]
    assert "".join(piece.text for piece in found.pieces).startswith("The portal")


def test_a_passage_marks_the_characters_that_were_found() -> None:
    found = snippet("申请发布模型，模型已经核验。", asked_for("模型"))
    assert [piece.text for piece in found.pieces if piece.is_hit] == ["模型", "模型"]
    assert not any(piece.is_hit for piece in snippet("模具和类型", asked_for("模型")).pieces)


def test_a_long_text_is_cut_around_what_was_found() -> None:
    found = snippet("word " * 500 + "needle " + "word " * 500, asked_for("needle"))
    assert found.cut_before
    assert found.cut_after
    assert [piece.text for piece in found.pieces if piece.is_hit] == ["needle"]
    assert sum(len(piece.text) for piece in found.pieces) < 300


def test_what_was_not_found_shows_the_beginning() -> None:
    assert not snippet("Nothing of it.", asked_for("needle")).found
