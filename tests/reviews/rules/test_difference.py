"""Differences between two texts, in pieces that can be read."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.rules.difference import (
    Block,
    Change,
    Difference,
    Folded,
    compare,
    compare_text,
    fold,
    unchanged,
)


def written(difference: Difference) -> str:
    """Return the difference as text: [-gone-] {+come+}, blocks parted by " / ", marks as <1:...>."""
    signs = {Change.SAME: "{}", Change.ADDED: "{{+{}+}}", Change.REMOVED: "[-{}-]"}
    blocks = []
    for block in difference.blocks:
        pieces = []
        for piece in block.pieces:
            text = signs[piece.change].format(piece.text)
            pieces.append(f"<{piece.mark}:{text}>" if piece.mark else text)
        blocks.append("".join(pieces))
    return " / ".join(blocks)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("One rater read all.", "Two raters read all.", "[-One rater-]{+Two raters+} read all."),
        ("a text", "a text", "a text"),
        ("", "All new.", "{+All new.+}"),
        ("All gone.", "", "[-All gone.-]"),
        ("Refused 96.0 %.", "Refused 96.8 %.", "Refused [-96.0-]{+96.8+} %."),
        ("先行测试共180题", "先行测试共312题", "先行测试共[-180-]{+312+}题"),
        ("首段。\n\n第二段。", "首段。\n\n第三段。", "首段。 / [-第二段-]{+第三段+}。"),
        ("First.\n\nLast.", "First.\n\nBetween.\n\nLast.", "First. / {+Between.+} / Last."),
        ("First.\n\nBetween.\n\nLast.", "First.\n\nLast.", "First. / [-Between.-] / Last."),
        ("don't stop", "do stop", "[-don't-]{+do+} stop"),
        (
            "We heard A. We heard C.",
            "We heard A. We heard B. We heard C.",
            "We heard A. {+We heard B. +}We heard C.",
        ),
        (
            "a letter of intent was signed",
            "a framework contract of 2025 was signed",
            "a [-letter of intent-]{+framework contract of 2025+} was signed",
        ),
        ("96.0 % (180 questions)", "96.8 % (312 questions)", "[-96.0-]{+96.8+} % ([-180-]{+312+} questions)"),
        (
            "训练数据来自公开网页。",
            "评测资料取自公共网站。",
            "[-训练数据来自公开网页-]{+评测资料取自公共网站+}。",
        ),
        ("训练数据收集", "评测数据整理", "[-训练-]{+评测+}数据[-收集-]{+整理+}"),
        ("由一名评审员评定。", "由两名评审员独立评定。", "由[-一-]{+两+}名评审员{+独立+}评定。"),
        (
            "Old one here.\n\nThe tail stays almost as it was.",
            "The tail stays as it was.",
            "[-Old one here.-] / The tail stays [-almost -]as it was.",
        ),
        (
            "The head stays almost as it was.\n\nThe tail.",
            "New.\n\nThe head stays as it was.\n\nThe tail.",
            "{+New.+} / The head stays [-almost -]as it was. / The tail.",
        ),
    ],
)
def test_words_that_came_and_went_are_told_apart(before: str, after: str, expected: str) -> None:
    assert written(compare(before, after)) == expected


def test_little_that_stayed_between_two_changes_is_read_with_them() -> None:
    assert written(compare("a letter of intent", "the contract in force")).count("[-") == 1


def test_words_and_han_characters_are_counted() -> None:
    found = compare("One rater read it", "Two raters in all read it")
    assert (found.added, found.removed) == (4, 2)
    chinese = compare("共有一名评审员", "共有两位评审员参加")
    assert (chinese.added, chinese.removed) == (4, 2)


def test_blank_lines_alone_are_no_change() -> None:
    assert compare("One.\n\nTwo.\n", "One.\n \n\nTwo.").is_same
    assert not compare("One.", "Two.").is_same


@given(st.text(max_size=200), st.text(max_size=200))
def test_what_stayed_and_went_is_the_old_text_and_what_stayed_and_came_the_new(
    before: str, after: str
) -> None:
    def shown(without: Change) -> list[str]:
        blocks = compare(before, after).blocks
        texts = ["".join(p.text for p in block.pieces if p.change != without) for block in blocks]
        return [text for text in texts if text]

    def blocks_of(text: str) -> list[str]:
        return [block.pieces[0].text for block in unchanged(text).blocks]

    assert shown(Change.ADDED) == blocks_of(before)
    assert shown(Change.REMOVED) == blocks_of(after)


def test_texts_too_large_to_compare_at_once_are_compared_by_sentences(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("imprimatur.wording.LARGEST", 40)
    before = "First line stays.\nSecond line is old.\nThird line stays.\n"
    found = compare_text(before, before.replace("old", "new"))
    assert [(piece.change, piece.text) for piece in found][1:3] == [
        (Change.REMOVED, "old"),
        (Change.ADDED, "new"),
    ]
    alone = compare_text("one two three four five six seven", "eins zwei drei vier fünf sechs sieben")
    assert [piece.change for piece in alone] == [Change.REMOVED, Change.ADDED]


TEXTS = st.text(max_size=120) | st.text("ab .\n数据的评", max_size=60)


@given(TEXTS, TEXTS)
def test_the_pieces_are_both_texts_to_the_last_blank_and_neighbours_differ(before: str, after: str) -> None:
    pieces = compare_text(before, after)
    assert "".join(piece.text for piece in pieces if piece.change != Change.ADDED) == before
    assert "".join(piece.text for piece in pieces if piece.change != Change.REMOVED) == after
    assert all(one.change != other.change for one, other in pairwise(pieces))


def test_blocks_that_stayed_fold_unless_they_are_short_and_beside_a_change() -> None:
    paragraphs = [f"Paragraph {number} says its own." for number in "abcdef"]
    changed = [*paragraphs[:3], "Quite another one now.", *paragraphs[4:]]
    folded = fold(compare("\n\n".join(paragraphs), "\n\n".join(changed)))
    assert [len(one.blocks) if isinstance(one, Folded) else one.is_same for one in folded] == [
        2,
        True,
        False,
        True,
        1,
    ]
    long = "word " * 61
    assert isinstance(fold(compare(f"{long}\n\none", f"{long}\n\ntwo"))[0], Folded)
    assert all(isinstance(one, Block) for one in fold(compare("one", "two")))
