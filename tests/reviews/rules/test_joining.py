"""Joining two versions of one answer: what both wrote is in it, and nothing that nobody wrote."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.rules.joining import join_codes, join_texts

BASE = "Yes. robots.txt of each host was read on the day of the crawl."


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "text", "overlaps"),
    [
        # one of them changed nothing
        (BASE, BASE + " Twice.", BASE, BASE + " Twice.", False),
        (BASE, BASE, BASE + " Twice.", BASE + " Twice.", False),
        # both changed the same
        ("A.", "B.", "B.", "B.", False),
        # different sentences
        ("One. Two. Three.", "One! Two. Three.", "One. Two. Three. Four.", "One! Two. Three. Four.", False),
        # different words of one sentence
        (
            "robots.txt of each host was read.",
            "robots.txt and ai.txt of each host was read.",
            "robots.txt of each host was read; 214 opted out.",
            "robots.txt and ai.txt of each host was read; 214 opted out.",
            False,
        ),
        ("爬取当日读取。", "爬取当日读取 ai.txt。", "爬取前一日读取。", "爬取前一日读取 ai.txt。", False),
        # the same words: both sentences stand, theirs first
        ("Nobody looked.", "Ten did look.", "Experts looked.", "Ten did look. Experts looked.", True),
        # both began with nothing
        ("", "Theirs.", "Mine.", "Theirs. Mine.", True),
        # nobody knows what stood before
        (None, "One. Theirs.", "One. Mine.", "One. Theirs. Mine.", True),
        (None, "One.", "One. Mine.", "One. Mine.", False),
        # a sentence that one of them took away stays away
        ("One. Two. Three.", "One. Three.", "One. Two. Three. Four.", "One. Three. Four.", False),
        # paragraphs
        ("One.\n\nTwo.", "One.\n\nNew.\n\nTwo.", "One.\n\nTwo.\n\nLast.", "One.\n\nNew.\n\nTwo.\n\nLast.", False),
    ],
)  # fmt: skip
def test_texts_are_joined(base: str | None, theirs: str, mine: str, text: str, overlaps: bool) -> None:
    joined = join_texts(base, theirs, mine)
    assert (joined.text, joined.overlaps) == (text, overlaps)


PIECES = st.lists(st.sampled_from(["One. ", "Two. ", "三。", "four\n", "Five "]), max_size=6).map("".join)
NEW = st.sampled_from(["Alpha. ", "Beta. ", "丙。"])


@settings(max_examples=150, deadline=None)
@given(base=PIECES, place=st.integers(0, 40), other=st.integers(0, 40), mine=NEW)
def test_what_somebody_added_is_never_lost(base: str, place: int, other: int, mine: str) -> None:
    theirs = base[:place] + "XYZ. " + base[place:]
    written = base[:other] + mine + base[other:]
    text = join_texts(base, theirs, written).text
    assert "XYZ" in text
    assert mine.strip() in text


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "joined"),
    [
        (["a"], ["a", "b"], ["a", "c"], ["a", "b", "c"]),
        (["a", "b"], ["a"], ["a", "b", "c"], ["a", "c"]),
        (None, ["a"], ["b"], ["a", "b"]),
        ([], [], ["b"], ["b"]),
    ],
)
def test_choices_are_joined(
    base: list[str] | None, theirs: list[str], mine: list[str], joined: list[str]
) -> None:
    assert join_codes(base, theirs, mine) == joined
