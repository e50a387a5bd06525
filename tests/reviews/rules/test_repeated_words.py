"""Texts in which the same few words stand again and again are compared as quickly as others, at their full length."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imprimatur import subsequence
from imprimatur.subsequence import SMALL, matches, steps
from imprimatur.wording import Change, compare_text
from reviews.rules.anchors import Gone, Journey, anchor_at
from reviews.rules.difference import compare
from reviews.rules.joining import join_texts

LONGEST = 20_000  # characters of an answer
PAIRS = [
    ("a\n\nb\n\n", "b\n\na\n\na\n\n"),
    ("a b ", "b a a "),
    ("a. b. ", "b. a. a. "),
    ("a\nb\n", "b\na\na\n"),
    ("模型", "型模模"),
    ("模。型。", "型。模。模。"),
    ("w0 w1 w2 w3 w4 w5 w6 ", "w0 w3 w6 w2 w5 w1 w4 "),
]


def filled(part: str) -> str:
    return part * (LONGEST // len(part))


@pytest.mark.parametrize("pair", PAIRS)
def test_the_longest_answers_of_few_words_are_compared_joined_and_searched(pair: tuple[str, str]) -> None:
    """Compared without a limit on repeated words, one of these pairs took minutes."""
    old, new = map(filled, pair)
    pieces = compare_text(old, new)
    assert "".join(piece.text for piece in pieces if piece.change != Change.ADDED) == old
    assert "".join(piece.text for piece in pieces if piece.change != Change.REMOVED) == new
    assert compare(old, new).blocks
    joined = join_texts(old, old + " Theirs.", new)
    assert "Theirs." in joined.text
    assert join_texts(None, old, new).text
    journey = Journey(old, new)
    for start in range(0, 60, 3):
        found = journey.take(anchor_at(old, start, start + 3))
        assert isinstance(found, Gone) or new[found.at : found.end] == found.quote


def test_words_that_stand_everywhere_do_not_become_another_passage() -> None:
    old, new = "ab " * 5000, "ba " * 5000
    assert isinstance(Journey(old, new).take(anchor_at(old, 3000, 3002)), Gone)


@pytest.mark.parametrize("small", [0, SMALL])
@given(st.lists(st.sampled_from("abc"), max_size=30), st.lists(st.sampled_from("abc"), max_size=30))
def test_steps_lead_from_the_one_to_the_other_whichever_way_they_are_found(
    small: int, old: Sequence[str], new: Sequence[str]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subsequence, "SMALL", small)
        found, runs = steps(old, new), matches(old, new)
    rebuilt: list[str] = []
    at_old = at_new = 0
    for kind, a, b, c, d in found:
        assert (a, c) == (at_old, at_new)
        at_old, at_new = b, d
        rebuilt += old[a:b] if kind == "equal" else new[c:d]
        assert (kind == "equal") == (a < b and c < d and old[a:b] == new[c:d] and kind != "replace")
    assert (at_old, at_new) == (len(old), len(new))
    assert rebuilt == list(new)
    assert runs[-1] == (len(old), len(new), 0)
    assert all(old[run.a : run.a + run.size] == new[run.b : run.b + run.size] for run in runs)
