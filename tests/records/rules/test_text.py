"""How people's text is set: Markdown, differences, gaps between scripts, glyphs."""

import re

import pytest

from records.press.difference import difference
from records.press.figures import short_name
from records.press.glyphs import missing, named, printed
from records.press.prose import prose, words
from records.press.spacing import spaced


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "![x](file:///etc/passwd)",
        "<style>*{display:none}</style>",
        '<a href="http://a.example" style="position:fixed">x</a>',
    ],
)
def test_markup_and_pictures_of_people_never_reach_the_page(text: str) -> None:
    assert set(re.findall(r"<(\w+)", prose(text))) <= {"p"}
    assert set(re.findall(r"<(\w+ [^>]*)", prose(text))) == set()


def test_a_link_prints_its_address() -> None:
    assert prose("see [the plan](https://a.example/plan)") == "<p>see the plan (https://a.example/plan)</p>\n"


def test_headings_of_an_answer_do_not_join_the_headings_of_the_record() -> None:
    assert "<h1" not in prose("# Title\n\ntext")
    assert "<strong>Title</strong>" in prose("# Title\n\ntext")


def test_a_difference_is_marked_by_word_number_and_han_character() -> None:
    assert (
        difference("1,225 billion tokens", "1,214 billion tokens")
        == "<del>1,225</del><ins>1,214</ins> billion tokens"
    )
    assert difference("应急预案", "应急计划") == "应急<del>预案</del><ins>计划</ins>"


def test_a_difference_escapes_what_people_wrote() -> None:
    assert difference("<b>", "<i>") == "&lt;<del>b</del><ins>i</ins>&gt;"


def test_what_is_too_long_to_compare_says_so() -> None:
    assert difference("a " * 3000, "b " * 3000) == ""


def test_words_leave_markup_out_and_items_on_lines() -> None:
    assert words("**bold** text\n\n- one\n- two") == "bold text\n– one\n– two"


def test_gaps_are_margins_and_not_characters() -> None:
    page = spaced("<p>第3版共12条</p>")
    assert page == '<p>第<span class="gl gr">3</span>版共<span class="gl gr">12</span>条</p>'


def test_tags_entities_and_drawings_are_left_alone() -> None:
    for page in (
        '<p title="第3版">x</p>',
        "<svg><text>第3版</text></svg>",
        "<pre>第3版</pre>",
        "<p>甲&amp;乙</p>",
    ):
        assert spaced(page) == page


def test_blanks_beside_full_width_marks_go() -> None:
    assert spaced("<b>主审委员会。</b> 委员会") == "<b>主审委员会。</b>委员会"


def test_format_characters_are_not_printed_and_letters_are_composed() -> None:
    assert printed("a\u200bb\ufeff\u202ec") == "abc"
    assert printed("e\u0301") == "é"


def test_missing_glyphs_are_named_once_each() -> None:
    assert missing("陈𠮷 A🦜A🦜") == ["🦜", "𠮷"] or missing("陈𠮷 A🦜A🦜") == ["𠮷", "🦜"]
    assert named(["🦜"]) == "🦜 (U+1F99C)"
    assert missing("陈嘉慧 Zhao Ming Łukasz Ångström ελ ● ≥") == []


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Prof. Margaret Osei", "Osei"),
        ("陈嘉慧 Chen Jiahui", "陈嘉慧"),
        ("玛格丽特·奥塞", "奥塞"),
        ("", ""),
        ("Wolfeschlegelsteinhausen", "Wolfeschl…"),
    ],
)
def test_a_seat_carries_the_short_name(name: str, label: str) -> None:
    assert short_name(name) == label
