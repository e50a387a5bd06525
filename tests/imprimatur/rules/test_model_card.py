"""A model card: what header and sections state, on which line, and what is refused where."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imprimatur.cards import yaml_header
from imprimatur.cards.model_card import LARGEST, MOST_STATED, read_model_card
from imprimatur.cards.sections import MOST_SECTIONS
from imprimatur.cards.stated import Card, CardFault, Reason

CARD = """\
---
license: apache-2.0
language:
- en
- no
base_model: harbor/harbor-7b
pipeline_tag: text-generation
datasets: [harbor/logs, harbor/letters]
thumbnail: https://example.org/a.png
co2_eq_emissions:
  emissions: 12.50
  source: measured
---

# Harbor-7B-Instruct

Answers questions about harbours.

## Intended Uses:

For port offices.

### Out-of-scope use

Navigation at sea.

### Downstream work

Search.

## 3. Bias, Risks, and Limitations

It knows few small ports.

## Training Data

<!-- which data, and the right to use it -->
Logs of 40 ports.

```text
## Limitations
```

## Privacy

[More Information Needed]

## Frequently asked

Why?
"""


def read(text: str | bytes) -> Card:
    return read_model_card(text.encode() if isinstance(text, str) else text)


def said(card: Card) -> dict[str, tuple[int, str]]:
    return {stated.field: (stated.place.line, stated.text) for stated in card.stated}


def fault(text: str | bytes) -> tuple[int, Reason]:
    with pytest.raises(CardFault) as caught:
        read(text)
    return caught.value.place.line, caught.value.reason


def header(text: str) -> str:
    return f"---\n{text}\n---\n# A card\n"


def test_header_and_sections_are_stated_with_their_lines() -> None:
    assert said(read(CARD)) == {
        "license": (2, "apache-2.0"),
        "language": (3, "- en\n- no"),
        "base_model": (6, "harbor/harbor-7b"),
        "pipeline_tag": (7, "text-generation"),
        "datasets": (8, "- harbor/logs\n- harbor/letters"),
        "co2_eq_emissions": (10, "- emissions: 12.50\n- source: measured"),
        "description": (17, "Answers questions about harbours."),
        "intended_use": (19, "For port offices.\n\n**Downstream work**\n\nSearch."),
        "out_of_scope_use": (23, "Navigation at sea."),
        "bias": (31, "It knows few small ports."),
        "risks": (31, "It knows few small ports."),
        "limitations": (31, "It knows few small ports."),
        "training_data": (35, "Logs of 40 ports.\n\n```text\n## Limitations\n```"),
    }


def test_a_quote_is_what_stands_there_and_a_place_reads_as_people_say_it() -> None:
    stated = read(CARD).of("license")[0]
    assert (str(stated.place), stated.quote) == ("line 2, license", "license: apache-2.0")


def test_what_no_field_takes_up_and_what_was_left_open_are_named() -> None:
    card = read(CARD)
    assert [str(place) for place in card.unread] == ["line 9, thumbnail", "line 48, Frequently asked"]
    assert [str(doubt) for doubt in card.doubts] == ["line 44, Privacy: the author left it open"]
    assert not card.of("privacy")


@pytest.mark.parametrize(
    ("heading", "fields"),
    [
        ("## Limitations", ("limitations",)), ("## **Known limitations**", ("limitations",)),
        ("## The model's limitations", ("limitations",)), ("## 2.1 Limitations and Bias ##", ("limitations", "bias")),
        ("## [Limitations](#limits)", ("limitations",)), ("### 🚧 Limitations", ("limitations",)),
        ("Limitations\n-----------", ("limitations",)), ("## 局限性", ("limitations",)),
        ("## 二、模型的局限性与风险", ("limitations", "risks")), ("## 训练数据：", ("training_data",)),
        ("## Evaluation & results", ("evaluation",)), ("#Limitations", ()), ("    ## Limitations", ()),
        ("## Limitations of other models", ()), ("## Our limitations, and the weather", ()), ("## How to use", ()),
        ("- Limitations\n-----------", ()), ("## " + "limitations and " * 30 + "bias", ()),
    ],
)  # fmt: skip
def test_a_heading_counts_when_it_is_a_name_or_several_joined(heading: str, fields: tuple[str, ...]) -> None:
    stated = [one.field for one in read(f"{heading}\n\nIt is so.\n").stated]
    assert tuple(field for field in stated if field != "description") == fields


def test_labelled_lines_are_stated_unless_they_are_left_open() -> None:
    card = read(
        "## Model Details\n\n- **Developed by:** A lab\n- **License:** [More Information Needed]\n* **Other:** X\n"
    )
    assert said(card)["authors"] == (3, "A lab")
    assert not card.of("license")
    assert (card.doubts[0].place.line, card.doubts[0].reason) == (4, Reason.LEFT_OPEN)


def test_measured_results_are_listed_and_one_without_dataset_is_left_out() -> None:
    card = read(header(
        "model-index:\n- name: m\n  results:\n  - task: {type: qa}\n"
        "    dataset: {type: ports, name: Ports, split: test}\n"
        "    metrics:\n    - {type: f1, value: 0.50}\n  - task: {type: qa}\n    metrics:\n    - {type: f1, value: 0.9}"
    ))  # fmt: skip
    assert said(card)["evaluation_results"] == (2, "f1 0.50: Ports (test), qa")
    assert [(doubt.place.line, doubt.reason) for doubt in card.doubts] == [(9, Reason.RESULT_INCOMPLETE)]


@pytest.mark.parametrize(
    ("written", "text"),
    [("no", "no"), ("2021-01-01", "2021-01-01"), ("0.90", "0.90"), ("1_000", "1_000"),
     ("0x1f", "0x1f"), ("'yes'", "yes"), ("on", "on"), ("12:30:45", "12:30:45"),
     ('"a\\tb"', "a\tb"), ("|\n  two\n  lines", "two\nlines")],
)  # fmt: skip
def test_every_scalar_stays_the_text_that_was_written(written: str, text: str) -> None:
    assert read(header(f"license: {written}")).of("license")[0].value == text


@pytest.mark.parametrize("nothing", ["", "~", "null", "[]", "''"])
def test_an_empty_value_is_left_open(nothing: str) -> None:
    card = read(header(f"license: {nothing}"))
    assert not card.stated
    assert [(doubt.place.line, doubt.reason) for doubt in card.doubts] == [(2, Reason.LEFT_OPEN)]


BOMB = "a: &a [x, x]\n" + "\n".join(f"b{n}: &b{n} [*a, *a, *a, *a]" for n in range(30))


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (header("z: 1\n" + BOMB), 3, Reason.ALIAS),
        (header("license: *a"), 2, Reason.ALIAS),
        (header("license: mit\nlanguage: en\nlicense: gpl"), 4, Reason.DUPLICATE_KEY),
        (header("a: {b: 1, b: 2}"), 2, Reason.DUPLICATE_KEY),
        (header("license: !!python/object/apply:os.system [ls]"), 2, Reason.TAG),
        (header("license: ! mit"), 2, Reason.TAG),
        (header("language:\n\t- en"), 3, Reason.TAB),
        (header("license: mit: gpl"), 2, Reason.NOT_YAML),
        (header("? [a, b]\n: c"), 2, Reason.KEY_NO_TEXT),
        (header("- mit"), 2, Reason.HEADER_NO_MAPPING),
        (header("mit"), 2, Reason.HEADER_NO_MAPPING),
        (header("license: mit\n...\nlicense: gpl"), 4, Reason.NOT_YAML),
        (header("a:\n " + "- " * 30), 3, Reason.TOO_DEEP),
        (header("a: " + "[" * 100_000), 2, Reason.TOO_DEEP),
        (header("tags: [" + "a," * 60_000 + "]"), 2, Reason.TOO_MANY),
        (header('license: "\\0"'), 2, Reason.CONTROL_CHARACTER),
        (header('license: "\\ud800"'), 2, Reason.NOT_YAML),
        (header("license: \x85\x81"), 2, Reason.NOT_YAML),
        (header("a: " + "y" * (yaml_header.LARGEST + 1)), 1, Reason.HEADER_TOO_LARGE),
        ("---\n" + "y: z\n" * 2_000_000, 1, Reason.HEADER_TOO_LARGE),
        ("\n---\nlicense: mit\n", 2, Reason.NO_CLOSING),
        ("---\nlicense: mit\n ---\n", 1, Reason.NO_CLOSING),
        ("# A\n\n\x00", 3, Reason.CONTROL_CHARACTER),
        (b"# A\n\xff", 2, Reason.NOT_UTF8),
        ("# 标题".encode("utf-16"), 1, Reason.NOT_UTF8),
        ("# A\n# 标题".encode("gb18030"), 2, Reason.NOT_UTF8),
        ("", 0, Reason.EMPTY),
        ("x" * (LARGEST + 1), 0, Reason.TOO_LARGE),
        ("# a\n" * (MOST_SECTIONS + 1), MOST_SECTIONS, Reason.TOO_MANY),
        ("# A\n" + "- **License:** x\n" * (MOST_STATED + 1), MOST_STATED + 2, Reason.TOO_MANY),
    ],
)  # fmt: skip
def test_what_is_hostile_or_broken_is_refused_with_its_line(
    text: str | bytes, line: int, reason: Reason
) -> None:
    assert fault(text) == (line, reason)


def test_a_byte_order_mark_and_foreign_line_ends_change_nothing() -> None:
    plain = said(read(CARD))
    assert said(read("\ufeff" + CARD)) == plain
    assert said(read(CARD.replace("\n", "\r\n"))) == plain
    assert said(read(CARD.replace("\n", "\r"))) == plain


def test_a_comment_that_never_ends_hides_the_rest_and_says_so() -> None:
    card = read("# A\n\n## Bias\n\nNone known.\n<!-- x\n## Risks\n\nMany.\n")
    assert said(card)["bias"] == (3, "None known.")
    assert not card.of("risks")
    assert [(doubt.place.line, doubt.reason) for doubt in card.doubts] == [(6, Reason.COMMENT_OPEN)]


def test_a_section_too_long_for_an_answer_is_left_out_and_named() -> None:
    card = read("## Bias\n\n" + "x" * 20_001)
    assert not card.of("bias")
    assert (card.doubts[0].place.line, card.doubts[0].reason) == (1, Reason.TOO_LONG)


PIECES = st.sampled_from(
    ["---\n", "license: ", "mit", "\n", "- ", "# ", "## Bias", "<!--", "-->", "```", "&a ", "*a", "!!x ", "{", "}", "[",
     "]", ":", "?", "\t", '"', "'", "\\", "|", ">", "%TAG ! x\n", "...\n", "\r", "\ufeff", "\x85", "\ud7ff", "=",
     "===\n"]
)  # fmt: skip


HEADERS = st.lists(PIECES, max_size=40).map(lambda parts: ("---\n" + "".join(parts)).encode())


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300) | HEADERS)
def test_whatever_the_bytes_are_the_outcome_is_a_card_or_a_fault(data: bytes) -> None:
    with suppress(CardFault):
        assert all(stated.field and stated.text for stated in read(data).stated)
