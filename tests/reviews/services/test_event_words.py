"""The data of events are told in the language of the page: keys and codes have words."""

import pytest
from django.utils import translation

from audit import words
from reviews.rules.ballot import BallotResult, ClosedBecause, MotionKind, Position


@pytest.mark.parametrize(
    ("path", "code", "told"),
    [
        ("kind", MotionKind.APPROVE_WITH_CONDITIONS, "Approve with these conditions"),
        ("result", BallotResult.TABLED, "Tabled, quorum lost"),
        ("because", ClosedBecause.DEADLINE, "closed at its deadline"),
        ("position", Position.ABSTAIN, "Abstains"),
        ("opening.composition.any_of", "lay", "lay"),
        ("audience", "board", "the boards alone"),
        ("channel", "open_weights", "Open weights"),
        ("changes.state", "not_met", "Not met"),
    ],
)
def test_a_code_is_told_by_the_words_of_its_key(path: str, code: str, told: str) -> None:
    assert words.value_word(path, code) == told


def test_a_code_without_words_is_shown_as_it_is_and_takes_none_from_another_key() -> None:
    assert words.value_word("kind", "invented") == "invented"
    assert words.value_word("reference", Position.FOR) == "for"


def test_a_path_is_told_part_by_part_with_the_colon_of_the_language() -> None:
    assert words.word("closing.quorum.present") == "at closing: quorum: present"
    with translation.override("zh-hans"):
        assert "_" not in words.word("closing.standing_blocks")
