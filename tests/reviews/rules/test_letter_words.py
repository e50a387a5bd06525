"""Every placeholder, kind and fault of a text has words, and each fault says what to do."""

import pytest
from django.utils.translation import override

from records.words import MARKS, WORDS
from reviews.rules.letter_kinds import PLACEHOLDERS, LetterKind
from reviews.rules.letter_text import Fault, FaultCode
from reviews.selectors.letters.context import context_of
from reviews.selectors.letters.minutes_sample import sample_minutes
from reviews.selectors.letters.sample import sample_of
from reviews.selectors.letters.texts import LANGUAGES, shipped
from reviews.selectors.letters.words import KINDS, fault_in_words, placeholders_in_words


@pytest.mark.parametrize("kind", LetterKind)
def test_every_kind_and_its_placeholders_have_words(kind: LetterKind) -> None:
    shown = placeholders_in_words(kind)
    assert {each.name for each in shown} == set(PLACEHOLDERS[kind])
    assert all(each.meaning for each in shown)
    assert [each.must for each in shown] == sorted((each.must for each in shown), reverse=True)
    assert KINDS[kind]
    assert kind in WORDS["letter"]
    assert kind in WORDS["outcome"]
    assert kind in MARKS


@pytest.mark.parametrize("code", FaultCode)
def test_every_fault_is_a_sentence_with_its_line(code: FaultCode) -> None:
    said = fault_in_words(Fault(code, 7, "conditions", "duties"), LetterKind.CONDITIONS)
    assert said.startswith("Line 7: ")
    assert said.endswith((".", "?"))
    assert "{written}" not in said


@pytest.mark.parametrize("kind", [kind for kind in LetterKind if kind != LetterKind.MINUTES])
def test_the_invented_case_of_every_kind_leaves_nothing_open(kind: LetterKind) -> None:
    for language in LANGUAGES:
        with override(language):
            context = context_of(sample_of(kind), shipped(kind, language), language=language)
        sections = context["sections"]
        words = [section["title"] + piece["text"] for section in sections for piece in section["pieces"]]
        assert words
        assert "{" not in "".join(words)
        assert all(section["pieces"] for section in context["sections"]), "no heading stands alone"


def test_the_invented_meeting_has_the_frame_around_its_items() -> None:
    for language in LANGUAGES:
        with override(language):
            minutes = sample_minutes(shipped(LetterKind.MINUTES, language), language)
        assert minutes["board"] in minutes["opening"]
        assert minutes["closing"]
        assert "{" not in minutes["opening"] + minutes["closing"]
