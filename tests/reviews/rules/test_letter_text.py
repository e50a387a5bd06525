"""Texts of letters: what a text may name, what is refused and why, and what is left when a value is empty."""

from pathlib import Path

import pytest

from records.press.prose import words
from reviews.rules.letter_kinds import DECISIONS, PLACEHOLDERS, LetterKind, said_of
from reviews.rules.letter_text import (
    LONGEST,
    Fault,
    FaultCode,
    Piece,
    escaped,
    faults_of,
    filled,
    frame_of,
    tidied,
)

TEXTS = Path(__file__).resolve().parents[3] / "reviews" / "letter_texts"


def shipped(kind: LetterKind, language: str = "en") -> str:
    return (TEXTS / language / f"{kind.value}.md").read_text()


def codes(content: str, kind: LetterKind = LetterKind.REJECTED) -> list[tuple[FaultCode, int, str]]:
    return [(fault.code, fault.line, fault.name) for fault in faults_of(content, kind)]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("kind", LetterKind)
def test_every_shipped_text_can_be_used(kind: LetterKind, language: str) -> None:
    content = shipped(kind, language)
    assert faults_of(content, kind) == []
    assert tidied(content) == content
    assert {path.stem for path in (TEXTS / language).iterdir()} == {kind.value for kind in LetterKind}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Dear {requestor},", (FaultCode.UNKNOWN, "requestor", "requester")),
        ("Dear {xyz},", (FaultCode.UNKNOWN, "xyz", "")),
        ("{conditions}", (FaultCode.UNKNOWN, "conditions", "")),
        ("Dear { requester },", (FaultCode.BRACE, "", "")),
        ("A lone } brace", (FaultCode.BRACE, "", "")),
        ("{requester.password}", (FaultCode.BRACE, "", "")),
        ("{% if requester %}", (FaultCode.BRACE, "", "")),
        ("{{ requester }}", (FaultCode.BRACE, "", "")),
        ("The reasons: {reasons}", (FaultCode.NOT_ALONE, "reasons", "")),
        ("{facts}", (FaultCode.TWICE, "facts", "")),
        ("{begin reasons}", (FaultCode.NEVER_EMPTY, "reasons", "")),
        ("{end minority_opinions}", (FaultCode.NOT_OPENED, "minority_opinions", "")),
        ("{begin minority_opinions}", (FaultCode.NOT_CLOSED, "minority_opinions", "")),
        ("Read <b>this</b>", (FaultCode.HTML, "<b", "")),
        ("<script>alert(1)</script>", (FaultCode.HTML, "<script", "")),
        ("<!-- hidden -->", (FaultCode.HTML, "<!--", "")),
        ("&#60;script&#62;", (FaultCode.HTML, "&#60;", "")),
        ("![a picture](https://example.org/a.png)", (FaultCode.PICTURE, "", "")),
        ("[press](javascript:alert)", (FaultCode.ADDRESS, "", "")),
        ("[a]: data:text/html,x", (FaultCode.ADDRESS, "", "")),
    ],
)  # fmt: skip
def test_a_line_that_a_text_may_not_have_is_named_with_its_number(
    line: str, expected: tuple[FaultCode, str, str]
) -> None:
    content = shipped(LetterKind.REJECTED) + f"\n{line}\n"
    found = faults_of(content, LetterKind.REJECTED)
    at = content.split("\n").index(line, len(shipped(LetterKind.REJECTED).split("\n")) - 1) + 1
    assert Fault(expected[0], at, expected[1], expected[2]) in found


def test_ordinary_markdown_is_no_danger() -> None:
    more = "\n**Bold**, _set off_, a < b, R&D, 3 > 2, [a page](https://example.org/x) and\n\n- one\n- two\n"
    assert faults_of(shipped(LetterKind.REJECTED) + more, LetterKind.REJECTED) == []


@pytest.mark.parametrize(
    "name", [name for name, about in PLACEHOLDERS[LetterKind.REJECTED].items() if about.must]
)
def test_a_rejection_without_an_obligatory_part_is_refused(name: str) -> None:
    content = "\n".join(
        line.replace(f"{{{name}}}", "").replace(f"{{begin {name}}}", "").replace(f"{{end {name}}}", "")
        for line in shipped(LetterKind.REJECTED).split("\n")
    )
    assert codes(content) == [(FaultCode.MISSING, 0, name)]


def test_what_process_asks_of_a_decision_letter_is_obligatory() -> None:
    for kind in DECISIONS:
        must = {name for name, about in PLACEHOLDERS[kind].items() if about.must}
        assert {"reference", "model", "procedure", "reasons", "facts", "minority_opinions"} <= must
    assert {"appeal_until", "appeal_route"} <= {
        name for name, about in PLACEHOLDERS[LetterKind.REJECTED].items() if about.must
    }
    assert {"valid_from", "valid_until", "next_review", "duties", "conditions"} <= {
        name for name, about in PLACEHOLDERS[LetterKind.CONDITIONS].items() if about.must
    }


def test_a_value_that_can_be_empty_needs_its_own_block() -> None:
    block = "{begin minority_opinions}\n{minority_opinions}\n{end minority_opinions}"
    content = shipped(LetterKind.REJECTED).replace(
        "{begin minority_opinions}\n", ""
    ).replace("{end minority_opinions}\n", "")  # fmt: skip
    assert [code for code, _line, _name in codes(content)] == [FaultCode.NEEDS_BLOCK]
    nested = f"{{begin appeal_until}}\n{block}\n{{end appeal_until}}\n"
    found = [code for code, _line, _name in codes(shipped(LetterKind.APPROVED) + nested, LetterKind.APPROVED)]
    assert FaultCode.NESTED in found


def test_an_empty_text_and_a_book_are_refused() -> None:
    assert codes(" \n ") == [(FaultCode.EMPTY, 0, "")]
    assert codes("x" * (LONGEST + 1)) == [(FaultCode.TOO_LONG, 0, "")]


CONTENT = """## What {model} is

Dear {requester}: {reasons_not}

{reasons}

{begin minority_opinions}
## Minority opinions

{minority_opinions}
{end minority_opinions}

## Facts

{facts}
"""


def test_values_and_lists_stand_where_they_are_named_and_empty_sections_fall_away() -> None:
    values = {"model": "Heron *2*", "requester": "Dr. _Lin_ <b>", "reasons": "**Because.**"}
    sections = filled(CONTENT, LetterKind.REJECTED, values, {"facts"})
    assert [section.title for section in sections] == ["What Heron *2* is", "Facts"]
    assert sections[0].pieces == [
        Piece("text", r"Dear Dr. \_Lin\_ \<b\>: {reasons_not}"),
        Piece("passage", "**Because.**"),
    ]
    assert sections[1].pieces == [Piece("facts")]
    with_minority = filled(CONTENT, LetterKind.REJECTED, values, {"facts", "minority_opinions"})
    assert [section.title for section in with_minority][1] == "Minority opinions"
    without = filled(CONTENT, LetterKind.REJECTED, {**values, "reasons": " "}, ())
    assert [(section.title, section.pieces) for section in without] == [
        ("What Heron *2* is", [Piece("text", r"Dear Dr. \_Lin\_ \<b\>: {reasons_not}")])
    ]


@pytest.mark.parametrize(
    "value",
    ["*stars*", "1. first", "- item", "# title", "<script>alert(1)</script>", "a_b_c", "[x](y)", "`code`", "~~no~~",
     "&lt;", "> quote", "{reference}", "C:\\x", "| a | b |", "2) two", "=== x", "+ plus", "林雨晴 & Sons!"],
)  # fmt: skip
def test_a_value_is_shown_as_it_is_and_brings_no_markup(value: str) -> None:
    assert words(escaped(value)) == value
    content = "{requester}\n\n{requester} goes on\n"
    pieces = filled(content, LetterKind.REJECTED, {"requester": value, "reference": "IMP"}, ())[0].pieces
    assert words(pieces[0].text) == f"{value}\n{value} goes on"


def test_the_frame_of_minutes_is_what_stands_before_and_after_the_items() -> None:
    values = {"board": "The board", "date": "1 May 2026", "closed_at": "noon", "place": ""}
    content = "{board} met on {date}.\n\n{begin place}\nIn {place}.\n{end place}\n\n{items}\n\nClosed at {closed_at}.\n"
    before, after = frame_of(content, values)
    assert before == "The board met on 1 May 2026."
    assert after == "Closed at noon."


def test_who_writes_a_letter_hands_in_what_only_the_act_knows() -> None:
    assert set(said_of(LetterKind.APPEAL_DECIDED)) == {"against", "panel", "result", "reasons"}
    assert said_of(LetterKind.APPROVED) == {}
