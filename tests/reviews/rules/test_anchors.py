"""Anchors: a passage stays, moves, is edited or is gone, and never becomes another one."""

import time

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from reviews.rules.anchors import (
    Anchor,
    Gone,
    Journey,
    anchor_at,
    places_of,
    readable,
    stands,
    travel,
    weight,
)

PASSAGE = "12 come from port partners under a framework contract"
HAN = "其中十二个来自港口合作方的框架合同"


def anchored(text: str, words: str, nth: int = 0) -> Anchor:
    start, end = places_of(words, text)[nth]
    return anchor_at(text, start, end)


def now(text: str, words: str, after: str, nth: int = 0) -> str:
    """Where the passage went, as the words before it with the passage in brackets; "gone" if it is."""
    found = travel(anchored(text, words, nth), text, after)
    if isinstance(found, Gone):
        return "gone"
    assert stands(found, after)
    return f"{after[: found.at]}[{found.quote}]"


@pytest.mark.parametrize(
    ("text", "words", "after", "found"),
    [
        ("We tested 180 crews.", "180 crews", "We tested 180 crews.", "We tested [180 crews]"),
        ("We tested 180 crews.", "180 crews", "First. We tested 180 crews, twice.", "First. We tested [180 crews]"),
        ("We tested 180 crews.", "180 crews", "", "gone"),
        ("We tested 180 crews.", "180 crews", "Nobody was asked about it at all.", "gone"),
        # moved behind another paragraph
        (f"Of 61, {PASSAGE}.\n\nThen the rest.", PASSAGE, f"Then the rest.\n\nOf 61, {PASSAGE}.",
         f"Then the rest.\n\nOf 61, [{PASSAGE}]"),
        # edited in its midst, and at its edge
        (f"Of 61, {PASSAGE}. The rest.", PASSAGE, "Of 61, 12 come from port partners under the new contract. The rest.",
         "Of 61, [12 come from port partners under the new contract]"),
        ("It refused 180 questions in Chinese.", "180 questions in Chinese", "It refused 312 questions in Chinese.",
         "It refused [312 questions in Chinese]"),
        # too little is left of it
        (f"Of 61, {PASSAGE}. The rest.", PASSAGE, "Of 61, all were written by ourselves. The rest.", "gone"),
        ("Refusals fell to 96.0 percent.", "96.0", "Refusals fell to 97.2 percent.", "gone"),
        # Chinese has no blanks
        (f"共六十一个来源，{HAN}。其余为公开许可。", HAN, f"说明如下。共六十一个来源，{HAN}。其余为公开许可。",
         f"说明如下。共六十一个来源，[{HAN}]"),
        (f"共六十一个来源，{HAN}。", HAN, "共六十一个来源，其中十三个来自港口合作方的框架协议。",
         "共六十一个来源，[其中十三个来自港口合作方的框架协议]"),
        (f"共六十一个来源，{HAN}。", HAN, "全部由我们自己编写。", "gone"),
        # Markdown: the passage holds the signs that stand within it
        ("- Both **works councils** were heard\n- Nobody else", "works councils were heard",
         "- Nobody else\n- Both **works councils** were heard",
         "- Nobody else\n- Both **[works councils** were heard]"),
    ],
)  # fmt: skip
def test_a_passage_stays_moves_is_edited_or_is_gone(text: str, words: str, after: str, found: str) -> None:
    assert now(text, words, after) == found


TWICE = (
    "Night crews were asked.\n\nThe harbour: not tested.\n\nThe airport: not tested.\n\nThe rest is known."
)


@pytest.mark.parametrize("nth", [0, 1])
def test_words_that_occur_twice_are_told_apart(nth: int) -> None:
    kept = ["The harbour", "The airport"][nth]
    other = ["The airport", "The harbour"][nth]
    assert now(TWICE, "not tested", f"Preface.\n\n{TWICE}", nth).endswith(f"{kept}: [not tested]")
    assert now(TWICE, "not tested", TWICE.replace(f"{other}: not tested.\n\n", ""), nth).endswith(
        f"{kept}: [not tested]"
    )
    assert now(TWICE, "not tested", TWICE.replace(f"{kept}: not tested.\n\n", ""), nth) == "gone"
    assert now(TWICE, "not tested", TWICE.replace(f"{kept}: not tested", f"{kept}: 40 runs"), nth) == "gone"


def test_a_deleted_sentence_is_not_found_in_its_twin() -> None:
    text = "\n\n".join(f"Site {name}. {PASSAGE}. That was {name}." for name in ("one", "two", "three"))
    after = text.replace(f"Site two. {PASSAGE}. That was two.\n\n", "")
    assert now(text, PASSAGE, after, 1) == "gone"
    assert now(text, PASSAGE, after, 2).endswith(f"Site three. [{PASSAGE}]")


def test_a_passage_that_comes_back_is_found_again() -> None:
    text = f"Of 61, {PASSAGE}. The rest."
    anchor = anchored(text, PASSAGE)
    assert travel(anchor, text, "Nothing.") == Gone()
    back = travel(anchor, "Nothing.", f"Again: {PASSAGE}.")
    assert isinstance(back, Anchor)
    assert back.at == len("Again: ")
    assert travel(anchored("It is so.", "is"), "Nothing.", "This is new.") == Gone(), (
        "a short word proves nothing"
    )


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        ("two councils", "Both **two** councils, `two` councils", ["two** councils", "two` councils"]),
        ("first second", "1. first\n2. second", ["first\n2. second"]),
        ("the ledger", "see [the ledger](https://example.org/a)", ["the ledger"]),
        ("snake_case", "a snake_case name", ["snake_case"]),
        ("a b", "| a | b |\n|---|---|\n| c | d |", ["a | b"]),
        ("absent", "nothing", []),
        ("  ", "nothing", []),
        ("港口 合作方", "来自港口合作方的", ["港口合作方"]),
    ],
)
def test_words_are_found_as_the_page_shows_them(words: str, text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in places_of(words, text)] == found


def test_a_passage_is_read_without_its_signs() -> None:
    assert readable("two** councils and [a ledger](https://example.org)") == "two councils and a ledger"


words = st.sampled_from(["alpha", "beta", "gamma", "港", "口", "crew", "，。", ".", "\n\n", "-", "**", "a"])
texts = st.lists(words, max_size=40).map(" ".join)


@given(texts, texts, texts, texts)
@example("", "", "a", "")
@example("the the", "the", "the", "the the")
def test_edits_outside_a_passage_do_not_lose_it(
    before: str, after: str, new_before: str, new_after: str
) -> None:
    old, new = f"{before}{PASSAGE}{after}", f"{new_before}{PASSAGE}{new_after}"
    assume(old.count(PASSAGE) == new.count(PASSAGE) == 1)
    found = travel(anchor_at(old, len(before), len(before) + len(PASSAGE)), old, new)
    assert isinstance(found, Anchor)
    assert (found.quote, found.at) == (PASSAGE, len(new_before))


@given(texts, st.data(), texts)
def test_what_is_shown_at_an_anchor_always_stands_there(old: str, data: st.DataObject, new: str) -> None:
    assume(old)
    start = data.draw(st.integers(0, len(old) - 1))
    end = data.draw(st.integers(start + 1, len(old)))
    anchor = anchor_at(old, start, end)
    found = travel(anchor, old, new)
    if isinstance(found, Gone):
        return
    assert stands(found, new)
    assert anchor_at(new, found.at, found.end) == found
    kept = set(anchor.quote) & set(found.quote)
    assert found.quote == anchor.quote or kept, "an edited passage has something of the old one"
    assert travel(found, new, new) == found


@given(texts, texts, st.lists(st.sampled_from("ζηθικλμ"), min_size=2, max_size=9).map(" ".join))
def test_a_passage_that_was_deleted_is_gone(before: str, after: str, passage: str) -> None:
    old = f"{before} {passage} {after}"
    anchor = anchor_at(old, len(before) + 1, len(before) + 1 + len(passage))
    assert travel(anchor, old, f"{before}  {after}") == Gone()


def test_many_passages_of_a_long_answer_take_little_time() -> None:
    lines = [f"Point {n}: the crew of berth {n} was asked {n * 7} times about the plan." for n in range(90)]
    old = "\n\n".join(lines)
    new = "\n\n".join(
        line.replace("asked", "heard") if n % 3 else line for n, line in enumerate(reversed(lines))
    )
    began = time.perf_counter()
    journey = Journey(old, new)
    found = [journey.take(anchored(old, line)) for line in lines]
    assert time.perf_counter() - began < 3
    kept = [one for one in found if isinstance(one, Anchor)]
    assert all(stands(one, new) for one in kept)
    assert weight(new) > 0
