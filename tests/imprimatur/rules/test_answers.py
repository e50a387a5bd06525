"""Reading an answer: what is kept of what was sent, and what is wrong with it."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imprimatur.dossier.answers import LONGEST, WrongAnswer, read_answer
from imprimatur.dossier.questionnaire import Fault, Option, Question, QuestionType, Text, Value

WORDS = Text("words", "文字")


def question(kind: QuestionType, **more: Any) -> Question:
    given_keys = {"key": "q", "number": "1.1", "text": WORDS, "help": WORDS, "required": True}
    return Question(type=kind, **given_keys, **more)  # type: ignore[arg-type]


OPTIONS = (Option("a", WORDS), Option("b", WORDS), Option("nothing", WORDS, alone=True))
CHOICE = question(QuestionType.CHOICE, options=OPTIONS)
CHOICES = question(QuestionType.CHOICES, options=OPTIONS)
PERCENT = question(QuestionType.NUMBER, minimum="0", maximum="100", places=2)
DATE = question(QuestionType.DATE)
MARKDOWN = question(QuestionType.MARKDOWN)


@pytest.mark.parametrize(
    ("asked", "raw", "value"),
    [
        (CHOICE, [], None),
        (CHOICE, [""], None),
        (CHOICE, ["b"], "b"),
        (CHOICES, [], None),
        (CHOICES, ["b", "a"], ["a", "b"]),
        (CHOICES, ["a", "a"], ["a"]),
        (CHOICES, ["nothing"], ["nothing"]),
        (PERCENT, [" 2.50 "], "2.5"),
        (PERCENT, ["007"], "7"),
        (PERCENT, ["-0.00"], "0"),
        (PERCENT, ["100"], "100"),
        (PERCENT, ["  "], None),
        (DATE, ["2026-02-28"], "2026-02-28"),
        (MARKDOWN, ["  two\r\nlines \n\n"], "  two\nlines"),
        (MARKDOWN, ["a\x00b\x1b[31m\tc"], "ab[31m\tc"),
        (MARKDOWN, [" \n "], None),
        (question(QuestionType.FILE), ["anything"], None),
    ],
)
def test_what_is_kept_of_what_was_sent(asked: Question, raw: list[str], value: Value) -> None:
    assert read_answer(asked, raw) == value


@pytest.mark.parametrize(
    ("asked", "raw", "fault"),
    [
        (CHOICE, ["c"], Fault.NOT_AN_OPTION),
        (CHOICES, ["a", "c"], Fault.NOT_AN_OPTION),
        (CHOICES, ["a", "nothing"], Fault.NOT_AN_OPTION),
        (PERCENT, ["1e400"], Fault.NOT_A_NUMBER),
        (PERCENT, ["nan"], Fault.NOT_A_NUMBER),
        (PERCENT, ["Infinity"], Fault.NOT_A_NUMBER),
        (PERCENT, ["1,5"], Fault.NOT_A_NUMBER),
        (PERCENT, ["٣"], Fault.NOT_A_NUMBER),
        (PERCENT, ["9" * 31], Fault.NOT_A_NUMBER),
        (PERCENT, ["-0.01"], Fault.TOO_SMALL),
        (PERCENT, ["100.01"], Fault.TOO_LARGE),
        (PERCENT, ["1.234"], Fault.TOO_MANY_PLACES),
        (DATE, ["28.2.2026"], Fault.NOT_A_DATE),
        (DATE, ["2026-02-30"], Fault.NOT_A_DATE),
        (MARKDOWN, ["x" * (LONGEST + 1)], Fault.TOO_LONG),
    ],
)
def test_what_is_wrong_is_said(asked: Question, raw: list[str], fault: Fault) -> None:
    with pytest.raises(WrongAnswer) as caught:
        read_answer(asked, raw)
    assert caught.value.fault == fault


@given(st.decimals(min_value=0, max_value=100, places=2, allow_nan=False))
def test_a_number_keeps_its_value_and_reads_the_same_again(number: Decimal) -> None:
    kept = read_answer(PERCENT, [f"{number:f}"])
    assert isinstance(kept, str)
    assert Decimal(kept) == number
    assert read_answer(PERCENT, [kept]) == kept


@given(st.text())
def test_a_text_reads_the_same_again(text: str) -> None:
    kept = read_answer(MARKDOWN, [text])
    assert read_answer(MARKDOWN, [kept] if isinstance(kept, str) else []) == kept
