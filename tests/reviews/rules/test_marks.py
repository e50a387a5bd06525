"""Passages are marked where they stand, also in rendered Markdown."""

from markdown_it import MarkdownIt

from reviews.rules.difference import Difference, compare, unchanged
from reviews.rules.marks import html_with_marks, mark_at, source_with_signs

OPENS, PINS = {1: "<mark>", 2: '<mark class="b">'}, {1: "[1]", 2: "[2]"}


def shown(difference: Difference) -> str:
    """The pieces, marked ones in brackets with their number after the last."""
    return "".join(
        f"[{piece.text}]{piece.mark if piece.ends_mark else ''}" if piece.mark else piece.text
        for block in difference.blocks
        for piece in block.pieces
    )


def marked(text: str, words: str, nth: int = 0) -> Difference:
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return mark_at(unchanged(text), text, start, start + len(words), 1)


def rendered(text: str, words: str) -> str | None:
    block = marked(text, words).blocks[0]
    return html_with_marks(MarkdownIt().render(source_with_signs(block)), block, OPENS, PINS)


def test_the_occurrence_at_the_place_is_marked_and_no_other() -> None:
    assert shown(marked("Not tested. Not tested.", "Not tested", 1)) == "Not tested. [Not tested]1."
    assert shown(marked("A point.\n\nA point.", "A point", 1)) == "A point.[A point]1."


def test_a_passage_over_two_paragraphs_is_marked_in_both_and_ends_once() -> None:
    assert shown(marked("One two.\n\nThree four.", "two.\n\nThree")) == "One [two.][Three]1 four."


def test_two_passages_do_not_mark_over_each_other() -> None:
    text = "One two three."
    both = mark_at(marked(text, "One two"), text, 4, 13, 2)
    assert shown(both) == "[One two]1[ three]2."


def test_an_edited_passage_shows_what_went_and_came_within_its_mark() -> None:
    after = "It refused 312 questions in Chinese."
    found = mark_at(compare("It refused 180 questions in Chinese.", after), after, 11, 35, 1)
    pieces = [(piece.change.value, piece.text, piece.mark) for piece in found.blocks[0].pieces]
    assert pieces[-2:] == [("same", " questions in Chinese", 1), ("same", ".", 0)]
    assert ("added", "312", 1) in pieces


def test_a_passage_that_went_is_marked_in_what_was_removed() -> None:
    before = "It was tested. The rest is known."
    found = mark_at(compare(before, "The rest is known."), before, 3, 13, 1, in_old=True)
    assert "was tested" in shown(found).split("[")[1]


def test_markdown_stays_markdown_under_a_mark() -> None:
    assert rendered("- **two** councils\n- one", "two** councils") == (
        "<ul>\n<li><strong><mark>two</mark></strong><mark> councils</mark>[1]</li>\n<li>one</li>\n</ul>\n"
    )
    assert (
        rendered("- first\n- second", "- first")
        == "<ul>\n<li><mark>first</mark>[1]</li>\n<li>second</li>\n</ul>\n"
    )
    assert rendered("A & B", "& B") == "<p>A <mark>&amp; B</mark>[1]</p>\n"


def test_a_mark_in_an_address_of_a_link_is_given_up() -> None:
    assert rendered("[a](https://example.org/path)", "example.org/pa") is None
    assert "\ue000" not in str(rendered("a \ue000 b", "a \ue000"))
