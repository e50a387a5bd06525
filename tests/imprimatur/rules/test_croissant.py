"""Croissant metadata: properties by whatever prefix, with their lines; JSON that is refused, and where."""

import io
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imprimatur.cards.reading import read
from imprimatur.cards.stated import Card, CardFault, Kind, Reason
from imprimatur.cards.strict_json import MOST_VALUES, read_json

RAI = "http://mlcommons.org/croissant/RAI/"
DATASET = """\
{
  "@context": {"@vocab": "https://schema.org/", "cr": "http://mlcommons.org/croissant/", "citeAs": "cr:citeAs",
               "rai": "http://mlcommons.org/croissant/RAI/", "sc": "https://schema.org/"},
  "@type": "sc:Dataset",
  "name": "Harbor logs",
  "license": {"@type": "CreativeWork", "name": "CC-BY-4.0", "url": "https://example.org/licence"},
  "creator": [{"@type": "sc:Person", "name": "A. Clerk"}, "The port"],
  "citeAs": "Clerk 2025",
  "rai:dataBiases": ["Large ports only.", "In English."],
  "rai:personalSensitiveInformation": "",
  "funder": "Nobody",
  "distribution": [{"@type": "cr:FileObject", "name": "logs.csv", "contentSize": "12 MB"}, {"name": "notes.txt"}],
  "recordSet": []
}
"""


def card_of(data: Any) -> Card:
    text = data if isinstance(data, str | bytes) else json.dumps(data)
    return read(io.BytesIO(text.encode() if isinstance(text, str) else text), "a.json")


def said(card: Card) -> dict[str, tuple[int, str]]:
    return {stated.field: (stated.place.line, stated.text) for stated in card.stated}


def fault(data: Any) -> tuple[int, Reason]:
    with pytest.raises(CardFault) as caught:
        card_of(data)
    return caught.value.place.line, caught.value.reason


def test_properties_are_stated_with_their_lines() -> None:
    card = card_of(DATASET)
    assert card.kind == Kind.CROISSANT
    assert said(card) == {
        "name": (5, "Harbor logs"),
        "license": (6, "CC-BY-4.0"),
        "creator": (7, "- A. Clerk\n- The port"),
        "cr:citeAs": (8, "Clerk 2025"),
        "rai:dataBiases": (9, "- Large ports only.\n- In English."),
        "contentSize": (12, "logs.csv: 12 MB"),
    }
    assert [str(place) for place in card.unread] == ["line 11, funder"]
    assert [(doubt.place.name, doubt.reason) for doubt in card.doubts] == [
        ("rai:personalSensitiveInformation", Reason.LEFT_OPEN)
    ]


@pytest.mark.parametrize(
    ("context", "key"),
    [
        ({"rai": RAI}, "rai:dataBiases"), ({}, "rai:dataBiases"), ({"r": RAI}, "r:dataBiases"),
        ({}, RAI + "dataBiases"),
        ({"dataBiases": "cr:dataBiases"}, "dataBiases"), ({"biases": {"@id": "rai:dataBiases"}}, "biases"),
        (["https://example.org/context", {"rai": RAI.replace("http:", "https:")}], "rai:dataBiases"),
        ("https://example.org/context", "rai:dataBiases"), (None, "dataBiases"),
    ],
)  # fmt: skip
def test_a_property_is_known_by_any_prefix_that_its_context_gives(context: object, key: str) -> None:
    card = card_of({"@context": context, "@type": "Dataset", key: "Large ports only."})
    assert [(stated.field, stated.place.name) for stated in card.stated] == [("rai:dataBiases", key[:80])]


@pytest.mark.parametrize(
    "kind", ["Dataset", "sc:Dataset", ["x", "schema:Dataset"], "https://schema.org/Dataset"]
)
def test_a_dataset_is_known_by_its_type_also_in_a_graph(kind: object) -> None:
    assert (
        said(card_of({"@graph": [{"@type": "Person"}, {"@type": kind, "name": "Logs"}]}))["name"][1] == "Logs"
    )


@pytest.mark.parametrize(
    ("sizes", "gigabytes"),
    [(["12.5 GB"], "12.5"), (["117743 B", "1 MB"], "0.001118"), (["1 GiB"], "1.073742"), (["5 GB", ""], None),
     (["large"], None), ([], None)],
)  # fmt: skip
def test_sizes_are_summed_only_when_every_file_has_one_in_known_units(
    sizes: list[str], gigabytes: str | None
) -> None:
    files = [{"name": "f", "contentSize": size} for size in sizes]
    card = card_of({"@type": "Dataset", "distribution": files})
    assert [stated.value for stated in card.of("size_gb")] == ([gigabytes] if gigabytes else [])


@pytest.mark.parametrize("value", [{"x": 1}, [{"x": 1}], [[{}]], None, [None]])
def test_a_property_that_is_no_text_is_left_out_and_named(value: object) -> None:
    card = card_of({"@type": "Dataset", "license": value})
    assert not card.stated
    assert [(doubt.place.name, doubt.reason) for doubt in card.doubts] == [("license", Reason.NO_TEXT)]


def test_a_context_that_turns_in_a_circle_ends() -> None:
    assert not card_of(
        {"@context": {"a": "b:x", "b": "a:y", "c": "c"}, "@type": "Dataset", "a": "1", "b:x": "2"}
    ).stated


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ('{"@type": "Dataset",\n"version": NaN}', 2, Reason.NO_NUMBER),
        ('{"version":\n-Infinity}', 2, Reason.NO_NUMBER),
        ('{"@type": "Dataset",\n"name": "a",\n"name": "b"}', 3, Reason.DUPLICATE_KEY),
        ('{"a": {"b": 1,\n"b": 2}}', 2, Reason.DUPLICATE_KEY),
        ('{"a": "x", "\\u0061":\n"y"}', 1, Reason.DUPLICATE_KEY),
        ('{"name":\n"\\ud800"}', 2, Reason.LONE_SURROGATE),
        ('{"\\udfff": 1}', 1, Reason.LONE_SURROGATE),
        ('{"name":\n"\\u0000"}', 2, Reason.CONTROL_CHARACTER),
        ('{"version":\n1e400}', 2, Reason.NUMBER_TOO_LARGE),
        ('{"version":\n-1e400}', 2, Reason.NUMBER_TOO_LARGE),
        ('{"version":\n' + "9" * 5000 + "}", 2, Reason.NUMBER_TOO_LARGE),
        ("[" * 10_000, 1, Reason.TOO_DEEP),
        ('{"a":\n' * 10_000, 65, Reason.TOO_DEEP),
        ("[[" + "1," * MOST_VALUES + "1]]", 1, Reason.TOO_MANY),
        ('{"a": 1,}', 1, Reason.NOT_JSON),
        ('{"a": 1}\n{"a": 1}', 2, Reason.NOT_JSON),
        ('{"a": 01}', 1, Reason.NOT_JSON),
        ('{"a": 1.}', 1, Reason.NOT_JSON),
        ('{"a": .5}', 1, Reason.NOT_JSON),
        ("{'a': 1}", 1, Reason.NOT_JSON),
        ('{"a" 1}', 1, Reason.NOT_JSON),
        ('{"a": "x\n"}', 1, Reason.NOT_JSON),
        ('{"a": "\\x"}', 1, Reason.NOT_JSON),
        ('{"a": "' + "x" * 1_000_000, 1, Reason.NOT_JSON),
        ('{"a": [1}', 1, Reason.NOT_JSON),
        ("]", 1, Reason.NOT_JSON),
        ("{", 1, Reason.NOT_JSON),
        ("nul", 1, Reason.NOT_JSON),
        ("{}", 1, Reason.NO_DATASET),
        ('{\n"@type": "sc:Person"}', 2, Reason.NO_DATASET),
        ('[{"@type": "Dataset"}]', 1, Reason.NO_OBJECT),
        ('"Dataset"', 1, Reason.NO_OBJECT),
        (b'{"a":\n\xff}', 2, Reason.NOT_UTF8),
        ('{"a": 1}'.encode("utf-16"), 1, Reason.NOT_UTF8),
        ("", 0, Reason.EMPTY),
    ],
)  # fmt: skip
def test_json_that_is_hostile_or_broken_is_refused_with_its_line(
    text: str | bytes, line: int, reason: Reason
) -> None:
    assert fault(text) == (line, reason)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs", "Cc"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs", "Cc"])), inner),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(PLAIN, st.booleans(), st.sampled_from([None, 1]))
def test_what_the_standard_library_writes_is_read_as_it_was(
    value: Any, ascii_only: bool, indent: int | None
) -> None:
    assert read_json(json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode(), 10**6) == value


PIECES = st.sampled_from(
    ['{', '}', '[', ']', ',', ':', '"', '"@type"', '"Dataset"', '"name"', "1", "-", "e9", ".", "\\u", "\\", "NaN",
     "true", "null", '"@graph"', '"@context"', '"distribution"', '"a:b"', "\n", " ", "é", "\x00"]
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200) | st.lists(PIECES, max_size=40).map(lambda parts: "".join(parts).encode()))
def test_whatever_the_bytes_are_the_outcome_is_a_card_or_a_fault(data: bytes) -> None:
    for start in (b"", b'{"@type":"Dataset","@context":{"a":"b"},"name":'):
        with suppress(CardFault):
            assert card_of(start + data)
